import { createHash, timingSafeEqual } from "node:crypto";
import { Type } from "typebox";
import { ChannelRejected, type ChannelRequest, type ChannelTools, type Published } from "./channel.ts";
import { demandConversation, stepAt } from "./turns.ts";

/** A shorter secret could be guessed over the network, so it opens nothing. */
export const leastKeyLength = 16;

/** The setting of a channel whose platform shows a secret of ours. */
export const accessKey = Type.String({
  format: "credential",
  minSecretLength: leastKeyLength,
  minLength: 1,
  description: `Credential with the key (at least ${leastKeyLength} characters) that the platform shows: in the URL as \`?key=\`, in the header \`X-Countersign-Key\` or \`X-API-Key\`, as bearer token, or as the password of basic authentication with any user name.`,
});

/**
 * Proves that the request shows the key of this credential. Every reason to refuse gives the same answer.
 *
 * @throws ChannelRejected 401
 */
export async function demandKey(
  request: ChannelRequest,
  credential: string,
  publication: Published<unknown>,
  tools: Pick<ChannelTools, "secretOf">,
): Promise<void> {
  const key = await tools.secretOf(publication.organization, credential);
  const shown = shownKeys(request).map((one) => isSameText(one, key));
  if (key.length >= leastKeyLength && shown.includes(true)) return;
  throw new ChannelRejected(401, "A valid key is needed.", {
    "www-authenticate": 'Basic realm="Countersign"',
  });
}

/**
 * For a platform that carries the key to the first address only: the start shows it. What follows goes to an address that
 * only the answers to a proved start name (`turnUrl`); a key that is shown there must still be right.
 *
 * @throws ChannelRejected 401, or 404 for a conversation that is not there.
 */
export async function demandKeyOrConversation(
  request: ChannelRequest,
  credential: string,
  publication: Published<unknown>,
  tools: Pick<ChannelTools, "secretOf" | "services">,
): Promise<void> {
  const place = stepAt(request);
  if (place === undefined || showsKey(request)) await demandKey(request, credential, publication, tools);
  if (place !== undefined) await demandConversation(place, publication, tools);
}

/** Whether a request shows any key at all, right or wrong. */
function showsKey(request: ChannelRequest): boolean {
  return shownKeys(request).length > 0;
}

function shownKeys({ query, headers }: ChannelRequest): readonly string[] {
  const found = [
    ...new URLSearchParams(query).getAll("key"),
    headers["x-countersign-key"],
    headers["x-api-key"],
    authorization(headers["authorization"]),
  ];
  return found.filter((one) => one !== undefined);
}

/** The token of `Bearer` (RFC 6750), or the password of `Basic` (RFC 7617). */
function authorization(header: string | undefined): string | undefined {
  const [, scheme = "", value = ""] = /^([A-Za-z]+) +(\S+) *$/.exec(header ?? "") ?? [];
  if (scheme.toLowerCase() === "bearer") return value;
  if (scheme.toLowerCase() !== "basic") return undefined;
  const login = Buffer.from(value, "base64").toString("utf8");
  const colon = login.indexOf(":");
  return colon < 0 ? undefined : login.slice(colon + 1);
}

/** In a time that depends on neither text. */
export function isSameText(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
