/** Variables of a call as SWML names them: `call.from`, `request_response.say`, `prompt_value`. */
export type Values = Record<string, unknown>;

/** The value at a dotted path; undefined where there is none. */
export function valueAt(path: string, values: unknown): unknown {
  let value = values;
  for (const name of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Values)[name];
  }
  return value;
}

/** Puts values in the place of `${…}` and `%{…}`, however deep; a text that is nothing else becomes the value itself. */
export function filled(template: unknown, values: Values): unknown {
  if (typeof template === "string") return filledText(template, values);
  if (Array.isArray(template)) return template.map((one) => filled(one, values));
  if (typeof template !== "object" || template === null) return template;
  const members = Object.entries(template).map(([name, value]) => [name, filled(value, values)]);
  return Object.fromEntries(members);
}

function filledText(template: string, values: Values): unknown {
  const whole = /^[$%]\{([^{}]+)\}$/.exec(template);
  if (whole?.[1] !== undefined) return valueAt(whole[1].trim(), values) ?? "";
  return template.replace(/[$%]\{([^{}]+)\}/g, (_all, path: string) => {
    const value = valueAt(path.trim(), values) ?? "";
    return typeof value === "object" ? JSON.stringify(value) : String(value);
  });
}

/** @returns the text of a filled member; empty where there is none. */
export function textAt(name: string, values: Values): string {
  const value = values[name];
  return value === undefined || value === null ? "" : String(value);
}
