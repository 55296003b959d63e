import type { FastifyRequest } from "fastify";
import { isProjectToken } from "../../../engine/code/project-token.ts";
import type { OrganizationId } from "../../../engine/model.ts";
import type { SignalwireProject } from "../../../engine/settings.ts";
import type { SettingsStore } from "../../../engine/store.ts";
import type { Vault } from "../../../engine/tools.ts";
import type { Principal } from "../../access.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Whose token the request holds; only on the SignalWire-compatible routes. */
    signalwireProject: SignalwireProject | undefined;
  }
}

export interface ProjectLogin {
  /** The project of an `Authorization: Basic` header (RFC 7617); undefined for anything else, whatever the reason. */
  find(authorization: string | undefined): Promise<SignalwireProject | undefined>;
  /** Whose project the header names, said at once and without any proof; undefined when it has not logged in lately. */
  organizationOf(authorization: string | undefined): OrganizationId | undefined;
}

interface Remembered {
  readonly asked: Promise<SignalwireProject | undefined>;
  /** What came of it, once it has. */
  project: SignalwireProject | undefined;
}

interface LoginTools {
  readonly settings: Pick<SettingsStore, "signalwireProject" | "onChange">;
  readonly vault: Vault;
}

const longestHeader = 1_024;
const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** Most projects remembered; then memory starts anew. Unknown ones are not remembered. */
const mostProjects = 1_000;

export function createProjectLogin({ settings, vault }: LoginTools): ProjectLogin {
  const known = new Map<string, Remembered>();
  settings.onChange(({ collection, id }) => {
    if (collection === "signalwireProjects") known.delete(id);
  });
  const projectOf = (id: string) => {
    const remembered = known.get(id);
    if (remembered !== undefined) return remembered.asked;
    if (known.size >= mostProjects) known.clear();
    const begins: Remembered = { asked: settings.signalwireProject(id), project: undefined };
    known.set(id, begins);
    const forget = () => {
      if (known.get(id) === begins) known.delete(id);
    };
    begins.asked.then((project) => {
      begins.project = project;
      if (project === undefined) forget();
    }, forget);
    return begins.asked;
  };
  return {
    find: async (authorization) => {
      const given = readBasic(authorization);
      if (given === undefined) return undefined;
      const project = uuid.test(given.project) ? await projectOf(given.project) : undefined;
      return isProjectToken(given, project?.tokenDigest, vault) ? project : undefined;
    },
    organizationOf: (authorization) =>
      known.get(readBasic(authorization)?.project ?? "")?.project?.organization,
  };
}

function readBasic(authorization: string | undefined) {
  if (authorization === undefined || authorization.length > longestHeader) return undefined;
  const [, credentials] = /^basic +([a-z0-9+/]+=*)$/i.exec(authorization) ?? [];
  if (credentials === undefined) return undefined;
  const text = Buffer.from(credentials, "base64").toString();
  const colon = text.indexOf(":");
  if (colon < 1 || colon === text.length - 1) return undefined;
  return { project: text.slice(0, colon).toLowerCase(), token: text.slice(colon + 1) };
}

/** The project of a request that passed the login. Throws where there was none: that is a bug, and fails closed. */
export function projectOf(request: FastifyRequest): SignalwireProject {
  if (request.signalwireProject === undefined) throw new Error("This route has no project: it has no login.");
  return request.signalwireProject;
}

/** The project as a caller of the engine. It holds no scope: the routes of the surface are all that it opens. */
export function callerOf({ id, organization, app }: SignalwireProject): Principal {
  const actor = `signalwire:${id}`;
  return { organization, apiKeyId: actor, scopes: new Set(), app, actor };
}
