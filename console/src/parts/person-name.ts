import type { User } from "@countersign/client";

/** What a person is called: by name, else by the id that the calling system gave, else by ours. */
export function personName({ displayName, externalId, id }: User): string {
  return displayName ?? externalId ?? id;
}
