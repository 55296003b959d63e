import {
  type Calling,
  type Ended,
  fetching,
  listeningTo,
  playing,
  Refused,
  type Sound,
  upTo,
  type WebAnswer,
  withoutEnd,
} from "../model.ts";
import { signedBySignalwire } from "../signing.ts";
import { milliseconds } from "../speech.ts";
import { jsonRequest } from "../web.ts";
import { filled, textAt, type Values, valueAt } from "./values.ts";

/** A call on SignalWire: a document of the caller's own that runs the publication's as a subroutine. */
export interface SwmlCall {
  readonly url: string;
  readonly callId: string;
  readonly from: string;
  readonly to: string;
  /** What the calling document hands over: `subject`, `lang`, variables. */
  readonly params: Readonly<Record<string, string>>;
  /** Given, documents are asked for with the platform's signature. */
  readonly signingKey?: string | undefined;
}

type Method = Readonly<Record<string, unknown>>;

/** What a method leads to; undefined: the next one. */
type Next =
  | { readonly kind: "goto"; readonly label: string; readonly most: number }
  | { readonly kind: "return"; readonly value: unknown }
  | { readonly kind: "end"; readonly ended: Ended }
  | undefined;

interface Run {
  readonly call: SwmlCall;
  readonly values: Values;
  /** How often each `goto` has jumped. */
  readonly jumps: Map<string, number>;
}

export function* swmlCall(call: SwmlCall): Calling {
  const { callId, from, to } = call;
  const described = { call_id: callId, node_id: "simulator", direction: "inbound", type: "phone", from, to };
  const run: Run = {
    call,
    values: { call: { ...described, call_state: "answered", headers: [] }, vars: {}, params: {} },
    jumps: new Map(),
  };
  const flow = [{ answer: {} }, { execute: { dest: call.url, params: call.params } }];
  const next = yield* runMethods(flow, run);
  if (next?.kind === "end") return next.ended;
  const result = run.values["return_value"];
  const values = typeof result === "object" && result !== null ? Object.entries(result) : [];
  return {
    how: "returned",
    values: Object.fromEntries(values.map(([name, value]) => [name, String(value)])),
  };
}

/** Runs a list from top to bottom; a jump to a label that stands in it goes on there. */
function* runMethods(methods: readonly Method[], run: Run): Calling<Next> {
  for (let at = 0; at < methods.length; at += 1) {
    const next = yield* runMethod(methods[at] ?? {}, run);
    if (next === undefined) continue;
    const place = next.kind === "goto" ? methods.findIndex((one) => one["label"] === next.label) : -1;
    if (next.kind !== "goto" || place < 0) return next;
    const jumps = (run.jumps.get(next.label) ?? 0) + 1;
    run.jumps.set(next.label, jumps);
    if (jumps <= next.most) at = place;
  }
  return undefined;
}

function* runMethod(method: Method, run: Run): Calling<Next> {
  const [name = "", ...others] = Object.keys(method);
  if (others.length > 0) throw new Refused("A method has more than one name.");
  const given = method[name];
  switch (name) {
    case "answer":
    case "label":
      return undefined;
    case "request":
      return yield* request(asValues(filled(given, run.values)), run);
    case "prompt":
      return yield* prompt(asValues(filled(given, run.values)), run);
    case "execute":
      return yield* execute(asValues(filled(given, run.values)), run);
    case "play":
      yield* playing(soundsOf(playedIn(asValues(filled(given, run.values)))));
      return undefined;
    case "switch":
      // Only the branch that is taken is filled in, when its methods run.
      return yield* runMethods(branchOf(asValues(given), run), run);
    default:
      return leaving(name, filled(given, run.values));
  }
}

function leaving(name: string, given: unknown): Next {
  switch (name) {
    case "goto": {
      const { label, max } = asValues(given);
      return { kind: "goto", label: String(label), most: Number(max ?? 100) };
    }
    case "return":
      return { kind: "return", value: given };
    case "hangup":
      return { kind: "end", ended: { how: "hung_up", values: {} } };
    case "connect":
      return {
        kind: "end",
        ended: { how: "put_through", values: {}, to: textAt("to", asValues(given)) },
      };
    default:
      throw new Refused(`"${name}" is no method that this telephone knows.`);
  }
}

