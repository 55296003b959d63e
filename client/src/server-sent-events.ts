/** One event of a stream, as the HTML standard dispatches it (§9.2.6 "Interpreting an event stream"). */
export interface ServerSentEvent {
  readonly type: string;
  /** Undefined: the block had no data. It is no event, but its id and retry time count. */
  readonly data: string | undefined;
  /** The last id so far; an empty text until the server has given one. */
  readonly lastEventId: string;
  /** How long to wait before coming back, in milliseconds, where this block says so. */
  readonly retryMs: number | undefined;
}

interface Block {
  type: string;
  data: string[];
  retryMs: number | undefined;
}

/** Reads blocks as they come, however the bytes are cut. An unfinished block at the end is dropped, as the standard says. */
export async function* readServerSentEvents(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<ServerSentEvent, void, undefined> {
  let lastEventId = "";
  let block = newBlock();
  for await (const line of readLines(chunks)) {
    if (line !== "") {
      const [name, value] = fieldOf(line);
      if (name === "id" && !value.includes("\0")) lastEventId = value;
      else takeField(block, name, value);
      continue;
    }
    const { type, data, retryMs } = block;
    block = newBlock();
    yield {
      type: type === "" ? "message" : type,
      data: data.length === 0 ? undefined : data.join("\n"),
      lastEventId,
      retryMs,
    };
  }
}

function newBlock(): Block {
  return { type: "", data: [], retryMs: undefined };
}

function takeField(block: Block, name: string, value: string): void {
  if (name === "event") block.type = value;
  else if (name === "data") block.data.push(value);
  else if (name === "retry" && /^\d+$/u.test(value)) block.retryMs = Number(value);
}

/** A comment begins with a colon, so its name is empty. */
function fieldOf(line: string): readonly [string, string] {
  const colon = line.indexOf(":");
  if (colon === -1) return [line, ""];
  const from = line[colon + 1] === " " ? colon + 2 : colon + 1;
  return [line.slice(0, colon), line.slice(from)];
}

/** Lines end with CR LF, LF or CR; a last line without an end is not finished and not given. */
async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  // The decoder also drops a byte order mark at the beginning.
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of chunks) {
    text += decoder.decode(chunk, { stream: true });
    // A CR at the very end may be the first half of CR LF.
    const held = text.endsWith("\r") ? "\r" : "";
    const lines = text.slice(0, text.length - held.length).split(/\r\n|\n|\r/u);
    text = `${lines.pop() ?? ""}${held}`;
    yield* lines;
  }
  if (text.endsWith("\r")) yield text.slice(0, -1);
}
