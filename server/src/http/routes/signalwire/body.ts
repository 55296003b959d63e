import { isUtf8 } from "node:buffer";
import { CountersignError } from "../../../engine/errors.ts";
import { parseJsonBody } from "../../../json/parse.ts";
import type { App } from "../../app.ts";

/** What a request says, and how: a form has texts only, so its numbers and booleans are read from them. */
export interface SurfaceBody {
  readonly form: boolean;
  /** A name that a form has more than once stands for the list of its values. */
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * JSON or a form, as clients of SignalWire send either. Version 1.0 of SignalWire's Perl client calls a form JSON, so what
 * comes as JSON and does not begin like it is tried as a form.
 */
export function takeJsonAndForms(app: App): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>(
    "*",
    { parseAs: "buffer" },
    (request, bytes, done: (error: Error | null, body?: SurfaceBody) => void) => {
      const { "content-encoding": encoding = "identity", "content-type": type } = request.headers;
      try {
        if (encoding !== "identity") throw notThis("The body must not be encoded.");
        done(null, readBody(bytes, type));
      } catch (error) {
        done(error as Error);
      }
    },
  );
}

const brace = 0x7b;
const equals = 0x3d;

function readBody(bytes: Buffer, contentType: string | undefined): SurfaceBody {
  const type = contentType?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (bytes.length === 0) return { form: true, values: {} };
  if (!isUtf8(bytes)) throw new CountersignError("invalid_json", "The body is not UTF-8.");
  switch (type) {
    case "application/json":
    case "":
      return firstOf(bytes) !== brace && bytes.includes(equals) ? readForm(bytes) : readJson(bytes);
    case "application/x-www-form-urlencoded":
      return readForm(bytes);
    default:
      throw notThis("The body must be application/json or application/x-www-form-urlencoded.");
  }
}

function notThis(sentence: string): CountersignError {
  return new CountersignError("unsupported_media_type", sentence);
}

/** First byte that is no white space of JSON (RFC 8259 §2). */
function firstOf(bytes: Buffer): number | undefined {
  return bytes.find((byte) => byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d);
}

function readJson(bytes: Buffer): SurfaceBody {
  return { form: false, values: parseJsonBody(bytes) };
}

function readForm(bytes: Buffer): SurfaceBody {
  const values = new Map<string, string | string[]>();
  for (const [name, value] of new URLSearchParams(bytes.toString())) {
    const before = values.get(name);
    values.set(name, before === undefined ? value : [before, value].flat());
  }
  return { form: true, values: Object.fromEntries(values) };
}
