import { type KeyRow, wrappedBy } from "../../store/keys/key-rows.ts";
import type { Keyset } from "../../store/keys/keyset.ts";
import { readKeys } from "../../store/sqlite/parts.ts";
import { exits } from "../exit.ts";
import { configOf, keyringOf, keysetOf, openForReading } from "../folder.ts";
import type { FolderOptions } from "../options.ts";
import { show, table } from "../output.ts";

/** `countersign keys status` */
export function showKeys(options: FolderOptions) {
  const config = configOf(options);
  const keyset = keysetOf(config);
  const connection = openForReading(config);
  try {
    // Only to be sure that these keys belong together.
    keyringOf(connection, keyset);
    const rows = readKeys(connection).filter(({ purpose }) => purpose !== "check");
    const kek = kekStatus(keyset, readKeys(connection));
    const keys = rows.map((row) => ({
      kid: row.kid,
      purpose: row.purpose,
      ...(row.organization !== null && { organization: row.organization }),
      state: row.state,
      createdAt: new Date(row.createdAt).toISOString(),
      wrappedBy: wrappedBy(row),
    }));
    show(options, { keyFile: config.keyFile, kek, keys }, [
      ...table(
        ["KEY-ENCRYPTION KEY", "STATE", "WRAPS"],
        kek.map(({ kid, state, wraps }) => [kid, state, String(wraps)]),
      ),
      "",
      ...table(
        ["KEY", "PURPOSE", "STATE", "MADE", "WRAPPED BY", "ORGANIZATION"],
        keys.map((key) => [
          key.kid,
          key.purpose,
          key.state,
          key.createdAt,
          key.wrappedBy,
          key.organization ?? "",
        ]),
      ),
    ]);
    return exits.ok;
  } finally {
    connection.close();
  }
}

function kekStatus(keyset: Keyset, rows: readonly KeyRow[]) {
  return Object.keys(keyset.keys).map((kid) => ({
    kid,
    state: kid === keyset.active ? "active" : "decrypt",
    wraps: rows.filter((row) => wrappedBy(row) === kid).length,
  }));
}
