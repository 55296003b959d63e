import { type Static, Type } from "typebox";
import type { SignalwireProject } from "../../engine/settings.ts";
import { Time } from "../schemas.ts";
import { isoTime } from "./verification.ts";

export const SignalwireProjectView = Type.Object(
  {
    id: Type.String({ description: "Project id: the user name of Basic authentication." }),
    name: Type.String(),
    lastFour: Type.String({ description: "Last four characters of the token, to recognise it by." }),
    from: Type.Array(Type.String()),
    links: Type.Enum(["allowed", "refused"]),
    app: Type.Optional(Type.String()),
    createdAt: Time,
    updatedAt: Time,
  },
  { description: "A project without its token, which never comes back." },
);

export function viewSignalwireProject(project: SignalwireProject): Static<typeof SignalwireProjectView> {
  const { id, name, lastFour, from, links, app, createdAt, updatedAt } = project;
  return {
    id,
    name,
    lastFour,
    from: [...from],
    links,
    ...(app !== undefined && { app }),
    createdAt: isoTime(createdAt),
    updatedAt: isoTime(updatedAt),
  };
}
