import type { Published } from "../channel.ts";
import type { SwmlSettings } from "./settings.ts";

/** A method with its parameters, as SWML writes them. */
type Method = Readonly<Record<string, unknown>>;

/** What one document is made for. */
export interface Start {
  /** Shown by the requests that the document makes during the call. */
  readonly turnKey: string;
  readonly subject?: string | undefined;
  readonly locale?: string | undefined;
  /** Of the calling flow. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
}

/** More turns than any dialogue has; the platform stops at 100. */
const mostTurns = 60;
/** A conversation waits a few seconds for the hand-over of a message. */
const turnTimeoutSeconds = 15;

/**
 * The whole dialogue as one SWML document: it asks us what to say, plays it, collects the answer, and asks again. Everything
 * that changes from turn to turn stands in our answers (`respond`), which the platform keeps in `request_response`.
 */
export function swmlDocument(start: Start, publication: Published<SwmlSettings>): unknown {
  const { settings } = publication;
  const { subject, locale, variables } = start;
  const first = {
    event: "start",
    from: variable("call.from"),
    to: variable("call.to"),
    subject,
    lang: locale,
    variables,
  };
  const answer = {
    event: variable("prompt_result"),
    value: variable("prompt_value"),
    confidence: variable("prompt_speech_confidence"),
  };
  const turn = (body: Method) => [ask(body, start, publication), { goto: { label: "turn", max: mostTurns } }];
  const step = { step: variable("request_response.step") };
  const told = {
    choice: [
      prompt(settings, 1, settings.menuTimeoutSeconds),
      ...turn({ ...answer, ...step, star: "follows" }),
    ],
    code: [
      prompt(settings, variable("request_response.max_digits"), settings.codeTimeoutSeconds),
      ...turn({ ...answer, ...step }),
    ],
    star: [starPrompt(settings), ...turn({ ...answer, ...step, star: "pressed" })],
    done: [
      { play: { url: `say:${variable("request_response.say")}`, ...spoken(settings) } },
      ...ending(settings),
    ],
    silent_done: ending(settings),
  };
  const main = [
    { answer: {} },
    ask(first, start, publication),
    { label: "turn" },
    {
      switch: {
        variable: "request_result",
        case: { success: [{ switch: { variable: "request_response.kind", case: told, default: failed } }] },
        default: failed,
      },
    },
  ];
  return { version: "1.0.0", sections: { main } };
}

/** What the platform puts in its place when it runs the document. */
function variable(name: string): string {
  return `\${${name}}`;
}

const failed: readonly Method[] = [{ return: { path: "error" } }];

function ask(body: Method, { turnKey }: Start, { url }: Published<SwmlSettings>): Method {
  return {
    request: {
      url: `${url}/turn`,
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Countersign-Key": turnKey },
      body: { call_id: variable("call.call_id"), ...body },
      save_variables: true,
      connect_timeout: 3,
      timeout: turnTimeoutSeconds,
    },
  };
}

/** Speech switches the keypad off unless digits are asked for too, so they always are. */
function prompt(settings: SwmlSettings, digits: number | string, timeoutSeconds: number): Method {
  const { input, digitTimeoutSeconds } = settings;
  const speech = input === "keys_and_speech" && {
    speech_language: variable("request_response.language"),
    speech_timeout: timeoutSeconds,
    speech_end_timeout: 1,
  };
  return {
    prompt: {
      play: `say:${variable("request_response.say")}`,
      ...spoken(settings),
      max_digits: digits,
      terminators: "#",
      initial_timeout: timeoutSeconds,
      digit_timeout: digitTimeoutSeconds,
      ...speech,
    },
  };
}

/** Waits in silence for the key after a star. */
function starPrompt({ digitTimeoutSeconds }: SwmlSettings): Method {
  return { prompt: { play: "silence:1", max_digits: 1, initial_timeout: digitTimeoutSeconds } };
}

function spoken({ voice }: SwmlSettings): Method {
  return { say_language: variable("request_response.language"), ...(voice !== "" && { say_voice: voice }) };
}

function ending({ paths }: SwmlSettings): readonly Method[] {
  const dialed = Object.entries(paths).map(([path, { dial }]) => [path, [{ connect: { to: dial } }]]);
  const result = {
    path: variable("request_response.path"),
    conversation: variable("request_response.conversation"),
    verification: variable("request_response.verification"),
    receipt: variable("request_response.receipt"),
  };
  const back = [{ return: result }];
  if (dialed.length === 0) return back;
  return [{ switch: { variable: "request_response.path", case: Object.fromEntries(dialed), default: back } }];
}
