import { createDecipheriv, createPublicKey, createSecretKey, verify, webcrypto } from "node:crypto";
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, SignJWT, UnsecuredJWT } from "jose";
import { describe, expect, it } from "vitest";
import { parseCheckpoint, serializeCheckpoint } from "../../engine/audit/checkpoint.ts";
import { lengthPrefixed } from "../../engine/code/digest.ts";
import { systemRandom } from "../../engine/code/random.ts";
import type { Place, Random } from "../../engine/tools.ts";
import { initialKeyRows, type KeyRow, newKeyRow, unwrapKeyRow } from "./key-rows.ts";
import { createKeyring } from "./keyring.ts";
import { newKeyset } from "./keyset.ts";

const tools = { random: systemRandom };
const keyset = newKeyset(systemRandom);
const dataRow = (organization: string, now = 1) =>
  newKeyRow(keyset, { purpose: "data", organization, now }, tools);
const rows: readonly KeyRow[] = [...initialKeyRows(keyset, 1, tools), dataRow("org_1"), dataRow("org_2")];
const keyring = createKeyring({ keyset, rows }, tools);

const place: Place = { organization: "org_1", table: "authenticators", column: "seed", row: "auth_1" };
const secret = "JBSWY3DPEHPK3PXP";
const refusal = (code: string) => expect.objectContaining({ code });

/** Sealed text with its bytes changed and put together again. */
function rework(sealed: string, change: (body: Buffer) => Uint8Array): string {
  const [version, kid, body] = sealed.split(".");
  return [version, kid, Buffer.from(change(Buffer.from(body!, "base64url"))).toString("base64url")].join(".");
}

function flipped(body: Buffer): Buffer {
  body[20]! ^= 1;
  return body;
}

