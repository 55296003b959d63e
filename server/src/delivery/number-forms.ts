/** `+49 151…` → `49151…`. */
export function digitsOf(text: string): string {
  return text.replace(/\D/g, "");
}

/** A number as most providers want it, without its plus; a name as it is. */
export function bareSender(from: string): string {
  return from.replace(/^\+(?=[0-9]+$)/, "");
}

/** The number that calls come from; undefined where only a name is known, which cannot call. */
export function callerOf(settings: {
  readonly from?: string | undefined;
  readonly callFrom?: string | undefined;
}): string | undefined {
  const { callFrom: caller = settings.from } = settings;
  return caller !== undefined && /^\+?[0-9]{3,15}$/.test(caller) ? caller : undefined;
}
