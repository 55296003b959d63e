import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { themeCss } from "./theme-css.ts";

export default defineConfig({
  root: import.meta.dirname,
  base: "/console/",
  plugins: [react(), themeCss()],
  // The client of this checkout, from its source: no build of it comes first.
  resolve: { conditions: ["countersign-source", "module", "browser", "development|production"] },
  build: {
    target: "es2022",
    // Nothing may be inlined: the policy allows files of this server only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1_000,
    reportCompressedSize: false,
  },
  server: {
    proxy: { "/v1": "http://127.0.0.1:8080", "/.well-known": "http://127.0.0.1:8080" },
  },
});
