import { timingSafeEqual } from "node:crypto";
import { type ApiKeyMode, apiKeyDigest, parseApiKey } from "../engine/code/api-key.ts";
import type { ApiKey } from "../engine/settings.ts";
import type { SettingsStore } from "../engine/store.ts";
import type { Clock } from "../engine/tools.ts";
import type { Principal } from "./access.ts";
import { createKeyMemory, type KnownKey } from "./key-memory.ts";

/** No key is nearly as long; what is longer is not even hashed. */
const maxKeyLength = 128;

/** Turns a presented API key into who is calling. */
export interface Principals {
  /**
   * Undefined for anything that is not a living key, whatever the reason. Answers at once for keys it remembers, and
   * without a look-up for texts that are no key at all.
   */
  find(presented: string): Principal | undefined | Promise<Principal | undefined>;
  /** The same, but what has to be looked up is only when the caller says so. */
  recall(presented: string): Principal | undefined | LookUp;
}

/** Asks the store for a key. */
export type LookUp = () => Promise<Principal | undefined>;

export interface PrincipalsTools {
  readonly settings: Pick<SettingsStore, "apiKey" | "onChange">;
  readonly clock: Clock;
  /** Only keys of this mode are taken; undefined: both. */
  readonly mode?: ApiKeyMode | undefined;
}

/**
 * Order of checks for a key not remembered: shape, checksum, id, digest in constant time, state. Expiry is looked at on
 * every use; a change of API keys forgets what it concerns.
 */
export function createPrincipals(tools: PrincipalsTools): Principals {
  const { settings, clock, mode } = tools;
  const memory = createKeyMemory(clock);
  const loading = new Map<string, Promise<KnownKey | undefined>>();
  let changes = 0;

  settings.onChange((change) => {
    if (change.collection !== "apiKeys") return;
    changes += 1;
    loading.clear();
    memory.forget(change.id);
  });

  async function load(id: string, digest: string): Promise<KnownKey | undefined> {
    const changesBefore = changes;
    const key = await settings.apiKey(id);
    const known = key !== undefined && sameDigest(key.digest, digest) ? toKnown(key) : undefined;
    // A key revoked while we read it must not be remembered as it was.
    if (changes === changesBefore) {
      if (known === undefined) memory.rememberUnknown(digest);
      else memory.remember(digest, known);
    }
    return known;
  }

  function loadOnce(id: string, digest: string): Promise<KnownKey | undefined> {
    const begun = loading.get(digest);
    if (begun !== undefined) return begun;
    const begins = load(id, digest).finally(() => {
      if (loading.get(digest) === begins) loading.delete(digest);
    });
    loading.set(digest, begins);
    return begins;
  }

  function recall(presented: string): Principal | undefined | LookUp {
    if (presented.length > maxKeyLength) return undefined;
    // The digest before the checksum: it is the cheaper of the two, and for a remembered key the only one.
    const digest = apiKeyDigest(presented);
    const known = memory.recall(digest);
    if (known !== undefined) return livePrincipal(known, clock.now());
    const parsed = parseApiKey(presented);
    if (parsed === undefined || (mode !== undefined && parsed.mode !== mode)) return undefined;
    if (memory.isUnknown(digest)) return undefined;
    return () => loadOnce(parsed.id, digest).then((loaded) => loaded && livePrincipal(loaded, clock.now()));
  }

  return {
    recall,
    find(presented) {
      const found = recall(presented);
      return typeof found === "function" ? found() : found;
    },
  };
}

function livePrincipal(known: KnownKey, now: number): Principal | undefined {
  const { expiresAt, revokedAt } = known.key;
  if (revokedAt !== undefined && revokedAt <= now) return undefined;
  if (expiresAt !== undefined && expiresAt <= now) return undefined;
  return known.principal;
}

function toKnown(key: ApiKey): KnownKey {
  return {
    key,
    principal: {
      organization: key.organization,
      apiKeyId: key.id,
      scopes: new Set(key.scopes),
      app: key.app,
      actor: `api_key:${key.id}`,
    },
  };
}

function sameDigest(stored: string, presented: string): boolean {
  const left = Buffer.from(stored, "hex");
  const right = Buffer.from(presented, "hex");
  return left.length === right.length && timingSafeEqual(left, right);
}
