import type { Api } from "../api.ts";
import { codeInText } from "./code-in-text.ts";

export interface Message {
  readonly id: string;
  readonly via: string;
  readonly to: string;
  readonly text: string;
}

/** What came to the simulated phone and mailbox since the call began. */
export interface SimulatedPhone {
  /** Messages that were not told before, oldest first. */
  news(): Promise<readonly Message[]>;
  /** Codes of all messages so far, oldest first. */
  readonly codes: readonly string[];
}

const mostMessages = 50;

/** Begins now: what came before is of no interest. */
export async function openSimulatedPhone(api: Api): Promise<SimulatedPhone> {
  const read = async () => {
    const { messages } = await api.request<{ readonly messages: readonly Message[] }>(
      "GET",
      `/v1/inbox?limit=${mostMessages}`,
    );
    return messages.toReversed();
  };
  const known = new Set((await read()).map(({ id }) => id));
  const codes: string[] = [];
  return {
    codes,
    news: async () => {
      const fresh = (await read()).filter(({ id }) => !known.has(id));
      for (const { id, text } of fresh) {
        known.add(id);
        const code = codeInText(text);
        if (code !== undefined) codes.push(code);
      }
      return fresh;
    },
  };
}
