import { CliError, exits } from "../exit.ts";
import { plain } from "../output.ts";
import { type Typed, writtenAct, wrongFor } from "./caller.ts";
import type { Heard, Line } from "./phone/line.ts";
import type { Act, Ended } from "./phone/model.ts";
import { heardText, writtenText } from "./phone/speech.ts";
import type { Message, SimulatedPhone } from "./simulated-phone.ts";

/** One exchange, as a transcript has it. */
export interface Turn {
  readonly system: string;
  /** What was done then; absent at the end. */
  caller?: string;
}

export interface Conversation {
  readonly turns: readonly Turn[];
  readonly ended: Ended;
}

export interface ConversationParts {
  readonly line: Line;
  readonly phone: SimulatedPhone;
  /** What the caller does next; undefined: nothing more. */
  readonly next: (question: Heard) => Promise<Typed | undefined>;
  readonly tell: (told: Told) => void;
}

/** What is told while the call goes on. */
export type Told =
  | { readonly who: "system"; readonly heard: string; readonly written: string }
  | { readonly who: "caller"; readonly text: string }
  | { readonly who: "phone"; readonly message: Message };

/** Holds a call from the first ring to its end. */
export async function converse(parts: ConversationParts): Promise<Conversation> {
  const { line, phone, next, tell } = parts;
  const turns: Turn[] = [];
  let heard = await line.dial();
  for (;;) {
    const turn: Turn = { system: plain(writtenText(heard.sounds)) };
    turns.push(turn);
    for (const message of await phone.news()) tell({ who: "phone", message });
    if (turn.system !== "") {
      tell({ who: "system", heard: plain(heardText(heard.sounds)), written: turn.system });
    }
    if (heard.ended !== undefined) return { turns, ended: heard.ended };
    const typed = await next(heard);
    // Who has nothing more to say puts the receiver down.
    const act: Act = typed === undefined ? { kind: "hangup" } : actOf(typed, phone);
    turn.caller = writtenAct(act, phone.codes);
    tell({ who: "caller", text: turn.caller });
    heard = await line.act(act);
  }
}

function actOf(typed: Typed, { codes }: SimulatedPhone): Act {
  if (typed.kind === "act") return typed.act;
  const number = typed.kind === "code" ? typed.number : undefined;
  const code = number === undefined ? codes.at(-1) : codes[number - 1];
  if (code === undefined) {
    throw new CliError(exits.negative, "No message with a code has come in this call.", "code_missing");
  }
  return { kind: "keys", keys: typed.kind === "wrong" ? wrongFor(code) : `${code}${typed.more}` };
}