describe("seal and open", () => {
  it("give back text and bytes, empty ones too", () => {
    for (const plaintext of [secret, "", "Grüße 😀", "x".repeat(10_000)]) {
      expect(Buffer.from(keyring.open(place, keyring.seal(place, plaintext))).toString()).toBe(plaintext);
    }
    const bytes = Uint8Array.of(0, 255, 128, 1);
    expect([...keyring.open(place, keyring.seal(place, bytes))]).toEqual([...bytes]);
  });

  it("write v1.<kid>.<iv|ciphertext|tag>, which WebCrypto opens with the key and the place", async () => {
    const sealed = keyring.seal(place, secret);
    const row = rows.find((candidate) => candidate.organization === "org_1")!;
    const [version, kid, encoded] = sealed.split(".");
    expect([version, kid]).toEqual(["v1", row.kid]);
    const body = Buffer.from(encoded!, "base64url");
    expect(body).toHaveLength(12 + secret.length + 16);
    const raw = new Uint8Array(unwrapKeyRow(keyset, row));
    const key = await webcrypto.subtle.importKey("raw", raw, "AES-GCM", false, ["decrypt"]);
    const additionalData = new Uint8Array(
      lengthPrefixed(["countersign/v1", "authenticators", "seed", "org_1", "auth_1", row.kid]),
    );
    const opened = await webcrypto.subtle.decrypt(
      { name: "AES-GCM", iv: new Uint8Array(body.subarray(0, 12)), additionalData, tagLength: 128 },
      key,
      new Uint8Array(body.subarray(12)),
    );
    expect(Buffer.from(opened).toString()).toBe(secret);
  });

  it("STO-01 never use a nonce twice, over 100,000 seals", () => {
    const nonces = new Set<string>();
    for (let count = 0; count < 100_000; count++) {
      const sealed = keyring.seal(place, "x");
      // 12 bytes are exactly 16 characters of base64url.
      nonces.add(sealed.slice(sealed.lastIndexOf(".") + 1).slice(0, 16));
    }
    expect(nonces.size).toBe(100_000);
  });

  it("STO-01 count what a key has sealed, ask for rotation at 2^28 and stop at 2^32", () => {
    const { kid } = rows.find((row) => row.organization === "org_1")!;
    const worn = createKeyring({ keyset, rows, sealed: { [kid]: 2 ** 28 - 1 } }, tools);
    expect(worn.rotationDue()).toEqual([]);
    worn.seal(place, "x");
    expect(worn.rotationDue()).toEqual([kid]);
    expect(worn.sealedCounts()[kid]).toBe(2 ** 28);
    const spent = createKeyring({ keyset, rows, sealed: { [kid]: 2 ** 32 - 1 } }, tools);
    spent.seal(place, "x");
    expect(() => spent.seal(place, "x")).toThrow(refusal("key_exhausted"));
  });

  it("refuse a generator that gives fewer bytes than the nonce needs", () => {
    const short: Random = { integer: () => 0, bytes: (length) => systemRandom.bytes(length - 1) };
    const broken = createKeyring({ keyset, rows }, { random: short });
    expect(() => broken.seal(place, "x")).toThrow("fewer bytes");
  });

  it("STO-02 reject a tag cut to 4, 8 or 12 bytes", () => {
    for (const plaintext of [secret, "", "x"]) {
      const sealed = keyring.seal(place, plaintext);
      for (const kept of [4, 8, 12]) {
        expect(() =>
          keyring.open(
            place,
            rework(sealed, (body) => body.subarray(0, kept - 16)),
          ),
        ).toThrow(expect.objectContaining({ name: "SealError" }));
      }
    }
    // What the refusal rests on: told the length, Node does not take a shorter tag; untold, it would.
    const key = createSecretKey(Buffer.alloc(32));
    const decipher = createDecipheriv("aes-256-gcm", key, Buffer.alloc(12), { authTagLength: 16 });
    expect(() => decipher.setAuthTag(Buffer.alloc(4))).toThrow();
  });

  it("reject every changed bit", () => {
    const sealed = keyring.seal(place, "1234");
    for (let bit = 0; bit < (12 + 4 + 16) * 8; bit++) {
      const changed = rework(sealed, (body) => {
        body[bit >> 3]! ^= 1 << (bit & 7);
        return body;
      });
      expect(() => keyring.open(place, changed)).toThrow(refusal("forged"));
    }
  });

  it("STO-03 reject a value moved to another row, column, table, organization or key", () => {
    const sealed = keyring.seal(place, secret);
    for (const moved of [{ row: "auth_2" }, { column: "destination" }, { table: "users" }]) {
      expect(() => keyring.open({ ...place, ...moved }, sealed)).toThrow(refusal("forged"));
    }
    expect(() => keyring.open({ ...place, organization: "org_2" }, sealed)).toThrow(refusal("unknown_key"));
    const [own, foreign] = ["org_1", "org_2"].map(
      (organization) => rows.find((row) => row.organization === organization)!.kid,
    );
    const relabelled = sealed.replace(own!, foreign!);
    expect(() => keyring.open({ ...place, organization: "org_2" }, relabelled)).toThrow(refusal("forged"));
    // Fields that only touch each other differently are other places too.
    const joined = { ...place, table: "authenticatorss", column: "eed" };
    expect(() => keyring.open(joined, sealed)).toThrow(refusal("forged"));
  });

  it("STO-03 reject a key whose row was given to another organization", () => {
    const stolen = rows.map((row) =>
      row.organization === "org_1" ? { ...row, organization: "org_3" } : row,
    );
    expect(() => createKeyring({ keyset, rows: stolen }, tools)).toThrow(refusal("key_row_damaged"));
  });

  it.each(["", "v1", "v1..", "v1.k.AAAA", "v2.k.AAAA", "hello", "v1.a b.AAAA"])("reject %j", (text) => {
    expect(() => keyring.open(place, text)).toThrow(refusal("malformed"));
  });

  it("accept one spelling only", () => {
    const sealed = keyring.seal(place, "1");
    // 29 bytes: the last character has two bits to spare, so its neighbour decodes to the same bytes.
    const respelled = sealed.slice(0, -1) + String.fromCharCode(sealed.charCodeAt(sealed.length - 1) + 1);
    expect(rework(respelled, (body) => body)).toBe(sealed);
    expect(() => keyring.open(place, respelled)).toThrow(refusal("malformed"));
    expect(() => keyring.open(place, `${sealed}=`)).toThrow(refusal("malformed"));
    expect(() => keyring.open(place, ` ${sealed}`)).toThrow(refusal("malformed"));
    expect(() => keyring.open(place, `${sealed}\n`)).toThrow(refusal("malformed"));
  });

  it("refuse an organization without a key", () => {
    expect(keyring.hasDataKey("org_9")).toBe(false);
    expect(() => keyring.seal({ ...place, organization: "org_9" }, "x")).toThrow(refusal("no_active_key"));
  });

  it("STO-04 leave neither the value nor a key readable in what is stored", () => {
    const stored = keyring.seal(place, secret) + JSON.stringify(rows);
    const raw = unwrapKeyRow(keyset, rows.at(-1)!);
    for (const canary of [Buffer.from(secret), raw, Buffer.from(keyset.keys["k1"]!, "base64")]) {
      for (const form of ["utf8", "hex", "base64", "base64url"] as const) {
        expect(stored).not.toContain(canary.toString(form).replaceAll("=", ""));
      }
    }
  });
});

