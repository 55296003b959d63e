import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { type OutputAsset, type OutputChunk, rolldown } from "rolldown";
import { bundle, compileCache, sources, stampOfNow } from "../server/bin/bundle.mjs";

/**
 * Bundles the server and the pure JavaScript of its dependencies into `server/dist`, from which it runs: a bundle needs less memory than two thousand
 * modules. Names and lines stay, so that a stack trace can be read.
 */

/** A server that runs may yet load a part of the bundle it was started from. */
const keepOldMs = 86_400_000;

/** The stand-alone verifier goes out with every evidence bundle, as a file. */
const verifier = join("engine", "audit", "verifier.mjs");

const stamp = stampOfNow();
const chunks = await makeChunks();
mkdirSync(dirname(join(bundle, verifier)), { recursive: true });
copyFileSync(join(sources, verifier), join(bundle, verifier));
// The entries come last, since they name the others, and then the word that all is there.
for (const { fileName, code } of chunks.toSorted(
  (one, other) => Number(one.isEntry) - Number(other.isEntry),
)) {
  put(fileName, code);
}
put("licenses.txt", licensesOf(chunks));
put(stamp.name, stamp.text);
removeOld(new Set(chunks.map(({ fileName }) => fileName)));
// Node.js never takes anything out of it.
rmSync(compileCache, { recursive: true, force: true });

async function makeChunks(): Promise<readonly OutputChunk[]> {
  const build = await rolldown({
    input: {
      main: join(sources, "main.ts"),
      writer: join(sources, "store/sqlite/writer.mjs"),
      batches: join(sources, "store/sqlite/batches.ts"),
    },
    platform: "node",
    // Native code cannot be bundled.
    external: ["better-sqlite3"],
  });
  const { output } = await build.generate({
    format: "esm",
    comments: false,
    entryFileNames: ({ name }) => (name === "writer" ? "writer.mjs" : "[name].js"),
    chunkFileNames: "[name]-[hash].js",
  });
  await build.close();
  return output.filter((part: OutputAsset | OutputChunk) => part.type === "chunk");
}

/** Whole or not at all: another process may be starting from this folder. */
function put(name: string, text: string): void {
  const path = join(bundle, name);
  const beside = `${path}.${process.pid}`;
  writeFileSync(beside, text);
  renameSync(beside, path);
}

/** The licenses of all packages of which something is in the bundle: their texts go where their code goes. */
function licensesOf(parts: readonly OutputChunk[]): string {
  const folders = new Set<string>();
  for (const path of parts.flatMap(({ modules }) => Object.keys(modules))) {
    const folder = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(path)?.[0];
    if (folder !== undefined) folders.add(folder);
  }
  return [...folders]
    .toSorted()
    .map(licenseOf)
    .join(`\n${"-".repeat(80)}\n\n`);
}

function licenseOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
  const texts = files.map((file) => readFileSync(join(folder, file), "utf8").trim());
  return `${[`${name} ${version} (${license})`, ...texts].join("\n\n")}\n`;
}

function removeOld(current: ReadonlySet<string>): void {
  const before = Date.now() - keepOldMs;
  for (const name of readdirSync(bundle)) {
    const path = join(bundle, name);
    if (!name.endsWith(".js") || current.has(name)) continue;
    if (existsSync(path) && statSync(path).mtimeMs < before) rmSync(path, { force: true });
  }
}
