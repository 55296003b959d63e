import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { OpenapiDocument } from "../../server/src/http/openapi.ts";
import { currentDocument, wireFile, wireOf } from "../scripts/wire.ts";
import { CountersignConnectionError, createClient } from "./index.ts";

let document: OpenapiDocument;
beforeAll(async () => {
  document = await currentDocument();
});

interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly takesBody: boolean;
}

function operationsOf({ paths }: OpenapiDocument): readonly Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, requestBody }]) => ({
      id: operationId,
      method: method.toUpperCase(),
      path,
      takesBody: requestBody !== undefined,
    })),
  );
}

type Method = (...values: unknown[]) => Promise<unknown> | AsyncIterable<unknown>;

function methodsOf(client: object): ReadonlyMap<string, Method> {
  return new Map(
    Object.entries(client).flatMap(([group, methods]) =>
      Object.entries(methods as Record<string, Method>).map(([name, call]) => [`${group}.${name}`, call]),
    ),
  );
}

/** Ids that only survive when each is encoded, and stands in its own place. */
const ids = ["first/one?", "second#one"];

describe("the client and the server's OpenAPI document", () => {
  test("the committed types are those of the document (else: npm run generate -w @countersign/client)", async () => {
    expect(readFileSync(wireFile, "utf8") === (await wireOf(document))).toBe(true);
  });

  test("every operation has a method of its name, and every method is an operation", () => {
    const client = createClient({ baseUrl: "http://localhost", apiKey: "cs_test_x" });
    expect([...methodsOf(client).keys()].sort()).toEqual(
      operationsOf(document)
        .map(({ id }) => id)
        .sort(),
    );
  });

  test("every method asks for the address of its operation", async () => {
    const asked: string[] = [];
    const client = createClient({
      baseUrl: "http://localhost/",
      apiKey: "cs_test_x",
      fetch: async (url, settings) => {
        asked.push(`${settings?.method} ${url} ${settings?.body}`);
        throw new TypeError("nobody is there");
      },
    });
    const methods = methodsOf(client);
    const expected: string[] = [];
    for (const { id, method, path, takesBody } of operationsOf(document)) {
      let place = 0;
      const address = path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(ids[place++]!));
      expected.push(`${method} http://localhost${address} ${takesBody ? '{"x":1}' : undefined}`);
      const answer = methods.get(id)!(...ids.slice(0, place), ...(takesBody ? [{ x: 1 }] : []));
      const made = Symbol.asyncIterator in answer ? answer[Symbol.asyncIterator]().next() : answer;
      await expect(made).rejects.toThrow(CountersignConnectionError);
    }
    expect(asked).toEqual(expected);
  });
});
