import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

/**
 * What Node.js translated and compiled of our sources, kept between the processes and threads of the tests, as the launcher
 * keeps it for users. Without it every thread loads the translator, a WebAssembly module: slow, and with hundreds of short-lived
 * threads in one process V8 has been seen to crash in it.
 */
export const compileCache = fileURLToPath(
  new URL("../../node_modules/.cache/countersign-test", import.meta.url),
);

enableCompileCache(compileCache);
