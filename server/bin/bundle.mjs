// What the server runs from: its sources and the pure JavaScript of its dependencies, bundled into a few files
// (scripts/build-server.ts). Also for old Node.js: nothing newer than 18 in here.

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const server = join(dirname(fileURLToPath(import.meta.url)), "..");
const root = join(server, "..");

/** The sources of a checkout; a published package has none. */
export const sources = join(server, "src");

/** Where the bundle lies, in a checkout as in a published package. */
export const bundle = join(server, "dist");

/** What Node.js compiled, kept from start to start; inside the installation, where nobody else may write. */
export const compileCache = join(server, "node_modules", ".cache", "countersign");

/** What makes the bundle of a checkout. */
export const builder = join(root, "scripts", "build-server.ts");

/** Beside the bundle: the fingerprint of what it was made of. */
const stamp = "sources.txt";

/**
 * Tells from sizes and times, without reading, whether the sources or the dependencies are others: some milliseconds for hundreds of
 * files. npm writes the last of these files whenever it installs something.
 */
function fingerprint() {
  const digest = createHash("sha256");
  const parts = readdirSync(sources, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.m?[jt]s$/.test(name) && !/\.test\.ts$/.test(name))
    .sort()
    .map((name) => join(sources, name));
  for (const path of [...parts, builder, join(root, "node_modules", ".package-lock.json")]) {
    const { size, mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { size: 0, mtimeMs: 0 };
    digest.update(`${relative(root, path)} ${size} ${Math.floor(mtimeMs)}\n`);
  }
  return digest.digest("hex");
}

/** Whether the bundle is there and made of what lies here now. */
export function isBundled() {
  if (!existsSync(sources)) return true;
  const path = join(bundle, stamp);
  return existsSync(path) && readFileSync(path, "utf8") === fingerprint();
}

/** What the builder writes last, taken before it reads: name and text. */
export function stampOfNow() {
  return { name: stamp, text: fingerprint() };
}
