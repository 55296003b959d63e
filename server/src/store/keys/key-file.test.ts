import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemRandom } from "../../engine/code/random.ts";
import { addKey, checkKeyFile, createKeyFile, readKeyFile, removeKey } from "./key-file.ts";
import { loadKeyset } from "./load.ts";

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "keys-"));
  path = join(directory, "countersign.keys");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const refusal = (code: string) => expect.objectContaining({ name: "KeyFileError", code });

describe("createKeyFile", () => {
  it("writes one key of 32 bytes that only we can read", () => {
    const keyset = createKeyFile(path, systemRandom);
    expect(statSync(path).mode & 0o7777).toBe(0o600);
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual(keyset);
    expect(keyset.active).toBe("k1");
    expect(Buffer.from(keyset.keys["k1"]!, "base64")).toHaveLength(32);
    expect(readKeyFile(path)).toEqual(keyset);
  });

  it("has mode 0600 whatever the umask", () => {
    const old = process.umask(0o377);
    try {
      createKeyFile(path, systemRandom);
    } finally {
      process.umask(old);
    }
    expect(statSync(path).mode & 0o7777).toBe(0o600);
  });

  it("never touches a file that is there", () => {
    const keyset = createKeyFile(path, systemRandom);
    expect(() => createKeyFile(path, systemRandom)).toThrow(refusal("key_file_exists"));
    symlinkSync(join(directory, "elsewhere"), join(directory, "link"));
    expect(() => createKeyFile(join(directory, "link"), systemRandom)).toThrow(refusal("key_file_exists"));
    expect(readKeyFile(path)).toEqual(keyset);
    expect(existsSync(join(directory, "elsewhere"))).toBe(false);
  });
});

describe("CLI-03 readKeyFile refuses", () => {
  it("a file that is not there", () => {
    expect(() => readKeyFile(path)).toThrow(refusal("key_file_missing"));
    expect(() => readKeyFile(join(directory, "no", "such"))).toThrow(refusal("key_file_missing"));
  });

  it.each([0o644, 0o640, 0o660, 0o604, 0o700, 0o4600])("mode %o, and says what to do", (mode) => {
    createKeyFile(path, systemRandom);
    chmodSync(path, mode);
    expect(() => readKeyFile(path)).toThrow(refusal("key_file_mode"));
    expect(() => readKeyFile(path)).toThrow(`chmod 600 ${path}`);
  });

  it("nothing about mode 0400", () => {
    const keyset = createKeyFile(path, systemRandom);
    chmodSync(path, 0o400);
    expect(readKeyFile(path)).toEqual(keyset);
  });

  it("another owner", () => {
    const facts = { isFile: () => true, uid: 1_000, mode: 0o100600 };
    expect(() => checkKeyFile(path, facts, 1_001)).toThrow(refusal("key_file_owner"));
    expect(() => checkKeyFile(path, facts, 1_000)).not.toThrow();
  });

  it.runIf(process.geteuid?.() === 0)("another owner on the disk", () => {
    createKeyFile(path, systemRandom);
    chownSync(path, 12_345, 0);
    expect(() => readKeyFile(path)).toThrow(refusal("key_file_owner"));
  });

  it("a symbolic link, even to a good file", () => {
    createKeyFile(path, systemRandom);
    symlinkSync(path, join(directory, "link"));
    expect(() => readKeyFile(join(directory, "link"))).toThrow(refusal("key_file_symlink"));
  });

  it("a directory, and a pipe without waiting for its writer", () => {
    mkdirSync(path, { mode: 0o700 });
    expect(() => readKeyFile(path)).toThrow(refusal("key_file_not_regular"));
    const pipe = join(directory, "pipe");
    execFileSync("mkfifo", ["-m", "600", pipe]);
    expect(() => readKeyFile(pipe)).toThrow(refusal("key_file_not_regular"));
  });

  it("a directory that everyone may write to", () => {
    createKeyFile(path, systemRandom);
    chmodSync(directory, 0o1777);
    expect(() => readKeyFile(path)).toThrow(refusal("key_file_directory"));
    expect(() => createKeyFile(join(directory, "other"), systemRandom)).toThrow(
      refusal("key_file_directory"),
    );
  });

  const good = Buffer.alloc(32, 7).toString("base64");
  it.each([
    ["nothing", ""],
    ["no JSON", `{"active":"k1",${good}`],
    ["a list", "[]"],
    ["no keys", '{"active":"k1","keys":{}}'],
    ["a key that is missing", `{"active":"k2","keys":{"k1":"${good}"}}`],
    ["an inherited name", `{"active":"toString","keys":{"k1":"${good}"}}`],
    ["31 bytes", `{"active":"k1","keys":{"k1":"${Buffer.alloc(31).toString("base64")}"}}`],
    ["33 bytes", `{"active":"k1","keys":{"k1":"${Buffer.alloc(33).toString("base64")}"}}`],
    ["base64 with a stray character", `{"active":"k1","keys":{"k1":" ${good}"}}`],
    ["a number as key", '{"active":"k1","keys":{"k1":7}}'],
    ["a kid with a dot", `{"active":"k.1","keys":{"k.1":"${good}"}}`],
    ["an unknown member", `{"active":"k1","keys":{"k1":"${good}"},"more":1}`],
  ])("%s as content, without quoting it", (_name, text) => {
    writeFileSync(path, text, { mode: 0o600 });
    let message = "";
    try {
      readKeyFile(path);
    } catch (error) {
      expect(error).toEqual(refusal("key_file_malformed"));
      message = String(error);
    }
    expect(message).toContain(path);
    expect(message).not.toContain(good.slice(0, 8));
  });
});

