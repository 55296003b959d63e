import { createHmac } from "node:crypto";
import { isSameText, leastKeyLength } from "../access.ts";
import {
  ChannelRejected,
  type ChannelRequest,
  type ChannelResponse,
  type ChannelTools,
  type Published,
} from "../channel.ts";
import { keysHeard } from "../heard.ts";
import { jsonAnswer } from "../json.ts";
import { fieldsIn, textOf } from "./call.ts";
import { findSeat, type Keypad, type KeypadResult, keepSeat, type Seat } from "./memory.ts";
import { inTurn } from "./queue.ts";
import type { Errand } from "./send.ts";
import type { SwaigSettings } from "./settings.ts";
import { texts } from "./texts.ts";
import type { Told } from "./told.ts";
import { toldOf } from "./verdict.ts";
import { type Verified, verifyAnswer } from "./verify.ts";

/** Which question of which conversation an answer is for: shown by the request that the SWML document makes. */
interface Ticket {
  readonly conversation: string;
  readonly ticket: number;
}

interface Asked {
  readonly told: Told;
  readonly keypad: Keypad;
}

/**
 * `verify_mfa` by keypad: the platform itself collects the digits and posts them to us, past the model. What came of the last
 * entry is told once; without one, a new question is put.
 */
export async function askOnKeypad({ seat, publication, tools }: Errand): Promise<Asked> {
  const { keypad } = seat.memory;
  if (keypad?.result !== undefined) {
    return { told: toldOf(keypad.result), keypad: { ticket: keypad.ticket } };
  }
  const ticket = (keypad?.ticket ?? 0) + 1;
  const { asked, decoy } = seat.memory;
  const most = Math.max(...(asked?.lengths ?? [decoy?.digits ?? 6]));
  const key = await ticketKey({ conversation: seat.id, ticket }, publication, tools);
  const { codeEntry } = publication.settings;
  const text = codeEntry === "keypad" ? texts.keypadOnly : texts.keypad;
  return { told: { text, stage: "asked", swml: question(key, most, publication) }, keypad: { ticket } };
}

/** Opens this one question and nothing else, so that the call's document holds no key of the publication. */
async function ticketKey(
  { conversation, ticket }: Ticket,
  { organization, id, settings }: Published<SwaigSettings>,
  tools: Pick<ChannelTools, "secretOf">,
): Promise<string> {
  const secret = await tools.secretOf(organization, settings.access);
  if (secret.length < leastKeyLength) throw new ChannelRejected(401, "A valid key is needed.");
  const mac = createHmac("sha256", secret)
    .update(`swaig keypad|${id}|${conversation}|${ticket}`)
    .digest("base64url");
  return `${conversation}.${ticket}.${mac}`;
}

function question(key: string, digits: number, { url, settings }: Published<SwaigSettings>): unknown {
  const [language] = settings.languages;
  const spoken = language && { say_language: language.code, say_voice: language.voice };
  const main = [
    {
      prompt: {
        play: "say:Please type the number, then press the pound key.",
        ...spoken,
        max_digits: digits,
        terminators: "#",
        initial_timeout: 20,
        digit_timeout: 5,
      },
    },
    {
      request: {
        url: `${url}/keypad`,
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Countersign-Key": key },
        body: { event: `\${prompt_result}`, value: `\${prompt_value}` },
        connect_timeout: 3,
        timeout: 10,
      },
    },
  ];
  return { version: "1.0.0", sections: { main } };
}

/** @throws ChannelRejected 401 */
export async function demandTicket(
  { headers }: ChannelRequest,
  publication: Published<SwaigSettings>,
  tools: Pick<ChannelTools, "secretOf">,
): Promise<Ticket> {
  const shown = headers["x-countersign-key"] ?? "";
  const [, conversation = "", number = "0"] = /^(cv_[A-Za-z0-9_-]{1,100})\.([0-9]{1,6})\./.exec(shown) ?? [];
  const ticket = { conversation, ticket: Number(number) };
  if (isSameText(shown, await ticketKey(ticket, publication, tools))) return ticket;
  throw new ChannelRejected(401, "A valid key is needed.");
}

/** `/keypad`: the digits of one question. The call's document learns nothing; the model asks for the result. */
export async function takeKeypad(
  request: ChannelRequest,
  publication: Published<SwaigSettings>,
  tools: ChannelTools,
): Promise<ChannelResponse> {
  const ticket = await demandTicket(request, publication, tools);
  const { services } = tools;
  const now = services.clock.now();
  const keys = keysIn(request);
  await inTurn(
    services.store.conversations,
    { conversation: ticket.conversation, now },
    async () => {
      const seat = await findSeat(ticket.conversation, publication, services);
      const keypad = seat?.memory.keypad;
      // An older question, or one that was answered: what counts is the first answer.
      if (seat === undefined || keypad?.ticket !== ticket.ticket || keypad.result !== undefined) return;
      await answer(keys, keypad, seat, publication, tools);
    },
    () => Promise.resolve(),
  );
  return jsonAnswer(200, {});
}

function keysIn({ body }: ChannelRequest): string | undefined {
  const fields = fieldsIn(body);
  const isPressed = fields?.["event"] === "match_digits";
  const heard = keysHeard(isPressed ? textOf(fields?.["value"]) : undefined);
  return heard.kind === "keys" ? heard.keys.replaceAll("#", "") : undefined;
}

async function answer(
  keys: string | undefined,
  keypad: Keypad,
  seat: Seat,
  publication: Published<SwaigSettings>,
  tools: ChannelTools,
): Promise<void> {
  const mark = `${seat.id}:keypad:${keypad.ticket}`;
  const errand: Errand = { seat, publication, tools, idempotency: { key: mark, fingerprint: mark } };
  const verified: Verified | undefined = keys === undefined ? undefined : await verifyAnswer(keys, errand);
  const memory = verified?.memory ?? seat.memory;
  const result: KeypadResult = verified === undefined ? { kind: "silent" } : resultOf(verified);
  await keepSeat(seat, { memory: { ...memory, keypad: { ...keypad, result } } }, publication, tools.services);
}

function resultOf({ verdict }: Verified): KeypadResult {
  return verdict.kind === "throttled" ? { kind: "locked" } : verdict;
}
