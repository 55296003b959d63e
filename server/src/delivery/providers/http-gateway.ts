import { meaningOf, plainCode, readJson, referenceFrom, textAt } from "../answers.ts";
import { failureOfError, failureOfStatus } from "../failure.ts";
import { gatewayProblems, type HttpGatewaySettings, httpGatewaySettings } from "../gateway-settings.ts";
import type {
  DeliveryFailure,
  DeliveryProvider,
  DeliveryResult,
  DeliveryTools,
  OutboundMessage,
  OutboundResponse,
} from "../provider.ts";
import { readTemplate } from "../wire-template.ts";

const defaultTimeoutMs = 5_000;

/** Any gateway that takes one HTTP request per message, described in a form. */
export const httpGateway: DeliveryProvider<HttpGatewaySettings> = {
  id: "http-gateway",
  title: "HTTP gateway",
  vias: ["sms", "voice", "email"],
  settings: httpGatewaySettings,
  validate: gatewayProblems,
  async send(message, settings, tools) {
    const secrets = await readSecrets(settings, tools);
    const values = valuesOf(message, settings, secrets.named);
    try {
      const answer = await tools.fetch(readTemplate(settings.url).render(values, "url"), {
        method: settings.method,
        headers: headersOf(settings, values, secrets.headers),
        body: bodyOf(settings, values),
        timeoutMs: settings.timeoutMs ?? defaultTimeoutMs,
        signal: tools.signal,
        ca: settings.ca,
      });
      return readAnswer(answer, settings, message);
    } catch (error) {
      // A template that names what is not there never leaves this process.
      return { ok: false, reason: error instanceof RangeError ? "configuration" : failureOfError(error) };
    }
  },
};

interface Secrets {
  readonly named: Readonly<Record<string, string>>;
  /** Whole values of header fields, by position. */
  readonly headers: ReadonlyMap<number, string>;
}

async function readSecrets(settings: HttpGatewaySettings, tools: DeliveryTools): Promise<Secrets> {
  const named: Record<string, string> = {};
  for (const entry of settings.secrets ?? []) {
    named[`secret:${entry.name}`] = await tools.secret(entry.credential);
  }
  const headers = new Map<number, string>();
  for (const [index, entry] of (settings.headers ?? []).entries()) {
    if (entry.credential !== undefined) {
      headers.set(index, await tools.secret(entry.credential));
    }
  }
  return { named, headers };
}

function valuesOf(
  message: OutboundMessage,
  settings: HttpGatewaySettings,
  secrets: Secrets["named"],
): Readonly<Record<string, string>> {
  const number = message.via === "email" ? message.to : message.to.replace(/^\+/, "");
  const plus = message.via !== "email" && (settings.plusPrefix ?? true) ? "+" : "";
  return {
    ...secrets,
    to: `${plus}${number}`,
    text: message.text,
    from: message.from ?? "",
    clientRef: message.id,
    lang: message.locale,
    via: message.via,
  };
}

const mediaTypes = {
  json: "application/json",
  form: "application/x-www-form-urlencoded",
  xml: "application/xml; charset=utf-8",
  text: "text/plain; charset=utf-8",
} as const;

function headersOf(
  settings: HttpGatewaySettings,
  values: Readonly<Record<string, string>>,
  secrets: Secrets["headers"],
): Record<string, string> {
  const headers: Record<string, string> = {};
  if (settings.bodyTemplate !== undefined && settings.method !== "GET") {
    headers["content-type"] = mediaTypes[settings.contentType ?? "json"];
  }
  for (const [index, entry] of (settings.headers ?? []).entries()) {
    headers[entry.name.toLowerCase()] =
      secrets.get(index) ?? readTemplate(entry.value ?? "").render(values, "header");
  }
  return headers;
}

function bodyOf(settings: HttpGatewaySettings, values: Readonly<Record<string, string>>): string | undefined {
  return settings.bodyTemplate === undefined || settings.method === "GET"
    ? undefined
    : readTemplate(settings.bodyTemplate).render(values, settings.contentType ?? "json");
}

function readAnswer(
  answer: OutboundResponse,
  settings: HttpGatewaySettings,
  message: OutboundMessage,
): DeliveryResult {
  const parsed = readJson(answer.body);
  const code = codeOf(answer, parsed, settings);
  const kept = plainCode(code, message);
  const mapped = meaningOf(code, settings.errorMap ?? {});
  if (mapped !== undefined) {
    return { ok: false, reason: mapped, ...(kept && { providerCode: kept }) };
  }
  if (!isSuccessStatus(answer.status, settings)) {
    return { ok: false, reason: failureOfStatus(answer.status), providerCode: kept ?? `${answer.status}` };
  }
  const wrong = contradiction(answer.body, parsed, settings);
  if (wrong !== undefined) {
    return { ok: false, reason: wrong, ...(kept && { providerCode: kept }) };
  }
  const reference =
    settings.idPath === undefined
      ? undefined
      : referenceFrom(wordAt(parsed, answer.body, settings.idPath)?.slice(0, 200));
  return reference === undefined ? { ok: true } : { ok: true, reference };
}

function isSuccessStatus(status: number, settings: HttpGatewaySettings): boolean {
  return settings.success?.statusCodes?.includes(status) ?? (status >= 200 && status < 300);
}

/** Why an answer with a good status is not a yes. An answer that cannot be read leaves open what happened. */
function contradiction(
  body: string,
  parsed: unknown,
  settings: HttpGatewaySettings,
): DeliveryFailure | undefined {
  const { jsonPath, equals, contains } = settings.success ?? {};
  if (jsonPath !== undefined) {
    const value = wordAt(parsed, body, jsonPath);
    if (value === undefined) {
      return "ambiguous";
    }
    if (equals !== undefined && value !== equals) {
      return "rejected";
    }
  }
  return contains === undefined || body.includes(contains) ? undefined : "rejected";
}

function codeOf(
  answer: OutboundResponse,
  parsed: unknown,
  settings: HttpGatewaySettings,
): string | undefined {
  return settings.errorPath === undefined ? undefined : wordAt(parsed, answer.body, settings.errorPath);
}

/** What stands at a path; the empty path is the whole answer as text. */
function wordAt(parsed: unknown, body: string, path: string): string | undefined {
  return path === "" ? body.trim() : textAt(parsed, path);
}
