import { Agent, request } from "node:http";
import { hotp, totpStep } from "../../src/engine/code/totp.ts";
import type { Gateway } from "./gateway.ts";
import { type Answer, type AnswerBody, guardOf, type Operation } from "./history.ts";
import type { Person, World } from "./world.ts";

export interface LoadOptions {
  readonly url: string;
  readonly world: World;
  readonly gateway: Gateway;
  readonly clients: number;
  /** Everything is appended here as it ends. */
  readonly history: Operation[];
}

export interface Load {
  /** No client begins anything new; resolves when all have ended. */
  stop(): Promise<void>;
}

interface Client extends LoadOptions {
  readonly agent: Agent;
  readonly isOver: () => boolean;
}

/** Clients that start, answer right and wrong, resend, cancel and use their app, until they are stopped or cut off. */
export function startLoad(options: LoadOptions): Load {
  let over = false;
  const agent = new Agent({ keepAlive: true, maxSockets: options.clients });
  const client: Client = { ...options, agent, isOver: () => over };
  const running = Array.from({ length: options.clients }, () => run(client));
  return {
    stop: async () => {
      over = true;
      await Promise.all(running);
      agent.destroy();
    },
  };
}

/** The last of the people are only ever answered wrongly, so that the count of their failures is known to the end. */
export const alwaysWrong = 8;

async function run(client: Client): Promise<void> {
  while (!client.isOver()) {
    const { people } = client.world;
    const index = Math.floor(Math.random() * people.length);
    const person = people[index] as Person;
    const isVictim = index >= people.length - alwaysWrong;
    // The server is gone: nothing more to ask of it in this round.
    const goesOn =
      Math.random() < 0.3 ? await useApp(person, isVictim, client) : await useCode(person, isVictim, client);
    if (!goesOn) return;
  }
}

async function useCode(person: Person, isVictim: boolean, client: Client): Promise<boolean> {
  const guard = guardOf(person.user, person.sms);
  const started = await perform(client, { op: "start", guard }, { user: person.user, via: "sms" });
  if (started === undefined) return false;
  const { id } = started;
  if (id === undefined) return true;
  let code = await codeIn(started, client);
  if (!isVictim && Math.random() < 0.15) {
    const resent = await perform(client, { op: "resend", guard, verification: id });
    if (resent === undefined) return false;
    code = await codeIn(resent, client);
  }
  if (!isVictim && Math.random() < 0.05) {
    return (await perform(client, { op: "cancel", guard, verification: id })) !== undefined;
  }
  if (code === undefined) return true;
  const wrong = isVictim ? 3 : Math.floor(Math.random() * 3);
  for (let count = 0; count < wrong; count += 1) {
    const refused = await perform(client, { op: "check", guard, verification: id }, { code: wrongFor(code) });
    if (refused === undefined) return false;
  }
  if (isVictim) return true;
  // Several at once, and one more after them: one of all these may be accepted.
  const asked = { op: "check", guard, verification: id } as const;
  const answers = await Promise.all([perform(client, asked, { code }), perform(client, asked, { code })]);
  return answers.every((answer) => answer !== undefined);
}

async function useApp(person: Person, isVictim: boolean, client: Client): Promise<boolean> {
  const guard = guardOf(person.user, person.totp);
  const started = await perform(client, { op: "start", guard }, { user: person.user, via: "totp" });
  if (started === undefined) return false;
  if (started.id === undefined) return true;
  const step = totpStep(Date.now(), 30) + (Math.random() < 0.3 ? -1 : 0);
  const code = hotp(person.seed, step, 6, "SHA1");
  const asked = { op: "check", guard, verification: started.id, step } as const;
  const body = { code: isVictim ? wrongFor(code) : code };
  const answers = await Promise.all([perform(client, asked, body), perform(client, asked, body)]);
  return answers.every((answer) => answer !== undefined);
}

/** Every digit is another one, so it is no code of a neighbouring time step by one digit only. */
export function wrongFor(code: string): string {
  return code.replace(/\d/g, (digit) => String((Number(digit) + 5) % 10));
}

async function codeIn(body: AnswerBody, client: Client): Promise<string | undefined> {
  const delivery = body.deliveries?.at(-1)?.id;
  return delivery === undefined ? undefined : client.gateway.codeOf(delivery, 300);
}

/** Asks and writes down what came of it; undefined when nobody answered. */
async function perform(
  client: Client,
  what: Pick<Operation, "op" | "guard" | "verification" | "step">,
  body?: object,
): Promise<AnswerBody | undefined> {
  const path = what.op === "start" ? "" : `/${what.verification}/${what.op}`;
  const begunAt = performance.now();
  const answer = await ask(client, `/v1/verifications${path}`, body);
  if (answer === "refused") return undefined;
  client.history.push({ ...what, begunAt, endedAt: performance.now(), answer });
  return answer === "unknown" ? undefined : answer.body;
}

/** `refused`: nobody listened, so nothing was done. */
function ask(
  { url, agent, world }: Client,
  path: string,
  body: object | undefined,
): Promise<Answer | "unknown" | "refused"> {
  return new Promise((resolve) => {
    const asked = request(`${url}${path}`, {
      method: "POST",
      agent,
      headers: {
        authorization: `Bearer ${world.apiKey}`,
        ...(body && { "content-type": "application/json" }),
      },
    });
    asked.on("error", (error: NodeJS.ErrnoException) =>
      resolve(error.code === "ECONNREFUSED" ? "refused" : "unknown"),
    );
    asked.on("response", (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => {
        text += String(chunk);
      });
      // A body that broke off is no answer.
      response.on("close", () =>
        resolve(response.complete ? { status: response.statusCode ?? 0, body: JSON.parse(text) } : "unknown"),
      );
    });
    asked.end(body && JSON.stringify(body));
  });
}