describe("the keys", () => {
  it("are plain data: a keyring built from a structured clone opens what another sealed", () => {
    const other = createKeyring(structuredClone({ keyset, rows }), tools);
    expect(Buffer.from(other.open(place, keyring.seal(place, secret))).toString()).toBe(secret);
  });

  it("STO-08 refuse a wrong, an absent and another server's keyset before anything is written", () => {
    const wrong = newKeyset(systemRandom);
    expect(() => createKeyring({ keyset: wrong, rows }, tools)).toThrow(refusal("key_file_wrong"));
    const renamed = { active: "k2", keys: { k2: keyset.keys["k1"]! } };
    expect(() => createKeyring({ keyset: renamed, rows }, tools)).toThrow(refusal("key_file_wrong"));
    expect(() => createKeyring({ keyset: wrong, rows }, tools)).toThrow("Name the key file it was made with");
  });

  it("STO-08 refuse rows that are gone, damaged, or wrapped by a key the file lacks", () => {
    expect(() => createKeyring({ keyset, rows: [] }, tools)).toThrow(refusal("key_rows_missing"));
    for (const purpose of ["code", "index", "audit", "receipt", "check"]) {
      const fewer = rows.filter((row) => row.purpose !== purpose);
      expect(() => createKeyring({ keyset, rows: fewer }, tools)).toThrow(refusal("key_rows_missing"));
    }
    const damaged = rows.map((row) =>
      row.purpose === "code" ? { ...row, wrapped: rework(row.wrapped, flipped) } : row,
    );
    expect(() => createKeyring({ keyset, rows: damaged }, tools)).toThrow(refusal("key_row_damaged"));
    const both = { active: "k2", keys: { ...keyset.keys, k2: newKeyset(systemRandom).keys["k1"]! } };
    const later = newKeyRow(both, { purpose: "data", organization: "org_3", now: 2 }, tools);
    expect(() => createKeyring({ keyset, rows: [...rows, later] }, tools)).toThrow(
      refusal("key_file_incomplete"),
    );
  });

  it("cannot change places: a row's key opens under its own name and purpose only", () => {
    const code = rows.find((row) => row.purpose === "code")!;
    const swapped = rows.map((row) => (row.purpose === "index" ? { ...row, wrapped: code.wrapped } : row));
    expect(() => createKeyring({ keyset, rows: swapped }, tools)).toThrow(refusal("key_row_damaged"));
    const repurposed = [...rows, { ...code, purpose: "receipt" as const }];
    expect(() => createKeyring({ keyset, rows: repurposed }, tools)).toThrow(refusal("key_row_damaged"));
  });

  it("can be added and removed while running; the newest active one seals", () => {
    const ring = createKeyring({ keyset, rows }, tools);
    const row = ring.newKey({ purpose: "data", organization: "org_9", now: 5 });
    expect(ring.hasDataKey("org_9")).toBe(false);
    ring.add(row);
    const there = { ...place, organization: "org_9" };
    const first = ring.seal(there, "x");
    const newer = ring.newKey({ purpose: "data", organization: "org_9", now: 6 });
    ring.add(newer);
    ring.add({ ...row, state: "decrypt" });
    expect(ring.seal(there, "x")).toContain(newer.kid);
    expect(Buffer.from(ring.open(there, first)).toString()).toBe("x");
    ring.remove(row.kid);
    expect(() => ring.open(there, first)).toThrow(refusal("unknown_key"));
    ring.remove(newer.kid);
    expect(() => ring.seal(there, "x")).toThrow(refusal("no_active_key"));
  });
});

describe("mac", () => {
  it("is HMAC-SHA-256 over length-prefixed fields", () => {
    const sevens: Random = { integer: () => 0, bytes: (length) => new Uint8Array(length).fill(7) };
    const code = newKeyRow(keyset, { purpose: "code", organization: null, now: 9 }, { random: sevens });
    const ring = createKeyring({ keyset, rows: [...rows, code] }, tools);
    const fields = ["countersign/otp/v1", "org_1", "chl_1", "sub_1", "login", "", "012345"];
    expect(Buffer.from(ring.mac("code", fields).value).toString("hex")).toBe(
      "1b0cf32f5ec11a4b2ef05e421f6f5239aa3b6332d313899d6b1135b6602e3e30",
    );
  });

  it("can be made again by the key's name, for its own purpose only", () => {
    const { kid, value } = keyring.mac("code", ["a", "b"]);
    expect(keyring.macWith(kid, "code", ["a", "b"])).toEqual(value);
    expect(keyring.macWith(kid, "code", ["ab", ""])).not.toEqual(value);
    expect(keyring.macWith(kid, "index", ["a", "b"])).toBeUndefined();
    expect(keyring.macWith("code-gone", "code", ["a", "b"])).toBeUndefined();
    expect(keyring.mac("index", ["a", "b"]).value).not.toEqual(value);
  });
});

