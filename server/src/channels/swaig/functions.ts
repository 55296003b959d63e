import { createHash } from "node:crypto";
import type { ChannelResponse, ChannelTools, Published } from "../channel.ts";
import type { FunctionCall } from "./call.ts";
import { askOnKeypad } from "./keypad.ts";
import { keepSeat, type Seat, type StoredAnswer, seatId, takeSeat } from "./memory.ts";
import { argumentsFor, gate, perform } from "./protected.ts";
import { inTurn } from "./queue.ts";
import { type Errand, sendMfa } from "./send.ts";
import type { SwaigSettings } from "./settings.ts";
import type { ProtectedFunction } from "./settings-functions.ts";
import { texts } from "./texts.ts";
import { type Told, toldAnswer } from "./told.ts";
import { toldOf } from "./verdict.ts";
import { verifyAnswer } from "./verify.ts";

/** Where a call comes from beside its body. */
export interface Origin {
  /** Whom the calling system named in the address of the document. */
  readonly subject: string | undefined;
  readonly body: Uint8Array;
}

/** One function call of the model: one effect, however often the request comes. */
export async function takeFunction(
  call: FunctionCall,
  origin: Origin,
  publication: Published<SwaigSettings>,
  tools: ChannelTools,
): Promise<ChannelResponse> {
  const { services } = tools;
  const { conversation } = call;
  const say = (text: string) => toldAnswer({ text }, undefined, publication);
  if (conversation === undefined) return say(texts.noConversation);
  const id = seatId(conversation, publication, services);
  const place = { conversation: id, now: services.clock.now() };
  return inTurn(
    services.store.conversations,
    place,
    async () => {
      const known = await takeSeat({ id, externalId: conversation }, publication, services);
      const seat =
        known.stored === undefined ? { ...known, memory: firstMemory(call, origin, known) } : known;
      const mark = markOf(call, origin, seat, tools);
      const errand: Errand = {
        seat,
        publication,
        tools,
        idempotency: { key: mark.key, fingerprint: mark.turn },
      };
      return answer(call, mark, errand);
    },
    () => say(texts.busy),
  );
}

/** Whom it concerns is told once: a later request of the same call cannot change it. */
function firstMemory({ caller }: FunctionCall, { subject }: Origin, { memory }: Seat): Seat["memory"] {
  return { ...memory, caller: caller?.slice(0, 128), subject };
}

/** What makes a request the same as another, and the mark that its answer leaves at the platform. */
interface Mark {
  readonly key: string;
  readonly turn: string;
}

/** A tool that keeps no meta data says the same thing twice in the same bytes: after a minute it means it. */
const unmarkedMs = 60_000;

function markOf(call: FunctionCall, { body }: Origin, { id }: Seat, { services }: ChannelTools): Mark {
  const digest = createHash("sha256").update(body).digest("hex");
  const period = call.turn === undefined ? String(Math.floor(services.clock.now() / unmarkedMs)) : "";
  const mac = services.vault.mac("index", ["countersign/swaig/v1", id, digest, period]);
  const turn = Buffer.from(mac.value).toString("base64url").slice(0, 22);
  return { key: `${id}:${turn}`, turn };
}

async function answer(call: FunctionCall, mark: Mark, errand: Errand): Promise<ChannelResponse> {
  const { publication, seat } = errand;
  const own = publication.settings.functions.find(({ name }) => name === call.name);
  if (own !== undefined) return answerProtected(own, call, mark, errand);
  const before = storedAnswer(mark, seat);
  if (before !== undefined)
    return jsonText(before.body ?? toldAnswer({ text: texts.functionUnsure }, mark.turn, publication).body);
  switch (call.name) {
    case "send_mfa": {
      return finish(await sendMfa(viaOf(call), errand), mark, errand);
    }
    case "verify_mfa":
      return answerVerify(call, mark, errand);
    default:
      return toldAnswer({ text: texts.unknownFunction }, undefined, publication);
  }
}

/** The only thing that the model may say about a message: by which of the publication's ways. */
function viaOf({ arguments: given }: FunctionCall): string | undefined {
  const via = given?.["via"];
  return typeof via === "string" ? via : undefined;
}

