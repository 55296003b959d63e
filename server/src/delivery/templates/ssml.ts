/** What is wrong with a piece of markup, and where (UTF-16 code units from 0). */
export interface MarkupProblem {
  readonly position: number;
  readonly problem: string;
}

const deepest = 50;
const name = /[A-Za-z_][A-Za-z0-9_.-]*(?::[A-Za-z_][A-Za-z0-9_.-]*)?/y;
const space = /[ \t\r\n]*/y;
const reference = /&(?:amp|lt|gt|quot|apos|#(?<decimal>[0-9]{1,7})|#x(?<hexadecimal>[0-9A-Fa-f]{1,6}));/y;

interface Cursor {
  readonly text: string;
  at: number;
  readonly open: string[];
}

/**
 * Checks that an SSML fragment is well-formed XML (1.0, §2.1, without its prolog): tags nest, attributes are quoted and
 * unique, references are the five predefined ones or characters. Declarations, comments, CDATA and processing
 * instructions are refused. One pass, no regular expression that can backtrack; undefined when all is well.
 */
export function markupProblem(text: string): MarkupProblem | undefined {
  const cursor: Cursor = { text, at: 0, open: [] };
  while (cursor.at < text.length) {
    const problem = text[cursor.at] === "<" ? tag(cursor) : characters(cursor);
    if (problem !== undefined) return { position: cursor.at, problem };
  }
  const unclosed = cursor.open.at(-1);
  return unclosed === undefined
    ? undefined
    : { position: text.length, problem: `<${unclosed}> is not closed.` };
}

function characters(cursor: Cursor): string | undefined {
  const next = cursor.text.indexOf("<", cursor.at);
  const end = next === -1 ? cursor.text.length : next;
  const cdataEnd = cursor.text.slice(cursor.at, end).indexOf("]]>");
  if (cdataEnd !== -1) {
    cursor.at += cdataEnd;
    return "]]> must not stand in text.";
  }
  return references(cursor, end);
}

/** Moves to `end` over text in which `&` begins a reference. */
function references(cursor: Cursor, end: number): string | undefined {
  for (;;) {
    // Looks no further than `end`: a search to the end of the text for every tag would be quadratic.
    const ampersand = cursor.text.slice(cursor.at, end).indexOf("&");
    if (ampersand === -1) {
      cursor.at = end;
      return undefined;
    }
    cursor.at += ampersand;
    reference.lastIndex = cursor.at;
    const groups = reference.exec(cursor.text)?.groups;
    if (groups === undefined || reference.lastIndex > end) return "Write & as &amp; here.";
    const point = Number.parseInt(
      groups["decimal"] ?? groups["hexadecimal"] ?? "20",
      groups["decimal"] ? 10 : 16,
    );
    if (!isXmlCharacter(point)) return "This character reference is not a character of XML.";
    cursor.at = reference.lastIndex;
  }
}

/** XML 1.0 §2.2 Char. */
function isXmlCharacter(point: number): boolean {
  return (
    point === 9 ||
    point === 10 ||
    point === 13 ||
    (point >= 0x20 && point <= 0xd7ff) ||
    (point >= 0xe000 && point <= 0xfffd) ||
    (point >= 0x10000 && point <= 0x10ffff)
  );
}

function tag(cursor: Cursor): string | undefined {
  const second = cursor.text[cursor.at + 1];
  if (second === "!" || second === "?") {
    return "Declarations, comments, CDATA and processing instructions are not allowed.";
  }
  return second === "/" ? closingTag(cursor) : openingTag(cursor);
}

function closingTag(cursor: Cursor): string | undefined {
  const start = cursor.at;
  cursor.at += 2;
  const closed = take(cursor, name);
  take(cursor, space);
  if (closed !== "" && cursor.text[cursor.at] === ">" && cursor.open.at(-1) === closed) {
    cursor.open.pop();
    cursor.at += 1;
    return undefined;
  }
  cursor.at = start;
  const expected = cursor.open.at(-1);
  return expected === undefined ? "Nothing is open here." : `</${expected}> is expected here.`;
}

function openingTag(cursor: Cursor): string | undefined {
  const start = cursor.at;
  cursor.at += 1;
  const opened = take(cursor, name);
  if (opened === "") {
    cursor.at = start;
    return "Write < as &lt; here.";
  }
  const problem = attributes(cursor);
  if (problem !== undefined) return problem;
  const empty = cursor.text.startsWith("/>", cursor.at);
  if (!empty && cursor.text[cursor.at] !== ">") return `The tag <${opened}> does not end properly.`;
  cursor.at += empty ? 2 : 1;
  if (empty) return undefined;
  cursor.open.push(opened);
  return cursor.open.length > deepest ? "The tags are nested too deeply." : undefined;
}

function attributes(cursor: Cursor): string | undefined {
  const seen = new Set<string>();
  for (;;) {
    const gap = take(cursor, space);
    const start = cursor.at;
    const attribute = gap === "" ? "" : take(cursor, name);
    if (attribute === "") return undefined;
    if (seen.has(attribute)) {
      cursor.at = start;
      return `The attribute ${attribute} stands twice.`;
    }
    seen.add(attribute);
    const problem = attributeValue(cursor, attribute);
    if (problem !== undefined) return problem;
  }
}

function attributeValue(cursor: Cursor, attribute: string): string | undefined {
  take(cursor, space);
  if (cursor.text[cursor.at] !== "=") return `The attribute ${attribute} needs a value.`;
  cursor.at += 1;
  take(cursor, space);
  const quote = cursor.text[cursor.at];
  if (quote !== '"' && quote !== "'") return `The value of ${attribute} must be quoted.`;
  const end = cursor.text.indexOf(quote, cursor.at + 1);
  if (end === -1 || cursor.text.slice(cursor.at, end).includes("<"))
    return `The value of ${attribute} is not closed.`;
  cursor.at += 1;
  const problem = references(cursor, end);
  if (problem === undefined) cursor.at = end + 1;
  return problem;
}

/** Reads what a sticky pattern matches here, or nothing. */
function take(cursor: Cursor, pattern: RegExp): string {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text)?.[0] ?? "";
  cursor.at += found.length;
  return found;
}
