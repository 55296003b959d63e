import type { ChannelTools, Published } from "../channel.ts";
import type { SwaigSettings } from "./settings.ts";
import { activeAt } from "./told.ts";

/** One memory at the platform for all functions: by default it makes one per address. */
const metaDataToken = "countersign";

export interface FunctionDefinition {
  readonly function: string;
  readonly description: string;
  readonly parameters: {
    readonly type: "object";
    readonly properties: Readonly<Record<string, unknown>>;
    readonly required: readonly string[];
  };
  readonly active: boolean;
  readonly web_hook_url: string;
  readonly meta_data_token: string;
}

/** Every function of the publication, as the platform registers them. */
export function definitionsOf(
  { settings }: Published<SwaigSettings>,
  webHookUrl: string,
): readonly FunctionDefinition[] {
  const active = activeAt("begin", settings);
  const all = [
    {
      name: "send_mfa",
      description: sendDescription,
      parameters: { type: "object" as const, properties: viaProperty(settings), required: [] },
    },
    { name: "verify_mfa", ...verifyDefinition(settings) },
    ...settings.functions,
  ];
  return all.map(({ name, description, parameters }) => ({
    function: name,
    description,
    parameters: {
      type: "object",
      properties: parameters?.properties ?? {},
      required: parameters?.required ?? [],
    },
    active: active.get(name) ?? false,
    web_hook_url: webHookUrl,
    meta_data_token: metaDataToken,
  }));
}

const sendDescription =
  "Send a number for confirmation to the caller, or another one when the first did not arrive. Where it goes is on record; do not ask for it.";

function viaProperty({ methods }: SwaigSettings): Readonly<Record<string, unknown>> {
  if (methods.length < 2) return {};
  return {
    via: { type: "string", enum: [...methods], description: "The way, if the caller wishes for one." },
  };
}

const token = { type: "string", description: "The digits that the caller said, in their order." };
const keypad = {
  type: "boolean",
  description: "True when the caller would rather type the number on the keypad; then leave token out.",
};

type Definition = Pick<FunctionDefinition, "description" | "parameters">;

function verifyDefinition({ codeEntry }: SwaigSettings): Definition {
  const object = (properties: Readonly<Record<string, unknown>>, required: readonly string[] = []) => ({
    type: "object" as const,
    properties,
    required,
  });
  switch (codeEntry) {
    case "speech":
      return {
        description: "Check the number that the caller received.",
        parameters: object({ token }, ["token"]),
      };
    case "keypad":
      return {
        description:
          "Let the caller type the number on the keypad; call it again afterwards to learn the result.",
        parameters: object({}),
      };
    case "either":
      return {
        description: "Check the number that the caller received: said to you, or typed on the keypad.",
        parameters: object({ token, keypad }),
      };
  }
}

/** An address of ours with the publication's key as user info: the platform's only way to log in. */
export async function addressWithLogin(
  path: string,
  { organization, url, settings }: Published<SwaigSettings>,
  subject: string | undefined,
  tools: Pick<ChannelTools, "secretOf">,
): Promise<string> {
  const key = await tools.secretOf(organization, settings.access);
  const query = subject === undefined ? "" : `?subject=${encodeURIComponent(subject)}`;
  return url.replace("://", `://countersign:${encodeURIComponent(key)}@`) + path + query;
}