async function answerVerify(call: FunctionCall, mark: Mark, errand: Errand): Promise<ChannelResponse> {
  const { publication, seat } = errand;
  const { codeEntry } = publication.settings;
  const given = call.arguments;
  const byKeypad = codeEntry === "keypad" || (codeEntry === "either" && given?.["keypad"] === true);
  if (byKeypad && isAsked(seat)) {
    const { told, keypad } = await askOnKeypad(errand);
    return finish({ told, memory: { ...seat.memory, keypad } }, mark, errand);
  }
  if (byKeypad || given === undefined) {
    const text = byKeypad ? texts.notSent : texts.repeat;
    return toldAnswer({ text }, mark.turn, publication);
  }
  const { verdict, ...verified } = await verifyAnswer(given["token"], errand);
  return finish({ told: toldOf(verdict), ...verified }, mark, errand);
}

/** Whether a code is waited for, or as far as anybody outside can tell. */
function isAsked({ memory: { asked, decoy } }: Seat): boolean {
  return (asked ?? decoy) !== undefined;
}

interface Outcome {
  readonly told: Told;
  readonly memory: Seat["memory"];
  readonly events?: Parameters<typeof keepSeat>[1]["events"] | undefined;
}

/** Keeps what changed, with the answer; where nothing did, the engine's own record knows a repeated request. */
async function finish(
  { told, memory, events = [] }: Outcome,
  mark: Mark,
  errand: Errand,
): Promise<ChannelResponse> {
  const { publication, seat, tools } = errand;
  const response = toldAnswer(told, mark.turn, publication);
  if (memory === seat.memory && seat.stored !== undefined && events.length === 0) return response;
  const answers = withAnswer(memory.answers, entryOf(mark, response.body, errand));
  await keepSeat(seat, { memory: { ...memory, answers }, events }, publication, tools.services);
  return response;
}

async function answerProtected(
  own: ProtectedFunction,
  call: FunctionCall,
  mark: Mark,
  errand: Errand,
): Promise<ChannelResponse> {
  const { publication, seat, tools } = errand;
  const { memory } = seat;
  const passed = await gate(own.name, errand);
  if ("refused" in passed) {
    const { text, events } = passed.refused;
    return finish({ told: { text, stage: isAsked(seat) ? "asked" : "begin" }, memory, events }, mark, errand);
  }
  const before = storedAnswer(mark, seat);
  if (before !== undefined && !isRefusal(before)) {
    return jsonText(before.body ?? toldAnswer({ text: texts.functionUnsure }, mark.turn, publication).body);
  }
  const given = argumentsFor(own, call.arguments);
  if (given === undefined) return toldAnswer({ text: texts.functionArguments }, mark.turn, publication);
  // Kept before the outside hears of it: a request that comes again after a crash does not do it twice.
  const begun =
    own.http === undefined
      ? seat
      : await keepSeat(
          seat,
          { memory: { ...memory, answers: withAnswer(memory.answers, entryOf(mark, undefined, errand)) } },
          publication,
          tools.services,
        );
  const { text, events } = await perform(own, given, passed.approval, { ...errand, seat: begun });
  return finish({ told: { text, stage: "open" }, memory: begun.memory, events }, mark, {
    ...errand,
    seat: begun,
  });
}

/** An earlier "no" to the same bytes does not outlive the approval. */
function isRefusal({ body }: StoredAnswer): boolean {
  return body?.includes(JSON.stringify(texts.refused)) ?? false;
}

function storedAnswer({ key }: Mark, { memory }: Seat): StoredAnswer | undefined {
  return memory.answers.find((one) => one.key === key);
}

function entryOf({ key }: Mark, body: string | undefined, { tools }: Errand): StoredAnswer {
  return { key, at: tools.services.clock.now(), body };
}

/** More than the model asks for between two repetitions of the platform. */
const mostAnswers = 20;

function withAnswer(answers: readonly StoredAnswer[], entry: StoredAnswer): readonly StoredAnswer[] {
  return [...answers.filter(({ key }) => key !== entry.key), entry].slice(-mostAnswers);
}

function jsonText(body: string): ChannelResponse {
  return { status: 200, headers: { "content-type": "application/json; charset=utf-8" }, body };
}
