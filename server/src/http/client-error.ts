import type { Socket } from "node:net";
import type { ErrorCode } from "../engine/errors.ts";
import { makeProblem, problemMediaType } from "./problem.ts";

const statusLines: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
};

/**
 * Answers what never became a request (bad framing, headers too large or too slow) and closes the connection: after a
 * framing error nobody knows where the next request would begin (RFC 9112 §2.2, §6.3).
 */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const statusLine = statusLines[error.code ?? ""] ?? "400 Bad Request";
  const code: ErrorCode = "invalid_request";
  const status = Number(statusLine.slice(0, 3));
  const body = JSON.stringify({
    ...makeProblem(code, "The request is not well-formed HTTP.", {}, "connection"),
    status,
  });
  socket.end(
    `HTTP/1.1 ${statusLine}\r\nConnection: close\r\nContent-Type: ${problemMediaType}\r\nCache-Control: no-store\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    // A peer that reads nothing would otherwise hold the socket half open.
    () => socket.destroy(),
  );
}
