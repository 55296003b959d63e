import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** The phone network of a rehearsal: it lives in the test's process, so it remembers when the server dies. */
export interface Gateway {
  readonly url: string;
  /** `host:port`, which the server must be allowed to reach. */
  readonly allow: string;
  /** The code of a delivery, once its message has come; undefined after `ms`. */
  codeOf(delivery: string, ms: number): Promise<string | undefined>;
  /** Every message that came, by delivery. */
  readonly messages: ReadonlyMap<string, string>;
  close(): Promise<void>;
}

export async function openGateway(): Promise<Gateway> {
  const messages = new Map<string, string>();
  const waiting = new Map<string, (code: string) => void>();
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += String(chunk);
    });
    request.on("end", () => {
      const { ref, text } = JSON.parse(body) as { readonly ref: string; readonly text: string };
      const code = text.replace(/\D/g, "");
      messages.set(ref, code);
      waiting.get(ref)?.(code);
      waiting.delete(ref);
      response.end("{}");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/send`,
    allow: `127.0.0.1:${port}`,
    messages,
    codeOf: (delivery, ms) => {
      const there = messages.get(delivery);
      if (there !== undefined) return Promise.resolve(there);
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          waiting.delete(delivery);
          resolve(undefined);
        }, ms);
        waiting.set(delivery, (code) => {
          clearTimeout(timer);
          resolve(code);
        });
      });
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
