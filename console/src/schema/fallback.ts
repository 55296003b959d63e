/** A default as a placeholder says it; undefined when there is none worth saying. */
export function fallbackText(fallback: unknown): string | undefined {
  if (Array.isArray(fallback)) {
    const plain = fallback.every((one) => typeof one === "string" || typeof one === "number");
    return plain && fallback.length > 0 ? fallback.join(", ") : undefined;
  }
  if (typeof fallback === "number") return String(fallback);
  return typeof fallback === "string" && fallback !== "" ? fallback : undefined;
}
