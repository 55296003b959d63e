import type { Format } from "./output.ts";

/** A line at the bottom of the terminal that tells how far long work is. */
export interface Progress {
  /** `total` undefined or 0: not known yet. */
  at(done: number, total?: number): void;
  end(): void;
}

const width = 30;
/** Redrawing more often than this costs more than the work. */
const leastPercent = 0.5;

/** Drawn on stderr, and only for a person: not with `--json`, not into a file or pipe. */
export function startProgress(label: string, format: Format): Progress {
  if (format.json || !process.stderr.isTTY) return { at: () => undefined, end: () => undefined };
  let drawn = -1;
  return {
    at: (done, total) => {
      const percent = total ? Math.min(100, (done / total) * 100) : 0;
      if (drawn >= 0 && total && Math.abs(percent - drawn) < leastPercent) return;
      drawn = percent;
      const full = Math.round((percent / 100) * width);
      const bar = total ? `[${"#".repeat(full)}${"-".repeat(width - full)}] ${Math.floor(percent)} %` : "";
      process.stderr.write(`\r\u001B[K${label} ${bar} ${done.toLocaleString("en")}`);
    },
    end: () => {
      if (drawn >= 0) process.stderr.write("\r\u001B[K");
    },
  };
}
