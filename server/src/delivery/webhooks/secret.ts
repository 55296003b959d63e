import type { Random, Vault } from "../../engine/tools.ts";
import type { Webhook } from "../../engine/webhooks.ts";

/** Standard Webhooks asks for 24 to 64 bytes. */
const secretBytes = 32;

/** A new signing secret: `whsec_` and base64 of 32 random bytes. It is shown once. */
export function newWebhookSecret(random: Random): string {
  return `whsec_${Buffer.from(random.bytes(secretBytes)).toString("base64")}`;
}

type Column = "secret" | "previousSecret";
type Owner = Pick<Webhook, "id" | "organization">;

const placeOf = ({ id, organization }: Owner, column: Column) => ({
  organization,
  table: "webhooks",
  column,
  row: id,
});

export function sealWebhookSecret(webhook: Owner, secret: string, vault: Pick<Vault, "seal">): string {
  return vault.seal(placeOf(webhook, "secret"), secret);
}

/** The change that puts a new secret in the place of the present one, which goes on signing until `until`. */
export function rotatedSecret(
  webhook: Webhook,
  secret: string,
  until: number,
  vault: Pick<Vault, "seal" | "open">,
): Pick<Webhook, "secret" | "previousSecret" | "previousSecretUntil"> {
  const present = openText(webhook, "secret", webhook.secret, vault);
  return {
    secret: sealWebhookSecret(webhook, secret, vault),
    previousSecret: vault.seal(placeOf(webhook, "previousSecret"), present),
    previousSecretUntil: until,
  };
}

/** What signs at this moment, the newest first. */
export function secretsOf(webhook: Webhook, now: number, vault: Pick<Vault, "open">): readonly string[] {
  const { secret, previousSecret, previousSecretUntil = 0 } = webhook;
  const present = openText(webhook, "secret", secret, vault);
  if (previousSecret === undefined || previousSecretUntil <= now) return [present];
  return [present, openText(webhook, "previousSecret", previousSecret, vault)];
}

function openText(webhook: Owner, column: Column, sealed: string, vault: Pick<Vault, "open">): string {
  return Buffer.from(vault.open(placeOf(webhook, column), sealed)).toString();
}
