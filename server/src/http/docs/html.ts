/** HTML that may stand in a page as it is. Only {@link html} makes it, and only from escaped text. */
export interface Markup {
  readonly markup: string;
}

type Part = Markup | string | number | undefined | readonly Part[];

/** A template whose values are escaped, unless they are markup already. Undefined leaves nothing. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: texts.map((text, index) => text + render(parts[index])).join("") };
}

function render(part: Part): string {
  if (part === undefined) return "";
  if (typeof part === "string" || typeof part === "number") return escapeHtml(String(part));
  if ("markup" in part) return part.markup;
  return part.map(render).join("");
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** A sentence in which `backticks` mark code. */
export function prose(text: string | undefined): Markup {
  const pieces = (text ?? "").split("`");
  return html`${pieces.map((piece, index) => (index % 2 === 1 ? html`<code>${piece}</code>` : piece))}`;
}

/** A whole page: no script, one stylesheet. */
export function page(title: string, navigation: Markup, content: Markup): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="stylesheet" href="/docs/style.css">
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header><a class="brand" href="/docs">Countersign</a><nav class="top" aria-label="Pages"><a href="/docs">API</a><a href="/docs/problems">Problems</a><a href="/openapi.json">OpenAPI</a></nav></header>
<div class="columns">
<nav class="side" aria-label="On this page">${navigation}</nav>
<main id="content" tabindex="-1">${content}</main>
</div>
</body>
</html>
`.markup;
}
