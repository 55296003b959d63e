import { matchAuthenticatorApp } from "../authenticators/totp.ts";
import { codeFields, equalBytes } from "../code/digest.ts";
import type { Guard, Verification } from "../model.ts";
import type { CheckCommand } from "../store.ts";
import type { EngineTools } from "../tools.ts";
import type { Change, Rows } from "./decision.ts";

/** Whether an answer is right, and what a right one spends. */
export type Answer =
  | { readonly right: true; readonly lastStep?: number; readonly changes: readonly Change[] }
  | { readonly right: false; readonly reason: "wrong" | "replayed" };

const wrong: Answer = { right: false, reason: "wrong" };

/** Compares an answer that was counted already. */
export function compare(
  verification: Verification,
  guard: Guard,
  command: CheckCommand,
  rows: Rows,
  tools: EngineTools,
): Answer {
  switch (verification.via) {
    case "totp":
      return compareTotp(verification, guard, command, rows, tools);
    case "recovery_code":
      return compareRecoveryCode(verification, command, rows);
    default:
      return compareCode(verification, command, tools);
  }
}

/** All candidates are compared whatever the first says, so that time tells nothing. */
function compareCode(verification: Verification, command: CheckCommand, tools: EngineTools): Answer {
  const { mac, kid, organization, id } = verification;
  if (mac === undefined || kid === undefined) return wrong;
  let right = false;
  for (const candidate of command.candidates) {
    const made = tools.vault.macWith(kid, "code", codeFields(organization, id, candidate));
    const equal = made !== undefined && equalBytes(made, mac);
    right = right || equal;
  }
  return right ? { right, changes: [] } : wrong;
}

/** RFC 6238 §5.2: a step is accepted once and none before it ever again. */
function compareTotp(
  verification: Verification,
  guard: Guard,
  command: CheckCommand,
  rows: Rows,
  tools: EngineTools,
): Answer {
  const authenticator = activeAuthenticator(verification, rows);
  if (!authenticator) return wrong;
  const step = matchAuthenticatorApp(authenticator, command.candidates, command.now, tools);
  if (step === undefined) return wrong;
  if (guard.lastStep !== undefined && step <= guard.lastStep) return { right: false, reason: "replayed" };
  return { right: true, lastStep: step, changes: [] };
}

/** The derived hash is compared with the stored one; a used code's row is spent in the same step. */
function compareRecoveryCode(verification: Verification, command: CheckCommand, rows: Rows): Answer {
  const { user, authenticator } = verification;
  if (command.recovery === undefined || user === undefined || authenticator === undefined) return wrong;
  if (!activeAuthenticator(verification, rows)) return wrong;
  const code = rows.recoveryCode(user, authenticator, command.recovery.selector);
  if (!code || !equalBytes(Buffer.from(code.hash), Buffer.from(command.recovery.hash))) return wrong;
  if (code.usedAt !== undefined) return { right: false, reason: "replayed" };
  const spent = { ...code, usedAt: command.now };
  return { right: true, changes: [{ write: "recovery_code", user, code: spent }] };
}

function activeAuthenticator(verification: Verification, rows: Rows) {
  const { organization, user, authenticator } = verification;
  if (user === undefined) return undefined;
  return rows
    .authenticators(organization, user)
    .find((one) => one.id === authenticator && one.status === "active");
}
