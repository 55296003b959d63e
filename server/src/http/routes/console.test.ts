import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../../../test/http/parts.ts";
import { consoleRoutes } from "./console.ts";

let folder: string;
let open: TestServer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "countersign-console-"));
  open = await startTestServer(() => [consoleRoutes({ folder: join(folder, "dist"), tls: false })]);
});
afterEach(async () => {
  await open.app.close();
  rmSync(folder, { recursive: true, force: true });
});

function build(): void {
  mkdirSync(join(folder, "dist/assets"), { recursive: true });
  writeFileSync(join(folder, "dist/index.html"), "<!doctype html><title>built</title>");
  writeFileSync(join(folder, "dist/assets/main-1a2b.js"), "export {};");
  writeFileSync(join(folder, "secret.txt"), "secret");
}

const get = (url: string) => open.app.inject({ url });

describe("/console/", () => {
  it("says how to build it, and serves it once it is built, without a new start", async () => {
    const before = await get("/console/");
    expect(before.statusCode).toBe(404);
    expect(before.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(before.body).toContain("npm run build -w @countersign/console");
    build();
    const after = await get("/console/");
    expect([after.statusCode, after.body]).toEqual([200, "<!doctype html><title>built</title>"]);
  });

  it("has one page for every address within it, asked for each time", async () => {
    build();
    for (const url of ["/console/", "/console/feed?type=x", "/console/verifications/01a2.b"]) {
      const { statusCode, headers, body } = await get(url);
      expect([url, statusCode, headers["cache-control"]]).toEqual([url, 200, "no-cache"]);
      expect(body).toContain("built");
    }
    expect((await get("/")).headers["location"]).toBe("/console/");
  });

  it("keeps built files for ever, and answers 404 for those that are not there", async () => {
    build();
    const file = await get("/console/assets/main-1a2b.js");
    expect(file.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    expect(file.headers["content-type"]).toMatch(/^(text|application)\/javascript/);
    const gone = await get("/console/assets/gone.js");
    expect([gone.statusCode, gone.headers["cache-control"]]).toEqual([404, "no-store"]);
  });

  it("allows scripts and styles of this server only, on the page and on its absence", async () => {
    for (const step of [() => undefined, build]) {
      step();
      const policy = String((await get("/console/")).headers["content-security-policy"]);
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("style-src 'self';");
      expect(policy).toContain("require-trusted-types-for 'script'");
      expect(policy).not.toContain("unsafe");
    }
  });

  it("never leaves its folder", async () => {
    build();
    for (const path of [
      "../secret.txt",
      "..%2fsecret.txt",
      "%2e%2e/secret.txt",
      "..%5csecret.txt",
      "../../secret.txt",
    ]) {
      const { body } = await get(`/console/assets/${path}`);
      expect([path, body === "secret"]).toEqual([path, false]);
    }
  });
});
