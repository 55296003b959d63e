import { createServer } from "node:net";
import type { Config } from "../../config/load.ts";
import { type Finding, failed, ok, warning } from "./check.ts";

/** How the world reaches the server. */
export function checkPublicUrl({ publicUrl, mode, host, port }: Config): Finding {
  const url = new URL(publicUrl);
  const isLocal = ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "[::]"].includes(url.hostname);
  const remedy = "Set COUNTERSIGN_PUBLIC_URL to the https address of your proxy.";
  if (mode === "development") return ok("publicUrl", `${publicUrl} (development).`);
  if (url.protocol !== "https:") {
    return failed(
      "publicUrl",
      `${publicUrl} is not https: codes and keys would travel in the clear.`,
      remedy,
    );
  }
  if (isLocal)
    return failed("publicUrl", `${publicUrl} is this machine only; links and callbacks need it.`, remedy);
  return ok("publicUrl", `${publicUrl}, from ${host}:${port} behind your proxy.`);
}

/** With a running server: that it answers. Without: that its port is free. */
export async function checkPort(config: Config, isRunning: boolean): Promise<Finding> {
  const { host, port } = config;
  const at = `${host}:${port}`;
  if (!isRunning) return (await isFree(host, port)) ? ok("port", `${at} is free.`) : taken(at);
  // 0: the system chose it, and only the server knows.
  if (port === 0) return ok("port", "The server chose its port itself.");
  const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  try {
    const shown = name.includes(":") ? `[${name}]` : name;
    const response = await fetch(`http://${shown}:${port}/healthz`, { signal: AbortSignal.timeout(5_000) });
    if (response.ok) return ok("port", `The server answers at ${at}.`);
    return failed("port", `The server at ${at} answers with status ${response.status}.`, "Look at its log.");
  } catch {
    return warning(
      "port",
      `A server holds the data folder but does not answer at ${at}.`,
      "Give doctor the options and the environment that the server was started with.",
    );
  }
}

function taken(at: string): Finding {
  return failed(
    "port",
    `Another program listens at ${at}.`,
    "End it, or choose another port with COUNTERSIGN_PORT.",
  );
}

function isFree(host: string, port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer();
  server.once("error", () => resolve(false));
  server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  return promise;
}

const leastNode = [22, 18] as const;

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isNewEnough = major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1]);
  return isNewEnough
    ? ok("node", `Node.js ${version}.`)
    : failed("node", `Node.js ${version} is too old.`, `Use Node.js ${leastNode.join(".")} or later.`);
}
