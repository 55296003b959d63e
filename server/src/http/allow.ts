/**
 * Which methods the server's routes have at a path, for 405 with `Allow` (RFC 9110 §15.5.6). Only asked when no route
 * matched, so a plain comparison segment by segment is enough.
 */
export interface MethodTable {
  add(pattern: string, methods: string | readonly string[]): void;
  at(path: string): readonly string[];
}

export function createMethodTable(): MethodTable {
  const routes = new Map<string, { readonly segments: readonly string[]; readonly methods: Set<string> }>();
  return {
    add(pattern, methods) {
      const route = routes.get(pattern) ?? { segments: pattern.split("/"), methods: new Set<string>() };
      for (const method of typeof methods === "string" ? [methods] : methods) route.methods.add(method);
      routes.set(pattern, route);
    },
    at(path) {
      const given = path.split("/");
      const found = new Set<string>();
      for (const { segments, methods } of routes.values()) {
        if (matches(segments, given)) for (const method of methods) found.add(method);
      }
      return [...found].sort();
    },
  };
}

function matches(pattern: readonly string[], given: readonly string[]): boolean {
  if (pattern.at(-1) === "*")
    return given.length >= pattern.length && startsLike(pattern.slice(0, -1), given);
  return pattern.length === given.length && startsLike(pattern, given);
}

function startsLike(pattern: readonly string[], given: readonly string[]): boolean {
  return pattern.every(
    (segment, index) => segment === given[index] || (segment.startsWith(":") && given[index] !== ""),
  );
}
