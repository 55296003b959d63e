import type { Config } from "../../config/load.ts";
import { createOutbound } from "../../delivery/http.ts";
import type { DeliveryProvider, DeliveryTools } from "../../delivery/provider.ts";
import { createInbox } from "../../delivery/providers/inbox.ts";
import { createRegistry } from "../../delivery/registry.ts";
import type { Provider } from "../../engine/settings.ts";
import type { Keyring } from "../../store/keys/keyring.ts";
import type { Connection } from "../../store/sqlite/connection.ts";
import { type Finding, failed, ok, skipped, warning } from "./check.ts";

/** A probe that takes longer is given up. */
const probeTimeoutMs = 10_000;

/** Asks every enabled provider a harmless question. */
export async function checkProviders(
  config: Config,
  connection: Connection,
  keyring: Keyring,
): Promise<readonly Finding[]> {
  const registry = createRegistry([createInbox().provider]);
  const outbound = createOutbound({ allow: config.outboundAllow });
  try {
    const enabled = readProviders(connection).filter((provider) => provider.enabled);
    if (enabled.length === 0) {
      return [
        warning("providers", "No provider is enabled, so no code can be sent.", "Add one in the console."),
      ];
    }
    const findings: Finding[] = [];
    for (const provider of enabled) {
      const kind = registry.find(provider.kind);
      const tools: DeliveryTools = {
        fetch: outbound.fetch,
        addressesOf: outbound.addressesOf,
        signal: AbortSignal.timeout(probeTimeoutMs),
        secret: async (id) => secretOf(provider.organization, id, connection, keyring),
        now: () => Date.now(),
      };
      findings.push(await checkProvider(provider, kind, config, tools));
    }
    return findings;
  } finally {
    await outbound.close();
  }
}

async function checkProvider(
  provider: Provider,
  kind: DeliveryProvider | undefined,
  config: Config,
  tools: DeliveryTools,
): Promise<Finding> {
  const check = `providers.${provider.kind}`;
  const name = `"${provider.name}"`;
  if (kind === undefined) {
    return failed(
      check,
      `${name} is of the kind "${provider.kind}", which this version does not know.`,
      "Disable it.",
    );
  }
  if (kind.simulated) return simulated(check, name, config);
  if (kind.probe === undefined) return skipped(check, `${name} cannot be asked without sending a message.`);
  try {
    const { ok: works, message } = await kind.probe(provider.settings, tools);
    if (works) return ok(check, `${name}: ${message}`);
    return failed(check, `${name}: ${message}`, "Mend its settings or its credential in the console.");
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return failed(
      check,
      `${name} could not be asked: ${message}`,
      "Mend its settings, credential or network.",
    );
  }
}

function simulated(check: string, name: string, { mode, allowSimulatedDelivery }: Config): Finding {
  if (mode === "development") return ok(check, `${name} is simulated: good for trying out.`);
  const message = `${name} is simulated: its codes reach nobody, and who may read the inbox reads them.`;
  return allowSimulatedDelivery
    ? failed(check, message, "Disable it, and set COUNTERSIGN_ALLOW_SIMULATED_DELIVERY to false.")
    : warning(check, message, "Disable it; the server does not use it in production.");
}

interface DocumentRow {
  readonly id: string;
  readonly organization: string;
  readonly document: string;
}

function readProviders(connection: Connection): readonly Provider[] {
  return connection
    .prepare<unknown[], DocumentRow>(
      "SELECT id, organization, document FROM providers ORDER BY organization, id",
    )
    .all()
    .map(({ id, organization, document }) => ({ ...JSON.parse(document), id, organization }));
}

function secretOf(organization: string, id: string, connection: Connection, keyring: Keyring): string {
  const row = connection
    .prepare<unknown[], DocumentRow>(
      "SELECT id, organization, document FROM credentials WHERE organization = ? AND id = ?",
    )
    .get(organization, id);
  if (row === undefined) throw new Error(`There is no credential ${id}.`);
  const { secret } = JSON.parse(row.document) as { readonly secret: string };
  const place = { organization, table: "credentials", column: "secret", row: id };
  return Buffer.from(keyring.open(place, secret)).toString();
}
