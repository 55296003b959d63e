import { timingSafeEqual } from "node:crypto";
import { type ApiKeyMode, apiKeyDigest, parseApiKey } from "../engine/code/api-key.ts";
import type { ApiKey } from "../engine/settings.ts";
import type { SettingsStore } from "../engine/store.ts";
import type { Clock } from "../engine/tools.ts";
import type { Principal } from "./access.ts";

/** Half of the most keys remembered: when the young half is full, the old half is forgotten. */
const generationSize = 5_000;
const negativeSize = 1_000;
const negativeTtlMs = 5_000;
/** No key is nearly as long; what is longer is not even hashed. */
const maxKeyLength = 128;

/** Turns a presented API key into who is calling. */
export interface Principals {
  /**
   * Undefined for anything that is not a living key, whatever the reason. Answers at once for keys it remembers, and
   * without a look-up for texts that are no key at all.
   */
  find(presented: string): Principal | undefined | Promise<Principal | undefined>;
}

export interface PrincipalsTools {
  readonly settings: Pick<SettingsStore, "apiKey" | "onChange">;
  readonly clock: Clock;
  /** Only keys of this mode are taken; undefined: both. */
  readonly mode?: ApiKeyMode | undefined;
}

interface Entry {
  readonly key: ApiKey;
  readonly principal: Principal;
}

/**
 * Remembers by the SHA-256 of the presented text, so that memory holds no key. Order of checks for a key not
 * remembered: shape, checksum, id, digest in constant time, state. Expiry is looked at on every use; a change of API keys forgets what it concerns.
 */
export function createPrincipals(tools: PrincipalsTools): Principals {
  const { settings, clock, mode } = tools;
  let young = new Map<string, Entry>();
  let old = new Map<string, Entry>();
  const unknown = new Map<string, number>();
  const loading = new Map<string, Promise<Entry | undefined>>();
  let changes = 0;

  settings.onChange((change) => {
    if (change.collection !== "apiKeys") return;
    changes += 1;
    unknown.clear();
    loading.clear();
    for (const generation of [young, old]) {
      for (const [digest, entry] of generation) if (entry.key.id === change.id) generation.delete(digest);
    }
  });

  function remember(digest: string, entry: Entry): void {
    if (young.size >= generationSize) {
      old = young;
      young = new Map();
    }
    young.set(digest, entry);
  }

  function recall(digest: string): Entry | undefined {
    const fresh = young.get(digest);
    if (fresh !== undefined) return fresh;
    const entry = old.get(digest);
    if (entry !== undefined) remember(digest, entry);
    return entry;
  }

  function rememberUnknown(digest: string): void {
    if (unknown.size >= negativeSize) unknown.clear();
    unknown.set(digest, clock.now() + negativeTtlMs);
  }

  async function load(id: string, digest: string): Promise<Entry | undefined> {
    const changesBefore = changes;
    const key = await settings.apiKey(id);
    const entry = key !== undefined && sameDigest(key.digest, digest) ? toEntry(key) : undefined;
    // A key revoked while we read it must not be remembered as it was.
    if (changes === changesBefore) {
      if (entry === undefined) rememberUnknown(digest);
      else remember(digest, entry);
    }
    return entry;
  }

  function loadOnce(id: string, digest: string): Promise<Entry | undefined> {
    const begun = loading.get(digest);
    if (begun !== undefined) return begun;
    const begins = load(id, digest).finally(() => {
      if (loading.get(digest) === begins) loading.delete(digest);
    });
    loading.set(digest, begins);
    return begins;
  }

  return {
    find(presented) {
      if (presented.length > maxKeyLength) return undefined;
      // The digest before the checksum: it is the cheaper of the two, and for a remembered key the only one.
      const digest = apiKeyDigest(presented);
      const entry = recall(digest);
      if (entry !== undefined) return livePrincipal(entry, clock.now());
      const parsed = parseApiKey(presented);
      if (parsed === undefined || (mode !== undefined && parsed.mode !== mode)) return undefined;
      if ((unknown.get(digest) ?? 0) > clock.now()) return undefined;
      return loadOnce(parsed.id, digest).then((loaded) => loaded && livePrincipal(loaded, clock.now()));
    },
  };
}

function livePrincipal(entry: Entry, now: number): Principal | undefined {
  const { expiresAt, revokedAt } = entry.key;
  if (revokedAt !== undefined && revokedAt <= now) return undefined;
  if (expiresAt !== undefined && expiresAt <= now) return undefined;
  return entry.principal;
}

function toEntry(key: ApiKey): Entry {
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
