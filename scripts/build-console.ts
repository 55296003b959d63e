import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Builds the console when it was never built or its sources are newer, so that `npm start` is all a newcomer runs. */
const folder = fileURLToPath(new URL("../console/", import.meta.url));
const built = join(folder, "dist", "index.html");

const sources = [folder, fileURLToPath(new URL("../client/src/", import.meta.url))];
if (!existsSync(built) || Math.max(...sources.map(newest)) > statSync(built).mtimeMs) build();

function build(): void {
  let vite: string;
  try {
    vite = join(
      dirname(createRequire(join(folder, "package.json")).resolve("vite/package.json")),
      "bin/vite.js",
    );
  } catch {
    process.stderr.write("The console is not built, and its tools are not installed: it stays closed.\n");
    return;
  }
  process.stderr.write("Building the console, once …\n");
  const { status, stderr } = spawnSync(process.execPath, [vite, "build", "--logLevel", "error"], {
    cwd: folder,
    encoding: "utf8",
  });
  if (status !== 0) process.stderr.write(`The console could not be built and stays closed:\n${stderr}\n`);
}

function newest(from: string): number {
  return Math.max(
    ...readdirSync(from, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && !/[\\/](dist|node_modules|test)([\\/]|$)/.test(entry.parentPath))
      .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs),
  );
}
