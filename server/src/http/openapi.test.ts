import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { beforeAll, describe, expect, it } from "vitest";
import { probeRoutes, startTestServer, type TestServer } from "../../test/http/parts.ts";
import { html, prose } from "./docs/html.ts";
import type { OpenapiDocument, OperationNode } from "./openapi.ts";
import { problemKinds } from "./problem.ts";
import { docsRoutes } from "./routes/docs.ts";
import { eventsRoutes } from "./routes/events.ts";
import { opsRoutes } from "./routes/ops.ts";

let server: TestServer;
let document: OpenapiDocument;

const noAudit = {
  after: async () => [],
  head: async () => 0,
  onAppend: () => undefined,
};

beforeAll(async () => {
  server = await startTestServer(({ timers, metrics }) => [
    opsRoutes({
      store: { ready: async () => undefined },
      metrics,
      access: { loopback: true },
      timers,
      jwks: () => ({ keys: [] }),
    }),
    docsRoutes({ origin: "https://mfa.example.com", tls: true }),
    eventsRoutes({
      store: { audit: noAudit },
      timers,
      metrics,
      limits: { maxStreams: 1, maxStreamsPerKey: 1 },
    }),
    probeRoutes([]),
  ]);
  document = (await server.app.inject("/openapi.json")).json();
});

const operations = (): [string, OperationNode][] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, node]): [string, OperationNode] => [`${method} ${path}`, node]),
  );

/** Every node of the document with its pointer. */
function walk(node: unknown, pointer = "#"): [string, Record<string, unknown>][] {
  if (typeof node !== "object" || node === null) return [];
  return [
    [pointer, node as Record<string, unknown>],
    ...Object.entries(node).flatMap(([key, child]) => walk(child, `${pointer}/${key}`)),
  ];
}

function resolve(pointer: string): unknown {
  return pointer
    .slice(2)
    .split("/")
    .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document);
}

describe("/openapi.json", () => {
  it("is OpenAPI 3.1 with only what 3.1 knows at the top", () => {
    expect(document.openapi).toBe("3.1.0");
    expect(document.info).toMatchObject({ title: "Countersign", version: "1.2.3" });
    const known = [
      "openapi",
      "info",
      "servers",
      "paths",
      "webhooks",
      "components",
      "security",
      "tags",
      "externalDocs",
    ];
    expect(Object.keys(document).filter((key) => !known.includes(key) && !key.startsWith("x-"))).toEqual([]);
  });

  it("every operation has an operationId of its own that could be a client method, a tag, a summary and answers", () => {
    const ids = operations().map(([, node]) => node.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain("events.stream");
    for (const [place, node] of operations()) {
      expect([place, node.operationId]).toEqual([
        place,
        expect.stringMatching(/^[a-z][A-Za-z]*\.[a-z][A-Za-z]*$/u),
      ]);
      expect(Object.keys(node.responses)).toContain("default");
      for (const response of Object.values(node.responses)) expect(response.description).not.toBe("");
    }
  });

  it("every path parameter is described, and nothing else is in the path", () => {
    for (const [path, methods] of Object.entries(document.paths)) {
      const inPath = [...path.matchAll(/\{(\w+)\}/gu)].map((match) => match[1]);
      for (const node of Object.values(methods)) {
        const described = (node.parameters ?? []).filter((parameter) => parameter.in === "path");
        expect(described.map((parameter) => [parameter.name, parameter.required])).toEqual(
          inPath.map((name) => [name, true]),
        );
      }
    }
  });

  it("every reference resolves", () => {
    const references = walk(document).flatMap(([, node]) =>
      typeof node["$ref"] === "string" ? [node["$ref"]] : [],
    );
    expect(references.length).toBeGreaterThan(0);
    for (const reference of references) expect([reference, resolve(reference)]).not.toContain(undefined);
  });

  it("ajv compiles every schema as JSON Schema 2020-12, and every example fits its schema", () => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
    addFormats.default(ajv);
    ajv.addSchema({ $id: "https://countersign.test/", ...document } as object, undefined, undefined, false);
    ajv.addVocabulary(["openapi", "info", "paths", "components", "tags", "example"]);
    let compiled = 0;
    for (const [pointer, node] of walk(document)) {
      if (!/\/(?:schema|schemas\/\w+)$/u.test(pointer)) continue;
      const { $ref, ...rest } = node;
      const schema = typeof $ref === "string" ? (resolve($ref) as object) : rest;
      const validate = ajv.compile(schema);
      for (const example of (node["examples"] as unknown[] | undefined) ?? []) {
        expect([pointer, validate(example), validate.errors]).toEqual([pointer, true, null]);
      }
      compiled += 1;
    }
    expect(compiled).toBeGreaterThan(10);
  });

  it("a problem as it is sent fits the problem schema of the document", async () => {
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    const validate = ajv.compile(resolve("#/components/schemas/Problem") as object);
    const key = server.keys.issue(["verifications:check"]);
    const sent = await Promise.all([
      server.app.inject("/nothing"),
      server.app.inject("/v1/events"),
      server.app.inject({
        method: "POST",
        url: "/v1/probes",
        headers: { authorization: `Bearer ${key}` },
        payload: { code: 1, extra: 2 },
      }),
    ]);
    for (const answer of sent)
      expect([answer.statusCode, validate(answer.json())]).toEqual([expect.any(Number), true]);
  });

  it("tells the scope, the key and what can go wrong", () => {
    const probe = document.paths["/v1/probes"]?.["post"];
    expect(probe?.security).toEqual([{ apiKey: [] }]);
    expect(probe?.["x-scope"]).toBe("verifications:check");
    expect(Object.keys(probe?.responses ?? {}).sort()).toEqual(
      ["200", "400", "401", "403", "409", "413", "415", "default"].sort(),
    );
    expect(probe?.parameters?.map((parameter) => parameter.name)).toEqual(["Idempotency-Key"]);
    expect(document.paths["/healthz"]?.["get"]?.security).toEqual([]);
  });

  it("does not show routes without an operationId", () => {
    expect(Object.keys(document.paths)).not.toContain("/metrics");
    expect(Object.keys(document.paths)).not.toContain("/docs");
  });
});

