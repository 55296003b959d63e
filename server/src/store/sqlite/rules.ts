import { hash } from "node:crypto";
import type { VerificationRules } from "../../engine/model.ts";
import type { Connection } from "./connection.ts";

/**
 * The rules that verifications captured. Thousands share the same ones, so each set is stored once, under the digest of its
 * text, and a verification's row holds that digest.
 */
export interface RulesTable {
  /** Stores the rules if they are new; runs inside the batch's transaction. */
  idOf(rules: VerificationRules): string;
  /** Throws for an id that was never stored: such a row cannot be judged. */
  rulesOf(id: string): VerificationRules;
  /** After a rollback: what was stored in it is not stored. */
  forget(): void;
}

/** Most sets of rules remembered; a server has a few per publication. */
const mostRemembered = 10_000;

export function createRulesTable(connection: Connection): RulesTable {
  const insert = connection.prepare(
    "INSERT INTO verification_rules (id, document) VALUES (?, ?) ON CONFLICT (id) DO NOTHING",
  );
  const select = connection.prepare<unknown[], { document: string }>(
    "SELECT document FROM verification_rules WHERE id = ?",
  );
  const stored = new Set<string>();
  const byId = new Map<string, VerificationRules>();
  let ids = new WeakMap<VerificationRules, string>();

  return {
    idOf: (rules) => {
      const known = ids.get(rules);
      if (known !== undefined && stored.has(known)) return known;
      const document = JSON.stringify(rules);
      const id = hash("sha256", document, "base64url").slice(0, 22);
      insert.run(id, document);
      if (stored.size >= mostRemembered) stored.clear();
      stored.add(id);
      ids.set(rules, id);
      return id;
    },
    rulesOf: (id) => {
      const known = byId.get(id);
      if (known) return known;
      const row = select.get(id);
      if (!row) throw new Error("a verification refers to rules that are not there");
      const rules: VerificationRules = JSON.parse(row.document);
      if (byId.size >= mostRemembered) byId.clear();
      byId.set(id, rules);
      return rules;
    },
    forget: () => {
      stored.clear();
      byId.clear();
      ids = new WeakMap();
    },
  };
}
