import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  // The client of this checkout: no build of it comes first.
  resolve: {
    alias: { "@countersign/client": fileURLToPath(new URL("client/src/index.ts", import.meta.url)) },
  },
  test: {
    include: [
      "server/src/**/*.test.ts",
      "server/test/**/*.test.ts",
      "client/src/**/*.test.ts",
      "console/src/**/*.test.ts",
      "console/test/**/*.test.ts",
    ],
    exclude: ["server/test/faults/**", "**/node_modules/**"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    setupFiles: ["server/test/compile-cache.ts"],
    maxWorkers: 2,
  },
});