describe("/docs", () => {
  it("shows every operation with its call, scope, fields, answers and a sample", async () => {
    const { body, headers, statusCode } = await server.app.inject("/docs");
    expect([statusCode, headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
    for (const [place, node] of operations()) {
      expect([place, body.includes(`id="${node.operationId}"`)]).toEqual([place, true]);
    }
    expect(body).toContain("curl -X POST https://mfa.example.com/v1/probes");
    expect(body).toContain("<code>verifications:check</code>");
    expect(body).toContain("<dt><code>binding</code>");
    expect(body).toContain('href="/docs/problems#idempotency_conflict"');
  });

  it("shows every error code where `type` leads", async () => {
    const { body } = await server.app.inject("/docs/problems");
    for (const code of Object.keys(problemKinds)) expect(body).toContain(`<article id="${code}">`);
    const problem = (await server.app.inject("/nothing")).json();
    const [path, anchor] = problem.type.split("#");
    expect((await server.app.inject(path)).body).toContain(`id="${anchor}"`);
  });

  it("every link on the page leads somewhere, and every id is there once", async () => {
    for (const url of ["/docs", "/docs/problems"]) {
      const { body } = await server.app.inject(url);
      const ids = [...body.matchAll(/ id="([^"]+)"/gu)].map((match) => match[1]);
      expect(new Set(ids).size).toBe(ids.length);
      for (const [, target = ""] of body.matchAll(/href="([^"]+)"/gu)) {
        const [path = "", anchor] = target.split("#");
        const page = path === "" ? body : (await server.app.inject(path)).body;
        expect([target, anchor === undefined || page.includes(` id="${anchor}"`)]).toEqual([target, true]);
        if (path !== "") expect((await server.app.inject(path)).statusCode).toBe(200);
      }
    }
  });

  it("has one strict policy, which the page obeys: nothing inline, nothing foreign", async () => {
    for (const url of ["/docs", "/docs/problems"]) {
      const { body, headers } = await server.app.inject(url);
      expect(headers["content-security-policy"]).toBe(
        "default-src 'none';script-src 'self';style-src 'self';img-src 'self' data:;font-src 'self';connect-src 'self';form-action 'self';base-uri 'none';object-src 'none';frame-ancestors 'none';require-trusted-types-for 'script'",
      );
      expect(headers).toMatchObject({
        "cross-origin-opener-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "strict-transport-security": "max-age=31536000; includeSubDomains",
      });
      expect(body).not.toMatch(/<script|<style|\sstyle=|\son\w+=|src=|https?:\/\/(?!mfa\.example\.com)/u);
    }
  });

  it("escapes whatever stands in a description", () => {
    const text = `<img src=x onerror="alert('1')"> & \`<b>\``;
    expect(html`<p title="${text}">${text}</p>`.markup).not.toMatch(/<img|"alert|<b>/u);
    expect(prose(text).markup).toContain("<code>&lt;b&gt;</code>");
  });
});
