import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import openapiTypescript, { astToString, type OpenAPI3 } from "openapi-typescript";
import { loadConfig } from "../../server/src/config/load.ts";
import { type OpenapiDocument, openapiDocument } from "../../server/src/http/openapi.ts";
import { openCountersign } from "../../server/src/server.ts";

/** Where the generated types stand. */
export const wireFile: URL = new URL("../src/wire.ts", import.meta.url);

/** Fixed, so that a release of the server alone does not make the types stale. */
const version = "1";

const head = `// Made from the server's OpenAPI document. Do not edit: npm run generate -w @countersign/client\n\n`;

/** The document that the server of this checkout serves; nothing listens, and the data folder is gone afterwards. */
export async function currentDocument(): Promise<OpenapiDocument> {
  const data = mkdtempSync(join(tmpdir(), "countersign-openapi-"));
  const environment = { COUNTERSIGN_LOG_LEVEL: "silent" };
  try {
    const server = await openCountersign(loadConfig({ data, demo: false }, environment), {
      environment,
      version,
      onFatal: (error) => {
        throw error;
      },
    });
    try {
      await server.app.ready();
      return openapiDocument(server.app);
    } finally {
      await server.close();
    }
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

/** The text of `wire.ts` for a document. */
export async function wireOf(document: OpenapiDocument): Promise<string> {
  const nodes = await openapiTypescript(granted(document) as unknown as OpenAPI3, { immutable: true });
  return head + astToString(nodes);
}

/** Every refusal has the one shape `Problem` and is thrown; described at each operation it would be nine tenths of the file. */
function granted(document: OpenapiDocument): OpenapiDocument {
  const paths = Object.entries(document.paths).map(([path, operations]) => [
    path,
    Object.fromEntries(
      Object.entries(operations).map(([method, operation]) => [
        method,
        {
          ...operation,
          responses: Object.fromEntries(
            Object.entries(operation.responses).filter(([status]) => status.startsWith("2")),
          ),
        },
      ]),
    ),
  ]);
  return { ...document, paths: Object.fromEntries(paths) };
}
