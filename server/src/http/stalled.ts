import type { Server } from "node:http";
import type { Socket } from "node:net";

/**
 * Ends connections that hold a place among all connections and get nowhere: whose client takes nothing of an answer, or never
 * sends a byte. Node takes any progress of a write for activity, so a slow reader is not one that does not read.
 */
export function endStalled(server: Server, timeoutMs: number): void {
  server.setTimeout(timeoutMs, (socket: Socket) => {
    // Between two requests a connection has the time limit of keep-alive, which ends here, too.
    const isWithinRequest = socket.bytesRead > 0 && socket.timeout === timeoutMs;
    // Quiet is also a request whose answer is still being made: nothing waits to be written.
    if (!isWithinRequest || socket.writableLength > 0) socket.destroy();
  });
}