describe("receipts", () => {
  const typ = "cs-receipt+jwt";
  const claims = {
    iss: "https://mfa.example.com",
    sub: "user_1",
    exp: 4_000_000_000,
    binding: { amount: "1" },
  };
  const token = keyring.signJwt(typ, claims);

  it("are JWTs that jose accepts with our JWKS", async () => {
    const jwks = createLocalJWKSet({ keys: keyring.jwks().keys.map((key) => ({ ...key })) });
    const options = { typ, algorithms: ["EdDSA"], issuer: claims.iss };
    const verified = await jwtVerify(token, jwks, options);
    expect(verified.payload).toEqual(claims);
    expect(verified.protectedHeader).toEqual({ alg: "EdDSA", typ, kid: keyring.jwks().keys[0]!.kid });
    const [header, , signature] = token.split(".");
    const forged = [header, Buffer.from('{"sub":"user_2"}').toString("base64url"), signature].join(".");
    await expect(jwtVerify(forged, jwks, options)).rejects.toMatchObject({
      code: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
    });
  });

  it("publish public parts only", () => {
    expect(keyring.jwks().keys.map((key) => Object.keys(key).sort())).toEqual([
      ["alg", "crv", "kid", "kty", "use", "x"],
    ]);
  });

  it("read back for our own use", () => {
    expect(keyring.verifyJwt(token, typ)).toEqual(claims);
  });

  it("refuse another type, algorithm, key, header or spelling", async () => {
    const { kid } = keyring.jwks().keys[0]!;
    const foreign = (await webcrypto.subtle.generateKey("Ed25519", true, [
      "sign",
      "verify",
    ])) as webcrypto.CryptoKeyPair;
    const other = await new SignJWT(claims)
      .setProtectedHeader({ alg: "EdDSA", typ, kid })
      .sign(foreign.privateKey);
    const publicX = Buffer.from(keyring.jwks().keys[0]!.x, "base64url");
    const confused = await new SignJWT(claims).setProtectedHeader({ alg: "HS256", typ, kid }).sign(publicX);
    const [header, payload, signature] = token.split(".");
    const last = signature!.at(-1)!;
    // The last of 86 characters carries 2 bits of the signature: its neighbour decodes to the same bytes.
    const respelled = signature!.slice(0, -1) + String.fromCharCode(last.charCodeAt(0) + 1);
    expect(Buffer.from(respelled, "base64url")).toEqual(Buffer.from(signature!, "base64url"));
    expect(decodeProtectedHeader(other)).toEqual(decodeProtectedHeader(token));
    const refused = [
      other,
      confused,
      new UnsecuredJWT(claims).encode(),
      `${header}.${payload}.`,
      `${header}.${payload}`,
      `${token}.`,
      `${header}.${payload}.${respelled}`,
      `${token}=`,
      "",
      "..",
    ];
    for (const candidate of refused) {
      expect(keyring.verifyJwt(candidate, typ)).toBeUndefined();
    }
    expect(keyring.verifyJwt(token, "at+jwt")).toBeUndefined();
  });

  it("verify with an older key until it is removed", () => {
    const ring = createKeyring({ keyset, rows }, tools);
    const newer = ring.newKey({ purpose: "receipt", organization: null, now: 7 });
    ring.add(newer);
    expect(ring.verifyJwt(token, typ)).toEqual(claims);
    expect(ring.jwks().keys.map(({ kid }) => kid)).toEqual([newer.kid, keyring.jwks().keys[0]!.kid]);
    ring.remove(keyring.jwks().keys[0]!.kid);
    expect(ring.verifyJwt(token, typ)).toBeUndefined();
  });
});

describe("checkpoints", () => {
  const note = { origin: "mfa.example.com", seq: 12, hash: "ab".repeat(32), at: 1_700 };

  it("are signed with a key that is published and is not the one of receipts", () => {
    const checkpoint = keyring.signCheckpoint(note);
    const [key] = keyring.checkpointKeys();
    expect(keyring.jwks().keys.map(({ x }) => x)).not.toContain(key!.x);
    const line = serializeCheckpoint(checkpoint);
    const at = line.lastIndexOf(" ");
    const publicKey = createPublicKey({ key: { kty: key!.kty, crv: key!.crv, x: key!.x }, format: "jwk" });
    const signature = Buffer.from(line.slice(at + 1), "base64url");
    expect(verify(null, Buffer.from(line.slice(0, at)), publicKey, signature)).toBe(true);
    expect(keyring.verifyCheckpoint(parseCheckpoint(line)!)).toBe(true);
  });

  it("do not verify when changed, or signed by another server", () => {
    const checkpoint = keyring.signCheckpoint(note);
    expect(keyring.verifyCheckpoint({ ...checkpoint, seq: 13 })).toBe(false);
    expect(keyring.verifyCheckpoint({ ...checkpoint, kid: keyring.jwks().keys[0]!.kid })).toBe(false);
    const other = createKeyring({ keyset, rows: initialKeyRows(keyset, 1, tools) }, tools);
    expect(keyring.verifyCheckpoint(other.signCheckpoint(note))).toBe(false);
  });
});
