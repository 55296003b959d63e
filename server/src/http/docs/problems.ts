import { problemKinds } from "../problem.ts";
import { html, page, prose } from "./html.ts";

/** Every error code with its status and what to do. The `type` of a problem leads here. */
export function renderProblems(): string {
  const kinds = Object.entries(problemKinds);
  return page(
    "Problems – Countersign API",
    html`<section><h2>Codes</h2><ul>${kinds.map(([code]) => html`<li><a href="#${code}">${code}</a></li>`)}</ul></section>`,
    html`<h1>Problems</h1>
<p>An error is an ${html`<code>application/problem+json</code>`} document (RFC 9457). Decide by its ${html`<code>code</code>`}: a code never changes its meaning, while the texts may.</p>
${kinds.map(
  ([code, kind]) => html`<article id="${code}">
<h3><a href="#${code}">${kind.title}</a></h3>
<p class="call"><span class="status">${kind.status}</span> <code>${code}</code></p>
<p>${prose(kind.help)}</p>
</article>
`,
)}`,
  );
}
