/** What a canonical text can be made of. An undefined member is left out, as JSON does. */
export type CanonicalValue =
  | string
  | number
  | boolean
  | null
  | readonly CanonicalValue[]
  | { readonly [name: string]: CanonicalValue | undefined };

/**
 * The one text of a JSON value (JSON Canonicalization Scheme, RFC 8785): members sorted by UTF-16 code units, no white
 * space, numbers and strings as ECMAScript writes them. Throws TypeError for what I-JSON excludes: a number that is not
 * finite, a string with a lone surrogate.
 */
export function canonicalize(value: CanonicalValue): string {
  if (typeof value === "string") {
    return canonicalString(value);
  }
  if (typeof value === "number") {
    return canonicalNumber(value);
  }
  if (value === null || typeof value === "boolean") {
    return String(value);
  }
  if (isList(value)) {
    return `[${value.map(canonicalize).join(",")}]`;
  }
  if (typeof value === "object") {
    return canonicalObject(value);
  }
  throw new TypeError(`A canonical text cannot hold a value of type ${typeof value}.`);
}

// Array.isArray does not narrow a readonly array out of the union.
function isList(value: CanonicalValue): value is readonly CanonicalValue[] {
  return Array.isArray(value);
}

function canonicalObject(value: { readonly [name: string]: CanonicalValue | undefined }): string {
  // The default order of sort() is by UTF-16 code units: RFC 8785 §3.2.3.
  const names = Object.keys(value).sort();
  let text = "";
  for (const name of names) {
    const member = value[name];
    if (member !== undefined) {
      text += `${text === "" ? "{" : ","}${canonicalString(name)}:${canonicalize(member)}`;
    }
  }
  return text === "" ? "{}" : `${text}}`;
}

const plainString = /^[ !#-[\]-~]*$/;

function canonicalString(value: string): string {
  // Most strings are ids and words: without a character to escape they only need quotes.
  if (plainString.test(value)) {
    return `"${value}"`;
  }
  if (!value.isWellFormed()) {
    throw new TypeError("A canonical text cannot hold a lone surrogate (RFC 8785 §3.2.2.2).");
  }
  return JSON.stringify(value);
}

function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) {
    throw new TypeError("A canonical text cannot hold a number that is not finite (RFC 8785 §3.2.2.3).");
  }
  return JSON.stringify(value);
}
