import { escapeXml } from "../xml/emit.ts";

/** How a value must be written so that the receiver reads exactly the value again. */
export type Escaping = "json" | "form" | "xml" | "text" | "url" | "header";

/** A text with `${name}` places; `${secret:name}` stands for a credential. */
export interface WireTemplate {
  /** Names in the order of their first use. */
  readonly names: readonly string[];
  /** One pass: what a value contains is never looked at again. Throws RangeError when a value is missing. */
  render(values: Readonly<Record<string, string>>, escaping: Escaping): string;
}

const place = /\$\{([^}]*)\}/g;

export function readTemplate(template: string): WireTemplate {
  const names = [...new Set([...template.matchAll(place)].map((match) => match[1] ?? ""))];
  return {
    names,
    render: (values, escaping) =>
      template.replace(place, (_whole, name: string) => {
        const value = Object.hasOwn(values, name) ? values[name] : undefined;
        if (value === undefined) {
          throw new RangeError("A value of the template is missing.");
        }
        return escapers[escaping](value.toWellFormed());
      }),
  };
}

const escapers: Readonly<Record<Escaping, (value: string) => string>> = {
  json: (value) => JSON.stringify(value).slice(1, -1),
  form: (value) => encodeURIComponent(value),
  url: (value) => encodeURIComponent(value),
  xml: escapeXml,
  text: (value) => value,
  // A field value is visible ASCII; anything else would end or garble the line.
  header: (value) => value.replace(/[^\x20-\x7e]/gu, (character) => encodeURIComponent(character)),
};
