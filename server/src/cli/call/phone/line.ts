import {
  type Act,
  type Calling,
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
  let waiting = "";
  const go = async (first: Reaction): Promise<Heard> => {
    const sounds: Sound[] = [];
    let reaction = first;
    for (;;) {
      const { value, done } = calling.next(reaction);
      if (done === true) return { sounds, ended: value };
      switch (value.kind) {
        case "play":
          sounds.push(...value.sounds);
          reaction = { kind: "played" };
          break;
        case "fetch":
          reaction = { kind: "fetched", answer: await web(value.request) };
          break;
        case "listen": {
          if (waiting === "" && isSilent(sounds) && first.kind === "acted" && first.act.kind === "keys") {
            // It waits for one key more, of somebody who has pressed all that they meant to.
            reaction = { kind: "acted", act: { kind: "silence" } };
            break;
          }
          if (waiting === "") return { sounds, listening: value.listening };
          const taken = value.listening.enough(waiting) ?? waiting.length;
          reaction = { kind: "acted", act: { kind: "keys", keys: waiting.slice(0, taken) } };
          waiting = waiting.slice(taken);
        }
      }
    }
  };
  const guarded = (reaction: Reaction): Promise<Heard> =>
    go(reaction).catch((error: unknown) => {
      if (!(error instanceof Refused)) throw error;
      return { sounds: [], ended: { how: "failed", values: {}, why: error.message } };
    });
  let asked: Heard | undefined;
  const answer = async (act: Act): Promise<Heard> => {
    const { listening } = asked ?? {};
    if (listening === undefined) throw new Error("Nothing was asked.");
    if (act.kind !== "keys") return guarded({ kind: "acted", act });
    const taken = listening.enough(act.keys) ?? act.keys.length;
    waiting = act.keys.slice(taken);
    return guarded({ kind: "acted", act: { kind: "keys", keys: act.keys.slice(0, taken) } });
  };
  return {
    dial: async () => {
      // What the first step is told is not looked at: nothing was asked for before it.
      asked = await guarded({ kind: "played" });
      return asked;
    },
    act: async (act) => {
      asked = await answer(act);
      return asked;
    },
  };
}

function isSilent(sounds: readonly Sound[]): boolean {
  return sounds.every(({ kind }) => kind === "pause");
}
