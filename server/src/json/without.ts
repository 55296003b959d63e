/**
 * A JSON value without the single values at these pointers (RFC 6901), so that what is left of it can be looked at although
 * they are wrong. Objects and arrays stay.
 */
export function withoutValues(value: unknown, pointers: ReadonlySet<string>, at = ""): unknown {
  if (typeof value !== "object" || value === null) return pointers.has(at) ? undefined : value;
  if (Array.isArray(value)) return value;
  const members = Object.entries(value).map(([name, inner]) => [
    name,
    withoutValues(inner, pointers, `${at}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`),
  ]);
  return Object.fromEntries(members.filter(([, inner]) => inner !== undefined));
}
