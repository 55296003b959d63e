import { Type } from "typebox";
import { previewTemplate, type TemplateDraft } from "../../delivery/templates/preview.ts";
import { validateTemplate } from "../../delivery/templates/validate.ts";
import { timeOrderedId } from "../../engine/code/random.ts";
import { CountersignError } from "../../engine/errors.ts";
import { type AppId, deliveryVias } from "../../engine/model.ts";
import type { EngineServices } from "../../engine/services.ts";
import type { Template } from "../../engine/settings.ts";
import { canonicalLocale } from "../../languages/negotiate.ts";
import { type Principal, principalOf, requireScope } from "../access.ts";
import type { App, RoutePlugin } from "../app.ts";
import { closed } from "../schemas.ts";
import { PreviewView, TemplateView, viewPreview, viewTemplate } from "../views/template.ts";
import { IdParameter, IdParameters } from "../views/verification.ts";
import { clearable, deleteRoute, demandApp, found, readRoutes, settingsEvent } from "./entries.ts";

const Text = Type.String({ minLength: 1, maxLength: 20_000, examples: [`Your code is \${OTPFMT}.`] });
const Sender = Type.String({
  minLength: 1,
  maxLength: 64,
  description: "Of an SMS at most 11 characters.",
});
const Subject = Type.String({ minLength: 1, maxLength: 200, description: "Of an e-mail." });
const WebOtpDomain = Type.String({
  minLength: 1,
  maxLength: 253,
  description: "Host of the line by which browsers fill in the code; of an SMS.",
});
const Locale = Type.String({ minLength: 1, maxLength: 35, description: "BCP 47.", examples: ["de"] });

const DraftBody = closed({
  via: Type.Enum([...deliveryVias]),
  locale: Locale,
  app: Type.Optional({ ...IdParameter, description: "Absent: for every app of the organization." }),
  text: Text,
  sender: Type.Optional(Sender),
  subject: Type.Optional(Subject),
  webOtpDomain: Type.Optional(WebOtpDomain),
});

const UpdateBody = closed({
  text: Type.Optional(Text),
  sender: clearable(Sender),
  subject: clearable(Subject),
  webOtpDomain: clearable(WebOtpDomain),
});

/** `/v1/templates`: the texts of messages. */
export function templateRoutes(services: EngineServices): RoutePlugin {
  const collection = services.store.settings.templates;
  const entries = {
    path: "/v1/templates",
    name: "templates",
    noun: "template",
    kind: "template",
    collection,
  };
  return (app) => {
    previewRoute(app, services);
    createRoute(app, services);
    readRoutes(app, { ...entries, view: TemplateView, viewOf: viewTemplate });
    updateRoute(app, services);
    deleteRoute(app, entries);
  };
}

function previewRoute(app: App, services: EngineServices): void {
  app.post(
    "/v1/templates/preview",
    {
      config: { access: requireScope("settings:read"), problems: ["not_found"] },
      schema: {
        operationId: "templates.preview",
        summary: "Show a text as it would be sent",
        description:
          "With a made-up code, how an SMS is cut into parts, and everything that is wrong with it.",
        tags: ["settings"],
        body: DraftBody,
        response: { 200: PreviewView },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const { app: appId, ...draft } = request.body;
      demandApp(principal, appId);
      const options = await optionsOf(principal, appId, services);
      return viewPreview(previewTemplate(draft, options), validateTemplate(draft, options));
    },
  );
}

/** What the text is judged by: the length of codes under the policy of the app, and the name it is sent under. */
async function optionsOf(principal: Principal, app: AppId | undefined, { settings }: EngineServices) {
  const { organization } = principal;
  const { policy } = await settings.scopeOf({ organization, app });
  return { codeLength: policy.codeLength, brand: await settings.displayNameOf(organization) };
}

/** Throws `invalid_template` with every problem at once. */
async function demandSound(
  draft: TemplateDraft,
  app: AppId | undefined,
  principal: Principal,
  services: EngineServices,
): Promise<void> {
  const problems = validateTemplate(draft, await optionsOf(principal, app, services));
  if (problems.length === 0) return;
  throw new CountersignError("invalid_template", "The template cannot be used.", { fields: problems });
}

function createRoute(app: App, services: EngineServices): void {
  app.post(
    "/v1/templates",
    {
      config: {
        idempotent: "by_answer",
        access: requireScope("settings:write"),
        problems: ["not_found", "invalid_template", "name_taken"],
      },
      schema: {
        operationId: "templates.create",
        summary: "Create a template",
        description: "One per way of delivery, language and app.",
        tags: ["settings"],
        body: DraftBody,
        response: { 201: TemplateView },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { body } = request;
      demandApp(principal, body.app);
      await demandSound(body, body.app, principal, services);
      const now = services.clock.now();
      const entity: Template = {
        ...body,
        id: timeOrderedId(now, services.random),
        organization: principal.organization,
        locale: canonicalLocale(body.locale) ?? body.locale,
        createdAt: now,
        updatedAt: now,
      };
      const event = settingsEvent("created", { kind: "template", id: entity.id }, principal);
      await services.store.settings.templates.insert(entity, event);
      return reply.code(201).send(viewTemplate(entity));
    },
  );
}

function updateRoute(app: App, services: EngineServices): void {
  const { templates } = services.store.settings;
  app.patch(
    "/v1/templates/:id",
    {
      config: {
        access: requireScope("settings:write"),
        problems: ["not_found", "invalid_template", "conflict"],
      },
      schema: {
        operationId: "templates.update",
        summary: "Change a template",
        description: "Fields not given stay as they are; null empties one.",
        tags: ["settings"],
        params: IdParameters,
        body: UpdateBody,
        response: { 200: TemplateView },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const { id } = request.params;
      const before = found(await templates.find(principal.organization, id), "template");
      demandApp(principal, before.app);
      const { text, sender, subject, webOtpDomain } = request.body;
      const draft: TemplateDraft = {
        via: before.via,
        locale: before.locale,
        text: text ?? before.text,
        sender: newValue(sender, before.sender),
        subject: newValue(subject, before.subject),
        webOtpDomain: newValue(webOtpDomain, before.webOtpDomain),
      };
      await demandSound(draft, before.app, principal, services);
      const fields = Object.keys(request.body);
      const event = settingsEvent("updated", { kind: "template", id, fields }, principal);
      return viewTemplate(
        found(await templates.update(principal.organization, id, request.body, event), "template"),
      );
    },
  );
}

function newValue(said: string | null | undefined, before: string | undefined): string | undefined {
  return said === undefined ? before : (said ?? undefined);
}
