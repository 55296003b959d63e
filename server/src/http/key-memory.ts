import type { ApiKey } from "../engine/settings.ts";
import type { Clock } from "../engine/tools.ts";
import type { Principal } from "./access.ts";

/** Half of the most keys remembered: when the young half is full, the old half is forgotten. */
const generationSize = 5_000;
const negativeSize = 1_000;
const negativeTtlMs = 5_000;

export interface KnownKey {
  readonly key: ApiKey;
  readonly principal: Principal;
}

/** What is known about presented keys, by the SHA-256 of their text: memory holds no key. Bounded. */
export interface KeyMemory {
  recall(digest: string): KnownKey | undefined;
  remember(digest: string, known: KnownKey): void;
  /** Recently looked up and found to be no key. */
  isUnknown(digest: string): boolean;
  rememberUnknown(digest: string): void;
  /** Forgets one key, and everything that was unknown: it may have just been made. */
  forget(id: string): void;
}

export function createKeyMemory(clock: Clock): KeyMemory {
  let young = new Map<string, KnownKey>();
  let old = new Map<string, KnownKey>();
  const unknown = new Map<string, number>();

  function remember(digest: string, known: KnownKey): void {
    if (young.size >= generationSize) {
      old = young;
      young = new Map();
    }
    young.set(digest, known);
  }

  return {
    remember,
    recall(digest) {
      const fresh = young.get(digest);
      if (fresh !== undefined) return fresh;
      const known = old.get(digest);
      if (known !== undefined) remember(digest, known);
      return known;
    },
    isUnknown: (digest) => (unknown.get(digest) ?? 0) > clock.now(),
    rememberUnknown(digest) {
      if (unknown.size >= negativeSize) unknown.clear();
      unknown.set(digest, clock.now() + negativeTtlMs);
    },
    forget(id) {
      unknown.clear();
      for (const generation of [young, old]) {
        for (const [digest, known] of generation) if (known.key.id === id) generation.delete(digest);
      }
    },
  };
}
