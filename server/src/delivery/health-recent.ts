/** Entries that were set lately: at least this many, at most twice as many. */
const remembered = 20_000;

/** Two generations, because a Map that loses its oldest key at every turn grows slow. */
export function createRecent<Value>() {
  let young = new Map<string, Value>();
  let old = young;
  return {
    get: (key: string): Value | undefined => young.get(key) ?? old.get(key),
    set(key: string, value: Value): void {
      if (young.size >= remembered) {
        old = young;
        young = new Map();
      }
      young.set(key, value);
    },
  };
}
