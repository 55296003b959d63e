import type { MediaNode, OpenapiDocument, OperationNode, ParameterNode, SchemaNode } from "../openapi.ts";
import { exampleOfMedia, typeOf } from "./example.ts";
import { html, type Markup, page, prose } from "./html.ts";

interface Entry {
  readonly method: string;
  readonly path: string;
  readonly operation: OperationNode;
}

interface Section {
  readonly name: string;
  readonly description: string | undefined;
  readonly entries: readonly Entry[];
}

/** The API reference as one static page, from the OpenAPI document alone. `origin` is what the samples call. */
export function renderReference(document: OpenapiDocument, origin: string): string {
  const sections = sectionsOf(document);
  const { title, version, description } = document.info;
  return page(
    `${title} API`,
    html`${sections.map(renderNavigation)}`,
    html`<h1>${title} API <small>${version}</small></h1>
<p>${prose(description)}</p>
<p>Send an API key as ${html`<code>Authorization: Bearer cs_live_…</code>`}; each operation names the scope it needs. Bodies are JSON objects in UTF-8; a field that an operation does not know is refused. Lists come in pages: give ${html`<code>next</code>`} of one answer as ${html`<code>after</code>`} of the next request. Every code of an error is on the <a href="/docs/problems">problems page</a>.</p>
${sections.map((section) => renderSection(section, origin))}`,
  );
}

function sectionsOf(document: OpenapiDocument): readonly Section[] {
  const entries = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
    })),
  );
  const byTag = Map.groupBy(entries, (entry) => entry.operation.tags?.[0] ?? "other");
  const described = new Map((document.tags ?? []).map((tag) => [tag.name, tag.description]));
  const names = [...new Set([...described.keys(), ...byTag.keys()])];
  return names.flatMap((name) => {
    const found = byTag.get(name);
    return found === undefined ? [] : [{ name, description: described.get(name), entries: found }];
  });
}

function renderNavigation(section: Section): Markup {
  return html`<section><h2><a href="#tag-${section.name}">${section.name}</a></h2><ul>${section.entries.map(
    ({ operation }) =>
      html`<li><a href="#${operation.operationId}">${operation.summary ?? operation.operationId}</a></li>`,
  )}</ul></section>`;
}

function renderSection(section: Section, origin: string): Markup {
  return html`<section class="tag"><h2 id="tag-${section.name}">${section.name}</h2>
<p>${prose(section.description)}</p>
${section.entries.map((entry) => renderOperation(entry, origin))}</section>
`;
}

function renderOperation(entry: Entry, origin: string): Markup {
  const { method, path, operation } = entry;
  const scope = operation["x-scope"];
  return html`<article id="${operation.operationId}">
<h3><a href="#${operation.operationId}">${operation.summary ?? operation.operationId}</a></h3>
<p class="call"><span class="method ${method.toLowerCase()}">${method}</span> <code>${path}</code></p>
<p>${prose(operation.description)}</p>
<p class="facts">${scope === undefined ? "No key needed" : html`Scope <code>${scope}</code>`} · SDK <code>${operation.operationId}</code></p>
${renderParameters(operation.parameters ?? [])}
${renderBody(operation)}
<h4>Example</h4>
<pre tabindex="0"><code>${curlOf(entry, origin)}</code></pre>
<h4>Answers</h4>
${Object.entries(operation.responses).map(([status, response]) => renderResponse(status, response))}
</article>
`;
}

function renderParameters(parameters: readonly ParameterNode[]): Markup | undefined {
  if (parameters.length === 0) return undefined;
  const fields = parameters.map((parameter) =>
    renderField(parameter.name, { ...parameter.schema, description: parameter.description ?? "" }, [
      parameter.in,
      ...(parameter.required === true ? ["required"] : []),
    ]),
  );
  return html`<h4>Parameters</h4><dl>${fields}</dl>`;
}

function jsonOf(content: Readonly<Record<string, MediaNode>> | undefined): MediaNode | undefined {
  return content?.["application/json"];
}

