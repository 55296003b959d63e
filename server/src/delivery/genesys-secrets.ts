/** A value that belongs into the credential store. */
export interface DraftSecret {
  readonly reference: string;
  /** Suggested name of the credential. */
  readonly name: string;
  readonly value: string;
  readonly description: string;
}

/** Header fields whose values are secrets. */
export const secretName = /authorization|api-?_?key|token|secret|password|signature/i;
export const headerReference = "genesys:header:";
export const placeReference = "genesys:place:";

/** `name=value` in a URL or form, `"name":"value"` in JSON, where the name says that the value is a secret. */
const secretPair =
  /(["?&]|^)((?:api|auth|access)?_?-?(?:key|token|secret|pass|passwd|password|pwd))(=|"\s*:\s*")([^&"#\s$]+)/gi;

/** Takes secrets out of a text, each replaced by its place. */
export function liftSecrets(text: string, secrets: DraftSecret[]): string {
  return text.replace(secretPair, (_whole, before: string, name: string, between: string, value: string) => {
    const place = `s${secrets.length + 1}`;
    const isEncoded = between === "=";
    secrets.push({
      reference: `${placeReference}${place}`,
      name: `Genesys SMS ${name}`,
      value: isEncoded ? decoded(value) : value,
      description: `Field ${name} of the SMS gateway`,
    });
    return `${before}${name}${between}\${secret:${place}}`;
  });
}

/** It is encoded again when it is filled in. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll("+", " "));
  } catch {
    return value;
  }
}
