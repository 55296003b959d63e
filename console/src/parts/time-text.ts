/** A moment in the reader's own zone, with its offset where a date is shown. */
export function clockText(at: string, language: string): string {
  return new Intl.DateTimeFormat(language, { timeStyle: "medium" }).format(new Date(at));
}

export function dayText(at: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium" }).format(new Date(at));
}

export function momentText(at: string | number, language: string): string {
  const format = new Intl.DateTimeFormat(language, {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "shortOffset",
  });
  return format.format(new Date(at));
}

/** Minutes and seconds until a moment: `4:59`; never negative. */
export function leftText(expiresAt: string, now: number): string {
  const seconds = Math.max(0, Math.ceil((Date.parse(expiresAt) - now) / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Seconds between two moments, to a tenth below a minute. */
export function laterText(from: string, to: string, language: string): string {
  const seconds = (Date.parse(to) - Date.parse(from)) / 1_000;
  const digits = seconds < 60 ? 1 : 0;
  return new Intl.NumberFormat(language, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(seconds);
}
