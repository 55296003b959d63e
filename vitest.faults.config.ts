import { defineConfig } from "vitest/config";

/** The rehearsals of disaster: real processes, real disks, a few minutes. */
export default defineConfig({
  test: {
    include: ["server/test/faults/**/*.test.ts"],
    testTimeout: 300_000,
    hookTimeout: 60_000,
    setupFiles: ["server/test/compile-cache.ts"],
    // They measure times and load the machine themselves: one file after another.
    maxWorkers: 1,
    fileParallelism: false,
    disableConsoleIntercept: true,
  },
});