function renderBody(operation: OperationNode): Markup | undefined {
  const schema = jsonOf(operation.requestBody?.content)?.schema;
  return schema === undefined ? undefined : html`<h4>Body</h4>${renderSchema(schema)}`;
}

function renderResponse(status: string, response: OperationNode["responses"][string]): Markup {
  const [type, media] = Object.entries(response.content ?? {})[0] ?? [];
  const example = media === undefined ? undefined : exampleOfMedia(media);
  const known = status.startsWith("2") ? media?.schema : undefined;
  const shown = typeof example === "string" ? example : JSON.stringify(example, undefined, 2);
  return html`<details${status.startsWith("2") ? html` open` : undefined}><summary><span class="status">${status}</span> ${response.description}</summary>
${type === undefined ? undefined : html`<p class="facts"><code>${type}</code></p>`}
${known === undefined ? undefined : renderSchema(known)}
${media?.schema?.$ref === undefined && shown !== undefined ? html`<pre tabindex="0"><code>${shown}</code></pre>` : undefined}
${problemLinks(media)}
</details>
`;
}

/** A problem is explained once, on its own page. */
function problemLinks(media: MediaNode | undefined): Markup | undefined {
  const codes = Object.keys(media?.examples ?? {});
  if (codes.length === 0 || media?.schema?.$ref === undefined) return undefined;
  return html`<p>${codes.map((code) => html`<a href="/docs/problems#${code}"><code>${code}</code></a> `)}</p>`;
}

function renderSchema(schema: SchemaNode): Markup {
  const properties = Object.entries(schema.properties ?? {});
  if (properties.length === 0) return html`<p>${prose(schema.description)}</p>`;
  const required = new Set(schema.required ?? []);
  return html`<dl>${properties.map(([name, property]) =>
    renderField(name, property, required.has(name) ? ["required"] : []),
  )}</dl>`;
}

function renderField(name: string, schema: SchemaNode, notes: readonly string[]): Markup {
  const inner = typeOf(schema) === "array" ? schema.items : schema;
  const nested = inner?.properties === undefined ? undefined : renderSchema(inner);
  const facts = [typeWords(schema), ...notes, ...limits(schema)];
  return html`<dt><code>${name}</code> <span class="facts">${facts.join(" · ")}</span></dt>
<dd>${prose(schema.description)}${nested}</dd>
`;
}

function typeWords(schema: SchemaNode): string {
  if (schema.enum !== undefined)
    return `one of ${schema.enum.map((value) => JSON.stringify(value)).join(", ")}`;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(typeWords))].join(" or ");
  const type = typeOf(schema) ?? "any";
  return type === "array" && schema.items !== undefined ? `list of ${typeWords(schema.items)}` : type;
}

function limits(schema: SchemaNode): string[] {
  const { minimum, maximum, minLength, maxLength } = schema;
  const words: string[] = [];
  if (minimum !== undefined || maximum !== undefined) words.push(`${minimum ?? ""}–${maximum ?? ""}`);
  if (maxLength !== undefined) words.push(`${minLength ?? 0}–${maxLength} characters`);
  if (schema.default !== undefined) words.push(`default ${JSON.stringify(schema.default)}`);
  return words;
}

function curlOf({ method, path, operation }: Entry, origin: string): string {
  const lines = [
    `curl${method === "GET" ? "" : ` -X ${method}`} ${origin}${path.replaceAll(/\{(\w+)\}/gu, "$$$1")}`,
  ];
  if (operation["x-scope"] !== undefined) lines.push('-H "Authorization: Bearer $COUNTERSIGN_KEY"');
  if (operation["x-idempotent"]) lines.push('-H "Idempotency-Key: $(uuidgen)"');
  const media = jsonOf(operation.requestBody?.content);
  if (media !== undefined) {
    lines.push(
      '-H "Content-Type: application/json"',
      `-d '${JSON.stringify(exampleOfMedia(media)).replaceAll("'", "'\\''")}'`,
    );
  }
  return lines.join(" \\\n  ");
}
