import { numberFacts } from "../engine/authenticators/destination.ts";
import type { EnrollmentStore } from "../engine/enrollments.ts";
import type { Authenticator, NumberFacts } from "../engine/model.ts";
import type { Vault } from "../engine/tools.ts";
import { planOfSaved } from "./destination-phone.ts";

const together = 200;

/**
 * Works out what the send rules know of telephone numbers that were saved before there were any. Resolves with how many; one
 * that cannot be read is of unknown type, which gets no message.
 */
export async function addNumberFacts(
  enrollments: Pick<EnrollmentStore, "withoutNumber" | "noteNumber">,
  vault: Pick<Vault, "open" | "mac">,
): Promise<number> {
  for (let done = 0; ; ) {
    const found = await enrollments.withoutNumber(together);
    if (found.length === 0) return done;
    await Promise.all(found.map((one) => enrollments.noteNumber(one, factsOf(one, vault))));
    done += found.length;
  }
}

function factsOf(authenticator: Authenticator, vault: Pick<Vault, "open" | "mac">): NumberFacts {
  const { organization, id, destination = "" } = authenticator;
  const place = { organization, table: "authenticators", column: "destination", row: id };
  try {
    const e164 = Buffer.from(vault.open(place, destination)).toString();
    return numberFacts(organization, e164, planOfSaved(e164), vault);
  } catch {
    return { callingCode: "", type: "unknown", prefix: "", position: 0 };
  }
}
