/** One message of a stream of server-sent events. */
export interface ServerEvent {
  readonly id?: string | undefined;
  readonly event: string;
  readonly data: string;
}

/** Reads a stream as the WHATWG HTML standard §9.2.6 says; comments and incomplete messages are left out. */
export async function* readServerEvents(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<ServerEvent, void, void> {
  const decoder = new TextDecoder();
  let waiting = "";
  for await (const chunk of body) {
    waiting += decoder.decode(chunk, { stream: true });
    // A lone CR at the end may be half of a CRLF.
    const blocks = waiting.split(/\r\n\r\n|\n\n|\r\r/);
    waiting = blocks.pop() ?? "";
    for (const block of blocks) {
      const event = eventOf(block);
      if (event !== undefined) yield event;
    }
  }
}

function eventOf(block: string): ServerEvent | undefined {
  const fields = block.split(/\r\n|\n|\r/).flatMap((line) => {
    const match = /^([^:]+):? ?(.*)$/.exec(line);
    return match === null || line.startsWith(":") ? [] : [[match[1] ?? "", match[2] ?? ""] as const];
  });
  const last = (name: string) => fields.findLast(([field]) => field === name)?.[1];
  const data = fields.filter(([field]) => field === "data").map(([, value]) => value);
  return data.length === 0
    ? undefined
    : { id: last("id"), event: last("event") ?? "message", data: data.join("\n") };
}
