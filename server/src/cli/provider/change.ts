import { connectApi, path } from "../api.ts";
import { CliError, exits } from "../exit.ts";
import type { ServerOptions } from "../options.ts";
import { show } from "../output.ts";
import { findProvider, type ProviderAnswer } from "./answers.ts";

export interface EnableOptions extends ServerOptions {
  readonly besideSimulated?: true;
}

export async function setEnabled(name: string, verb: "enable" | "disable", options: EnableOptions) {
  const enabled = verb === "enable";
  const { besideSimulated } = options;
  const changed = await change(name, { enabled, ...(besideSimulated && { besideSimulated }) }, options);
  show(options, changed, [`${changed.name} is ${enabled ? "used" : "used no more"}.`]);
  return exits.ok;
}

export async function moveProvider(name: string, position: string, options: ServerOptions) {
  if (!/^\d{1,5}$/.test(position)) {
    throw new CliError(exits.usage, "The position is a number from 0 to 10000.", "position_malformed");
  }
  const changed = await change(name, { position: Number(position) }, options);
  show(options, changed, [`${changed.name} is at position ${changed.position}.`]);
  return exits.ok;
}

async function change(name: string, body: object, options: ServerOptions): Promise<ProviderAnswer> {
  const api = connectApi(options, process.env);
  const { id } = await findProvider(name, api);
  return api.request<ProviderAnswer>("PATCH", path("v1", "providers", id), body);
}
