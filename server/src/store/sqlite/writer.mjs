import { enableCompileCache } from "node:module";
import { workerData } from "node:worker_threads";

// The entry of the writer thread, in plain JavaScript: with a compile cache nothing then needs to be translated from
// TypeScript, and the translator is not even loaded. A thread does not inherit the cache of the process.
if (workerData.compileCache !== undefined) enableCompileCache(workerData.compileCache);
await import(workerData.module);
