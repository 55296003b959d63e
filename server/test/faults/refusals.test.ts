import { createHash } from "node:crypto";
import { chmodSync, readdirSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemRandom } from "../../src/engine/code/random.ts";
import { createKeyFile } from "../../src/store/keys/key-file.ts";
import { copyFolder, type TemporaryFolder, temporaryFolder } from "./folder.ts";
import { type Ended, serve, serveInVain } from "./server-process.ts";
import { makeWorld } from "./world.ts";

let folder: TemporaryFolder;
let sound: string;
beforeAll(async () => {
  folder = temporaryFolder();
  sound = join(folder.path, "sound");
  await makeWorld(sound, 2, "http://127.0.0.1:9/none");
});
afterAll(() => folder.remove());

/** Every file of a folder with a digest of what is in it; the lock is no data. */
function contentOf(path: string): readonly string[] {
  return readdirSync(path)
    .filter((name) => !name.startsWith("countersign.lock"))
    .sort()
    .map(
      (name) =>
        `${name} ${createHash("sha256")
          .update(readFileSync(join(path, name)))
          .digest("hex")}`,
    );
}

function refusal({ code, signal, stderr, stdout }: Ended) {
  const lines = stderr.trim().split("\n");
  return { exit: code, signal, lines: lines.length, said: stdout, error: JSON.parse(lines[0] ?? "{}").error };
}

describe("REL-29 a second process", () => {
  it("on the same folder is refused with a sentence, and the first goes on", async () => {
    const data = join(folder.path, "twice");
    copyFolder(sound, data);
    const first = await serve({ data });
    const second = refusal(await serveInVain({ data }));
    expect(second).toMatchObject({ exit: 75, lines: 1, said: "" });
    expect(second.error.message).toMatch(/^Another Countersign process already uses this data folder\./);
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
    first.signal("SIGTERM");
    expect((await first.ended).code).toBe(0);
    const third = await serve({ data });
    await third.kill();
    // A killed process leaves no lock behind.
    await (await serve({ data })).kill();
    console.log("second process: 1 refused with exit 75; the folder is free after SIGTERM and after SIGKILL");
  });
});

describe("STO-08 keys", () => {
  const faults: readonly (readonly [string, string, (data: string) => void])[] = [
    ["missing", "key_file_missing", (data) => rmSync(join(data, "countersign.keys"))],
    [
      "of another server",
      "key_file_wrong",
      (data) => {
        rmSync(join(data, "countersign.keys"));
        createKeyFile(join(data, "countersign.keys"), systemRandom);
      },
    ],
    ["readable by others", "key_file_mode", (data) => chmodSync(join(data, "countersign.keys"), 0o644)],
    [
      "cut short",
      "key_file_malformed",
      (data) => {
        const path = join(data, "countersign.keys");
        truncateSync(path, 40);
      },
    ],
  ];

  it.each(faults)("%s: exit 78, and nothing is written", async (name, code, spoil) => {
    const data = join(folder.path, `keys ${name}`);
    copyFolder(sound, data);
    spoil(data);
    const before = contentOf(data);
    const { exit, error, lines, said } = refusal(await serveInVain({ data }));
    expect({ exit, lines, said, code: error?.code }).toEqual({ exit: 78, lines: 1, said: "", code });
    expect(contentOf(data)).toEqual(before);
    console.log(`keys ${name}: exit 78, 0 bytes written, "${error.message}"`);
  });
});
