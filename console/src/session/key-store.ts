const name = "countersign.key";

/** Where the key of this tab is kept. */
export type TabStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** The key of this tab; a browser that keeps nothing makes the session last until the page is loaded again. */
export function keptKey(storage: () => TabStorage): string | undefined {
  try {
    return storage().getItem(name) ?? undefined;
  } catch {
    return undefined;
  }
}

export function keepKey(key: string | undefined, storage: () => TabStorage): void {
  try {
    if (key === undefined) storage().removeItem(name);
    else storage().setItem(name, key);
  } catch {
    // Storage that is switched off is no reason to refuse: the key lives in memory then.
  }
}
