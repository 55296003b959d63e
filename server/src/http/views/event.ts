import { Type } from "typebox";
import { Time } from "../schemas.ts";

/** An event as `engine/audit/view.ts` writes it, for the documentation and the clients. */
export const EventSchema = Type.Object({
  id: Type.String({ description: "Unique, also across a restored backup; `webhook-id` of web-hooks." }),
  seq: Type.Integer({
    description: "Place in the record of this server; gaps belong to other organizations.",
  }),
  type: Type.String(),
  at: Time,
  organization: Type.String(),
  verification: Type.Optional(Type.String()),
  conversation: Type.Optional(Type.String()),
  publication: Type.Optional(Type.String()),
  user: Type.Optional(Type.String()),
  actor: Type.Optional(
    Type.String({ description: "`api_key:<id>`, `user:<id>`, `channel:<id>`, `cli` or `system`." }),
  ),
  details: Type.Object(
    {},
    { additionalProperties: true, description: "Ids, states, reasons and masked hints." },
  ),
});
