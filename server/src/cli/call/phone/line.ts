import {
  type Act,
  type Calling,
  type Effect,
  type Ended,
  type Listening,
  type Reaction,
  Refused,
  type Sound,
} from "./model.ts";
import type { Web } from "./web.ts";

/** What the caller notices until it is their turn, or the call is over. */
export interface Heard {
  readonly sounds: readonly Sound[];
  readonly listening?: Listening | undefined;
  readonly ended?: Ended | undefined;
}

/** A telephone line to a platform. */
export interface Line {
  /** Calls, and listens until something is asked. */
  dial(): Promise<Heard>;
  /** Does something when it was asked; keys that the platform has no use for yet wait for its next question. */
  act(act: Act): Promise<Heard>;
}

export function openLine(calling: Calling, web: Web): Line {
  const state: State = { calling, web, waiting: "" };
  let asked: Heard | undefined;
  return {
    dial: async () => {
      // What the first step is told is not looked at: nothing was asked for before it.
      asked = await go({ kind: "played" }, state);
      return asked;
    },
    act: async (act) => {
      if (asked?.listening === undefined) throw new Error("Nothing was asked.");
      asked = await go({ kind: "acted", act: taken(act, asked.listening, state) }, state);
      return asked;
    },
  };
}

interface State {
  readonly calling: Calling;
  readonly web: Web;
  /** Keys that were pressed and not taken yet. */
  waiting: string;
}

/** What the platform takes of it; the rest waits. */
function taken(act: Act, { enough }: Listening, state: State): Act {
  if (act.kind !== "keys") return act;
  const length = enough(act.keys) ?? act.keys.length;
  state.waiting = act.keys.slice(length);
  return { kind: "keys", keys: act.keys.slice(0, length) };
}

/** Until something is asked, or the end. */
async function go(first: Reaction, state: State): Promise<Heard> {
  const sounds: Sound[] = [];
  try {
    const last = await hear(first, sounds, state);
    return { sounds, ...last };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { sounds, ended: { how: "failed", values: {}, why: error.message } };
  }
}

async function hear(first: Reaction, sounds: Sound[], state: State): Promise<Omit<Heard, "sounds">> {
  const hasPressed = first.kind === "acted" && first.act.kind === "keys";
  let reaction = first;
  for (;;) {
    const { value, done } = state.calling.next(reaction);
    if (done === true) return { ended: value };
    if (value.kind !== "listen") {
      reaction = await perform(value, sounds, state);
      continue;
    }
    // A silent question waits for one key more, of somebody who has pressed all that they meant to.
    const next = keysLeft(value.listening, state) ?? (hasPressed && isSilent(sounds) ? silence : undefined);
    if (next === undefined) return { listening: value.listening };
    reaction = next;
  }
}

const silence: Reaction = { kind: "acted", act: { kind: "silence" } };

function keysLeft(listening: Listening, state: State): Reaction | undefined {
  if (state.waiting === "") return undefined;
  return { kind: "acted", act: taken({ kind: "keys", keys: state.waiting }, listening, state) };
}

async function perform(
  effect: Exclude<Effect, { readonly kind: "listen" }>,
  sounds: Sound[],
  { web }: State,
): Promise<Reaction> {
  if (effect.kind === "fetch") return { kind: "fetched", answer: await web(effect.request) };
  sounds.push(...effect.sounds);
  return { kind: "played" };
}

function isSilent(sounds: readonly Sound[]): boolean {
  return sounds.every(({ kind }) => kind === "pause");
}
