import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";

/** A provider of a rehearsal and how it fails. */
export interface Broken {
  readonly title: string;
  readonly via: "sms" | "email";
  /** What `POST /v1/providers` takes beside name and position. */
  readonly provider: { readonly kind: string; readonly settings: object };
  /** Whatever it read without encryption. */
  readonly heard: () => string;
  close(): Promise<void>;
}

export function gatewaySettings(url: string): Broken["provider"] {
  return {
    kind: "http-gateway",
    settings: {
      method: "POST",
      url,
      bodyTemplate: `{"ref":"\${clientRef}","to":"\${to}","text":"\${text}"}`,
      success: { statusCodes: [200], jsonPath: "status", equals: "queued" },
    },
  };
}

/** A server of sockets on a free port, with all of them destroyed at its end. */
async function open(server: Server | ReturnType<typeof createHttpServer>) {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

async function byHttp(title: string, listener: RequestListener, scheme = "http"): Promise<Broken> {
  const { port, close } = await open(createHttpServer(listener));
  const provider = gatewaySettings(`${scheme}://127.0.0.1:${port}/send`);
  return { title, via: "sms", provider, heard: () => "", close };
}

async function bySocket(title: string, onSocket: (socket: Socket) => void): Promise<Broken> {
  const { port, close } = await open(createServer(onSocket));
  const provider = gatewaySettings(`http://127.0.0.1:${port}/send`);
  return { title, via: "sms", provider, heard: () => "", close };
}

async function byMail(title: string, security: "none" | "starttls", onSocket: (socket: Socket) => void) {
  let said = "";
  const { port, close } = await open(
    createServer((socket) => {
      socket.on("data", (bytes) => {
        said += bytes;
      });
      onSocket(socket);
    }),
  );
  return mail(title, port, security, () => said, close);
}

function mail(
  title: string,
  port: number,
  security: "none" | "starttls",
  heard: () => string,
  close: () => Promise<void>,
): Broken {
  const settings = { host: "127.0.0.1", port, from: "mfa@example.com", security };
  return { title, via: "email", provider: { kind: "smtp", settings }, heard, close };
}

/** The ways of REL-10 and REL-13. */
export async function breakEverything(): Promise<readonly Broken[]> {
  const refusing = await byHttp("refuses the connection", () => undefined);
  await refusing.close();
  const hole = gatewaySettings("http://192.0.2.1:81/send");
  const nothing = async () => undefined;
  return [
    { ...refusing, close: nothing },
    { title: "black hole", via: "sms", provider: hole, heard: () => "", close: nothing },
    await bySocket("resets", (socket) => void socket.once("data", () => socket.resetAndDestroy())),
    await bySocket("takes the request and never answers", (socket) => void socket.resume()),
    await byHttp("one byte a second", (request, response) => {
      request.resume();
      response.writeHead(200, { "content-type": "application/json" });
      const timer = setInterval(() => response.write(" "), 1_000);
      response.on("close", () => clearInterval(timer));
    }),
    await byHttp("status 500", (request, response) => {
      request.resume().on("end", () => response.writeHead(500).end());
    }),
    await byHttp("status 200 with garbage", (request, response) => {
      request.resume().on("end", () => response.end("<html>It works!</html>"));
    }),
    await byHttp("no TLS where it should be", () => undefined, "https"),
    await byMail("SMTP greets nobody", "none", (socket) => void socket.resume()),
    await byMail("SMTP greylists", "none", (socket) => {
      socket.write("220 later ESMTP\r\n");
      socket.on("data", (bytes) => {
        socket.write(/^RCPT/i.test(`${bytes}`) ? "451 4.2.0 Greylisted\r\n" : "250 OK\r\n");
      });
    }),
    await byMail("SMTP drops after DATA", "none", (socket) => {
      let isMessage = false;
      socket.write("220 dropping ESMTP\r\n");
      socket.on("data", (bytes) => {
        if (isMessage) socket.destroy();
        isMessage ||= /^DATA/im.test(`${bytes}`);
        socket.write(isMessage ? "354 Go on\r\n" : "250 OK\r\n");
      });
    }),
    await byMail("SMTP without STARTTLS", "starttls", (socket) => {
      socket.write("220 stripped ESMTP\r\n");
      socket.on("data", (bytes) => {
        if (/^EHLO/i.test(`${bytes}`)) socket.write("250-stripped\r\n250 8BITMIME\r\n");
        else socket.write("502 no\r\n");
      });
    }),
  ];
}

/** A provider that works: the codes by delivery, and how often each came. */
export interface Healthy {
  readonly provider: Broken["provider"];
  readonly came: Map<string, { readonly code: string; times: number }>;
  /** While it is down nothing listens. */
  turn(state: "up" | "down"): Promise<void>;
  close(): Promise<void>;
}

export async function openHealthy(): Promise<Healthy> {
  const came: Healthy["came"] = new Map();
  const listener: RequestListener = (request, response) => {
    let body = "";
    request.on("data", (bytes) => {
      body += bytes;
    });
    request.on("end", () => {
      const { ref, text } = JSON.parse(body) as { readonly ref: string; readonly text: string };
      const code = /\d{3} ?\d{3}/.exec(text)?.[0].replace(" ", "") ?? "";
      came.set(ref, { code, times: (came.get(ref)?.times ?? 0) + 1 });
      response.end('{"status":"queued"}');
    });
  };
  let server = createHttpServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  let isUp = true;
  const turn = async (state: "up" | "down") => {
    if (state === "down" && isUp) {
      isUp = false;
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    }
    if (state === "up" && !isUp) {
      isUp = true;
      server = createHttpServer(listener);
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
    }
  };
  return {
    provider: gatewaySettings(`http://127.0.0.1:${port}/send`),
    came,
    turn,
    close: () => turn("down"),
  };
}
