import type { Customer, ServiceTools } from "./external/client.ts";
import type { Run } from "./run.ts";

/** Whom the customer's services are asked about. */
export function customerOf({ facts, settings, conversation }: Run): Customer {
  const { subject, caller, called, variables } = facts;
  return { id: subject ?? variables?.[settings.ws.customerParam], session: conversation, caller, called };
}

/** How they are called in this run: a called number may make it a test call. */
export async function serviceToolsOf({ facts, settings, publication, tools }: Run): Promise<ServiceTools> {
  const { ws, testNumbers, environment } = settings;
  const isTest = facts.called !== undefined && testNumbers.includes(facts.called);
  const { authorization } = ws;
  return {
    fetch: tools.fetch,
    settings: ws,
    environment: isTest ? "test" : environment,
    authorization:
      authorization === undefined ? undefined : await tools.secretOf(publication.organization, authorization),
  };
}
