import type { Role, User } from "../../../engine/model.ts";
import type { EngineServices } from "../../../engine/services.ts";
import { demandScope, type Principal } from "../../access.ts";
import { found } from "../entries.ts";

/**
 * Who decides how an operator or admin is recognised could become one: only a key with the scope `admin` may give such a
 * role, or change a person who has one.
 */
export function demandRole(principal: Principal, role: Role): void {
  if (role !== "member") demandScope(principal, "admin");
}

/** A user whom this caller may change. Throws `not_found`, and `forbidden` for operators and admins. */
export async function managedUser(id: string, principal: Principal, services: EngineServices): Promise<User> {
  const user = found(await services.store.users.find(principal.organization, id), "user");
  demandRole(principal, user.role);
  return user;
}
