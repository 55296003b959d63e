/** Header fields that belong to the connection or to the HTTP library, never to settings (RFC 9110 §7.6.1, RFC 9112 §6). */
const reserved = new Set([
  "host",
  "content-length",
  "transfer-encoding",
  "connection",
  "keep-alive",
  "upgrade",
  "expect",
  "te",
  "trailer",
  "accept-encoding",
  "proxy-authorization",
  "proxy-connection",
]);

/** RFC 9110 §5.6.2 token. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,128}$/;

/** What is wrong with a header of a request, as a sentence without its value; undefined when nothing is. */
export function headerProblem(name: string, value: string): string | undefined {
  if (!token.test(name)) {
    return "The header name is not an HTTP token.";
  }
  if (reserved.has(name.toLowerCase())) {
    return `The header ${name} is set by the server itself.`;
  }
  // Visible ASCII, space and tab only: nothing that can end the line or change meaning on the way.
  return /^[\t\x20-\x7e]*$/.test(value)
    ? undefined
    : `The value of ${name} holds characters that a header cannot carry.`;
}
