/** What a check found. A warning does not make `doctor` fail. */
export interface Finding {
  /** Stable word: `keys`, `store.integrity`, … */
  readonly check: string;
  readonly result: "ok" | "warning" | "failed" | "skipped";
  readonly message: string;
  /** What to do about it. */
  readonly remedy?: string;
}

export function ok(check: string, message: string): Finding {
  return { check, result: "ok", message };
}

export function warning(check: string, message: string, remedy: string): Finding {
  return { check, result: "warning", message, remedy };
}

export function failed(check: string, message: string, remedy: string): Finding {
  return { check, result: "failed", message, remedy };
}

export function skipped(check: string, message: string): Finding {
  return { check, result: "skipped", message };
}