function asValues(given: unknown): Values {
  if (typeof given === "object" && given !== null && !Array.isArray(given)) return given as Values;
  throw new Refused("A method has no parameters.");
}

function branchOf({ variable, case: cases, default: otherwise }: Values, { values }: Run): readonly Method[] {
  const value = String(valueAt(String(variable), values) ?? "");
  const known = asValues(cases ?? {});
  const branch = Object.hasOwn(known, value) ? known[value] : (otherwise ?? []);
  if (!Array.isArray(branch)) throw new Refused("A branch of a switch is no list of methods.");
  return branch;
}

function* request(given: Values, { values }: Run): Calling<undefined> {
  const headers = Object.entries(asValues(given["headers"] ?? {})).map(([name, value]): [string, string] => [
    name.toLowerCase(),
    String(value),
  ]);
  const url = textAt("url", given);
  const answer = yield* fetching(jsonRequest(url, given["body"], Object.fromEntries(headers)));
  const isGood = answer.status >= 200 && answer.status < 300;
  values["request_result"] = isGood ? "success" : "failed";
  values["request_response_code"] = answer.status;
  values["request_response_body"] = answer.body;
  const saved = given["save_variables"] === true ? parsed(answer) : undefined;
  if (saved !== undefined) values["request_response"] = saved;
  return undefined;
}

function parsed({ body }: WebAnswer): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function* prompt(given: Values, { values }: Run): Calling<Next> {
  yield* playing(soundsOf(playedIn(given)));
  const end = textAt("terminators", given);
  const most = Number(given["max_digits"] ?? 1);
  const seconds = Number(given["initial_timeout"] ?? 5);
  const hearsWords = Object.keys(given).some((name) => name.startsWith("speech_"));
  const act = yield* listeningTo({ timeoutMs: seconds * 1_000, enough: upTo(most, end), hearsWords });
  switch (act.kind) {
    case "hangup":
      return { kind: "end", ended: { how: "hung_up", values: {} } };
    case "keys": {
      const digits = withoutEnd(act.keys, end);
      values["prompt_result"] = digits === "" ? "no_input" : "match_digits";
      if (digits !== "") values["prompt_value"] = digits;
      return undefined;
    }
    case "words":
      values["prompt_result"] = hearsWords ? "match_speech" : "no_input";
      if (hearsWords) Object.assign(values, { prompt_value: act.text, prompt_speech_confidence: 0.95 });
      return undefined;
    case "silence":
      // The value of the answer before stays, as it does on the platform.
      values["prompt_result"] = "no_input";
      return undefined;
  }
}

function playedIn({ play, url, urls }: Values): readonly string[] {
  return [play ?? urls ?? url].flat().map(String);
}

function soundsOf(played: readonly string[]): readonly Sound[] {
  return played.map((one): Sound => {
    if (one.startsWith("say:")) return { kind: "words", text: one.slice("say:".length) };
    if (one.startsWith("silence:")) return { kind: "pause", ms: milliseconds(`${one.slice(8)}s`) };
    return { kind: "audio", url: one };
  });
}

/** Another document as a subroutine, with variables of its own but for what it returns. */
function* execute({ dest, params }: Values, run: Run): Calling<Next> {
  const { call, values } = run;
  const body = { call: values["call"], vars: values["vars"], envs: {}, params: params ?? {} };
  const asked = jsonRequest(String(dest), body);
  const signed = call.signingKey === undefined ? asked : signedBySignalwire(asked, call.signingKey);
  const methods = mainOf(yield* fetching(signed));
  const inner: Run = { ...run, values: { ...values, params: params ?? {} }, jumps: new Map() };
  const next = yield* runMethods(methods, inner);
  if (next?.kind === "goto") throw new Refused(`There is no label "${next.label}".`);
  values["return_value"] = next?.kind === "return" ? next.value : undefined;
  return next?.kind === "end" ? next : undefined;
}

function mainOf(answer: WebAnswer): readonly Method[] {
  if (answer.status !== 200) throw new Refused(`The script's address answered with status ${answer.status}.`);
  const document = parsed(answer);
  const main = valueAt("sections.main", document);
  if (valueAt("version", document) !== "1.0.0" || !Array.isArray(main)) {
    throw new Refused("The document is not SWML.");
  }
  return main;
}
