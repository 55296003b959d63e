import { decodeBase32 } from "../../src/engine/code/base32.ts";
import { hotp, totpStep } from "../../src/engine/code/totp.ts";
import type { Arena } from "./arena.ts";

/** An enrolled authenticator app of a person. */
export interface AuthenticatorApp {
  readonly id: string;
  /** Base32, as it was shown once. */
  readonly secret: string;
  /** The code of the current time step, or of one `steps` away. */
  codeAt(steps: number): string;
}

/** Enrolls an app; its own step is spent by the confirmation, so the clock goes on by two. */
export async function enrollApp(user: string, arena: Arena): Promise<AuthenticatorApp> {
  const begun = await arena.admin.post(`/v1/users/${user}/enrollments`, { kind: "totp" });
  const secret = String(begun.body["secret"]);
  const seed = decodeBase32(secret);
  if (seed === undefined) throw new Error("The seed is not Base32.");
  const codeAt = (steps: number) => hotp(seed, totpStep(arena.clock.at, 30) + steps, 6, "SHA1");
  const { id } = begun.body;
  const confirmed = await arena.admin.post(`/v1/users/${user}/enrollments/${id}/confirm`, {
    code: codeAt(0),
  });
  if (confirmed.status !== 200) throw new Error(`not confirmed: ${JSON.stringify(confirmed.body)}`);
  arena.clock.at += 60_000;
  return { id, secret, codeAt };
}

/** The printed recovery codes of a new set. */
export async function recoveryCodes(user: string, arena: Arena): Promise<readonly string[]> {
  const { body } = await arena.admin.post(`/v1/users/${user}/enrollments`, { kind: "recovery_code" });
  return body["codes"] as readonly string[];
}