describe("addKey and removeKey", () => {
  it("add an active key beside the old ones and leave nothing behind", () => {
    const before = createKeyFile(path, systemRandom);
    const after = addKey(path, systemRandom);
    expect(after).toMatchObject({ active: "k2", keys: before.keys });
    expect(readKeyFile(path)).toEqual(after);
    expect(addKey(path, systemRandom).active).toBe("k3");
    expect(readdirSync(directory)).toEqual(["countersign.keys"]);
  });

  it("take out an old key, never the active or an unknown one", () => {
    createKeyFile(path, systemRandom);
    const both = addKey(path, systemRandom);
    expect(() => removeKey(path, "k2")).toThrow(refusal("key_active"));
    expect(() => removeKey(path, "k9")).toThrow(refusal("key_unknown"));
    expect(readKeyFile(path)).toEqual(both);
    expect(Object.keys(removeKey(path, "k1").keys)).toEqual(["k2"]);
    expect(readdirSync(directory)).toEqual(["countersign.keys"]);
  });

  it("refuse while another change is under way", () => {
    const before = createKeyFile(path, systemRandom);
    writeFileSync(`${path}.new`, "");
    expect(() => addKey(path, systemRandom)).toThrow(refusal("key_file_busy"));
    expect(readKeyFile(path)).toEqual(before);
  });

  it("check the file as strictly as a start does", () => {
    createKeyFile(path, systemRandom);
    chmodSync(path, 0o644);
    expect(() => addKey(path, systemRandom)).toThrow(refusal("key_file_mode"));
    expect(existsSync(`${path}.new`)).toBe(false);
  });
});

describe("loadKeyset", () => {
  const text = JSON.stringify({ active: "k1", keys: { k1: Buffer.alloc(32, 7).toString("base64") } });
  const keyset = JSON.parse(text);
  const credentials = (mode: number) => {
    writeFileSync(path, text);
    chmodSync(path, mode);
    return { CREDENTIALS_DIRECTORY: directory };
  };

  it("reads the key file", () => {
    expect(loadKeyset({ path, environment: credentials(0o600) && {} })).toEqual({ keyset, source: "file" });
  });

  it("reads the environment and takes the variable out of it", () => {
    const environment = { COUNTERSIGN_KEYS: text, HOME: "/" };
    expect(loadKeyset({ environment })).toEqual({ keyset, source: "environment" });
    expect(environment).toEqual({ HOME: "/" });
  });

  it("reads a systemd credential, which the group may seem to read because of its ACL", () => {
    for (const mode of [0o400, 0o440, 0o600]) {
      rmSync(path, { force: true });
      expect(loadKeyset({ environment: credentials(mode) })).toEqual({ keyset, source: "credential" });
    }
    rmSync(path);
    expect(() => loadKeyset({ environment: credentials(0o444) })).toThrow(refusal("key_file_mode"));
  });

  it("does not mind credentials that are not ours", () => {
    const environment = { CREDENTIALS_DIRECTORY: directory, COUNTERSIGN_KEYS: text };
    expect(loadKeyset({ environment }).source).toBe("environment");
  });

  it("refuses two sources, and none", () => {
    const credential = credentials(0o600);
    const conflict = refusal("key_source_conflict");
    expect(() => loadKeyset({ path: "/k", environment: { COUNTERSIGN_KEYS: text } })).toThrow(conflict);
    expect(() => loadKeyset({ path: "/k", environment: credential })).toThrow(conflict);
    expect(() => loadKeyset({ environment: { ...credential, COUNTERSIGN_KEYS: text } })).toThrow(conflict);
    expect(() => loadKeyset({ environment: {} })).toThrow(refusal("key_source_missing"));
  });

  it("takes the variable away even when it is refused", () => {
    const environment = { COUNTERSIGN_KEYS: "{" };
    expect(() => loadKeyset({ environment })).toThrow(refusal("key_file_malformed"));
    expect(environment).toEqual({});
  });
});
