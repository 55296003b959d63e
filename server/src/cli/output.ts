/** What decides how a command talks: sentences for people, or JSON for programs. */
export interface Format {
  readonly json?: boolean | undefined;
}

/** Prints the one answer of a command: with `--json` exactly one JSON document, else its text. */
export function show(format: Format, value: unknown, text: readonly string[]): void {
  writeOut(format.json ? JSON.stringify(value, null, 2) : text.join("\n"));
}

/** Prints one of many answers of a command that follows something: one line of JSON, or its text. */
export function showNext(format: Format, value: unknown, text: string): void {
  writeOut(format.json ? JSON.stringify(value) : text);
}

/** A remark beside the answer; it never mixes with what a program reads. */
export function remark(text: string): void {
  process.stderr.write(`${text}\n`);
}

function writeOut(text: string): void {
  process.stdout.write(`${text}\n`);
}

/**
 * Text from elsewhere, safe for a terminal: control characters (which could move the cursor or set its title) and the marks
 * that reverse the reading direction become a visible sign.
 */
export function plain(text: string): string {
  return text.replace(unsafe, "\uFFFD");
}

const unsafe = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu;

/** Columns padded to the same width, two spaces between them. The width is counted in characters, not in cells. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const lines = [heads, ...rows.map((row) => row.map(plain))];
  const widths = heads.map((_head, column) =>
    Math.max(...lines.map((line) => [...(line[column] ?? "")].length)),
  );
  return lines.map((line) =>
    line
      .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - [...cell].length))
      .join("  ")
      .trimEnd(),
  );
}

/** A size for people: 12.3 MB. */
export function sizeText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
