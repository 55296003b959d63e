import { createHash } from "node:crypto";
import type { CallStore, OutboxStore, StoredCall } from "../../engine/outbox.ts";
import type { Random, Vault } from "../../engine/tools.ts";
import type { Callbacks } from "../open-providers.ts";
import type { CallScript, ReportRequest } from "../provider.ts";
import {
  type ConfiguredTools,
  configuredProvider,
  type IntakeAnswer,
  refusal,
  refusalOf,
} from "./configured.ts";

/** The scripts of calls: kept sealed when a call is made, handed to its platform when it is answered. */
export interface CallScripts {
  readonly keep: Callbacks["keepScript"];
  /** One refusal for every reason: unknown, unproved, expired, spent. */
  answer(token: string, request: ReportRequest): Promise<IntakeAnswer>;
}

export interface CallScriptsTools extends ConfiguredTools {
  readonly store: ConfiguredTools["store"] & {
    readonly calls: CallStore;
    readonly outbox: Pick<OutboxStore, "report">;
  };
  readonly vault: Pick<Vault, "seal" | "open">;
  readonly random: Random;
  /** Without a slash at its end. */
  readonly publicUrl: string;
}

const tokenBytes = 16;

export function createCallScripts(tools: CallScriptsTools): CallScripts {
  const { store, vault, random, clock, publicUrl } = tools;
  return {
    keep: async (choice, message, script) => {
      const token = Buffer.from(random.bytes(tokenBytes)).toString("base64url");
      const { organization, verification, id: delivery } = message;
      const id = digestOf(token);
      const now = clock.now();
      const call: StoredCall = {
        id,
        organization,
        provider: choice.id,
        verification,
        delivery,
        script: vault.seal(placeOf(organization, id), JSON.stringify(script)),
        expiresAt: now + message.ttlSeconds * 1000,
      };
      await store.calls.keep(call, now);
      return `${publicUrl}/delivery/calls/${token}`;
    },
    answer: (token, request) => answer(digestOf(token), request, tools).catch(refusalOf),
  };
}

async function answer(id: string, request: ReportRequest, tools: CallScriptsTools): Promise<IntakeAnswer> {
  const { store, vault, clock } = tools;
  const now = clock.now();
  const call = await store.calls.find(id, now);
  const found = call && (await configuredProvider(call.provider, tools));
  // Nothing is spent before the platform has proved that it asks.
  const read = await found?.kind.readCall?.(request, found.provider.settings, found.tools);
  if (!call || !read || found?.provider.organization !== call.organization) return refusal;
  const text = Buffer.from(vault.open(placeOf(call.organization, id), call.script)).toString();
  const { mediaType, invitation, words } = JSON.parse(text) as CallScript;
  if (invitation !== undefined && !read.keyPressed) return { status: 200, mediaType, body: invitation };
  if ((await store.calls.take(id, now)) === undefined) return refusal;
  if (invitation !== undefined) await noteHeard(call, tools);
  return { status: 200, mediaType, body: words };
}

/** A key was pressed, so a person hears the words. A record that fails must not silence the call. */
async function noteHeard(call: StoredCall, { store, clock }: CallScriptsTools): Promise<void> {
  const { organization, verification, delivery } = call;
  const message = { organization, verification, delivery };
  await store.outbox.report({ message, state: "delivered", now: clock.now() }).catch(() => undefined);
}

/** The token has 128 random bits, so a plain digest is as good as a slow one. */
function digestOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

function placeOf(organization: string, row: string) {
  return { organization, table: "call_scripts", column: "script", row };
}
