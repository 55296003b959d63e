import { type Static, Type } from "typebox";
import type { TemplatePreview } from "../../delivery/templates/preview.ts";
import type { TemplateProblem } from "../../delivery/templates/validate.ts";
import { deliveryVias } from "../../engine/model.ts";
import type { Template } from "../../engine/settings.ts";
import { Time } from "../schemas.ts";
import { isoTime } from "./verification.ts";

export const TemplateView = Type.Object({
  id: Type.String(),
  via: Type.Enum([...deliveryVias]),
  locale: Type.String(),
  app: Type.Optional(Type.String({ description: "Absent: for every app of the organization." })),
  text: Type.String(),
  sender: Type.Optional(Type.String()),
  subject: Type.Optional(Type.String()),
  webOtpDomain: Type.Optional(Type.String()),
  createdAt: Time,
  updatedAt: Time,
});

export function viewTemplate(template: Template): Static<typeof TemplateView> {
  const { id, via, locale, app, text, sender, subject, webOtpDomain, createdAt, updatedAt } = template;
  return {
    id,
    via,
    locale,
    ...(app !== undefined && { app }),
    text,
    ...(sender !== undefined && { sender }),
    ...(subject !== undefined && { subject }),
    ...(webOtpDomain !== undefined && { webOtpDomain }),
    createdAt: isoTime(createdAt),
    updatedAt: isoTime(updatedAt),
  };
}

export const PreviewView = Type.Object({
  text: Type.String({ description: "The message with a made-up code." }),
  subject: Type.Optional(Type.String()),
  encoding: Type.Optional(Type.Enum(["GSM-7", "UCS-2"], { description: "Of an SMS." })),
  units: Type.Optional(Type.Integer({ description: "Septets or UTF-16 code units." })),
  segments: Type.Optional(Type.Integer({ description: "Parts that the SMS is sent in." })),
  remaining: Type.Optional(Type.Integer({ description: "Units that still fit into the last part." })),
  firstOutside: Type.Optional(
    Type.Object(
      { character: Type.String(), position: Type.Integer() },
      { description: "The first character that is not in the GSM alphabet and makes parts short." },
    ),
  ),
  problems: Type.Array(
    Type.Object({
      field: Type.String(),
      code: Type.String(),
      problem: Type.String(),
      position: Type.Optional(Type.Integer()),
    }),
    { description: "Why it could not be saved; empty when it can." },
  ),
});

export function viewPreview(
  { text, subject, segments }: TemplatePreview,
  problems: readonly TemplateProblem[],
): Static<typeof PreviewView> {
  return {
    text,
    ...(subject !== undefined && { subject }),
    ...segments,
    problems: problems.map(({ field, code, problem, position }) => ({
      field,
      code,
      problem,
      ...(position !== undefined && { position }),
    })),
  };
}
