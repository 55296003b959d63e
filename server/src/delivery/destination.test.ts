import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import fc from "fast-check";
import addressparser from "nodemailer/lib/addressparser/index.js";
import { describe, expect, it } from "vitest";
import { isCountersignError } from "../engine/errors.ts";
import type { DeliveryVia } from "../engine/model.ts";
import { parseDestination } from "./destination.ts";
import { demandUsable, keyedDestination } from "./destination-known.ts";

const examples: Record<string, string> = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve("libphonenumber-js/examples.mobile.json"), "utf8"),
);

/** The canonical form, or the code of the refusal; anything else that is thrown fails the test. */
function outcome(via: DeliveryVia, input: string, country?: string): string {
  try {
    const destination = parseDestination(via, input, { country });
    demandUsable(via, destination);
    return destination.canonical;
  } catch (error) {
    if (isCountersignError(error)) return error.code;
    throw error;
  }
}

const refused = "invalid_destination";
const blocked = "number_type_blocked";

describe("telephone numbers", () => {
  it("takes the sample mobile number of every country for SMS and voice, under any home country", async () => {
    const { getCountryCallingCode, parsePhoneNumberFromString } = await import("libphonenumber-js/max");
    for (const [country, national] of Object.entries(examples)) {
      const e164 = parsePhoneNumberFromString(national, country as "DE")!.number;
      const parsed = parseDestination("sms", e164, { country: "DE" });
      const code = getCountryCallingCode(country as "DE");
      expect(parsed, country).toEqual({
        canonical: e164,
        sendTo: e164,
        hint: `+${code} *** **${e164.slice(-2)}`,
        number: {
          country: expect.stringMatching(/^[A-Z]{2}$/),
          callingCode: code,
          type: expect.stringMatching(/^(mobile|fixed_line_or_mobile|voip)$/),
        },
      });
      expect(getCountryCallingCode(parsed.number?.country as "DE"), country).toBe(code);
      expect(outcome("voice", e164), country).toBe(e164);
      expect(outcome("sms", national, country), country).toBe(e164);
    }
    expect(Object.keys(examples).length).toBeGreaterThan(200);
  });

  const number = "+4915123456789";
  /** V27: every spelling of one number gives the one form, or is refused; here is which. */
  const spellings: readonly (readonly [spelling: string, expected: "one" | "refused"])[] = [
    ["+4915123456789", "one"],
    ["+49 151 23456789", "one"],
    ["+49 1512 345 67 89", "one"],
    ["+49-151-23456789", "one"],
    ["+49.151.23456789", "one"],
    ["+49/151/23456789", "one"],
    ["+49 (151) 23456789", "one"],
    ["+49 (0)151 23456789", "one"],
    ["+49 0151 23456789", "one"],
    ["(+49) 151 23456789", "one"],
    ["  +4915123456789  ", "one"],
    ["tel:+4915123456789", "one"],
    ["TEL:+49-151-23456789", "one"],
    ["004915123456789", "one"],
    ["0049 151 23456789", "one"],
    ["00 49 (0) 151 23456789", "one"],
    ["0151 23456789", "one"],
    ["0151/23456789", "one"],
    ["(0151) 234 567-89", "one"],
    ["tel:0151-23456789", "one"],
    ["+４９１５１２３４５６７８９", "one"],
    ["０１５１２３４５６７８９", "one"],
    ["+٤٩١٥١٢٣٤٥٦٧٨٩", "one"],
    ["+۴۹۱۵۱۲۳۴۵۶۷۸۹", "one"],
    ["+४९१५१२३४५६७८९", "one"],
    ["+49\u00a0151\u00a023456789", "one"],
    ["+49\u2009151\u202f23456789", "one"],
    ["+49\u2011151\u201323456789", "one"],
    ["\u202a+4915123456789\u202c", "one"],
    ["+49\u200b15123456789", "one"],
    ["\ufeff+4915123456789", "one"],
    ["+49\u00ad15123456789", "one"],
    ["4915123456789", "refused"],
    ["++4915123456789", "refused"],
    ["+4915123456789 ext. 5", "refused"],
    ["+4915123456789;ext=5", "refused"],
    ["+4915123456789x5", "refused"],
    ["+4915123456789#5", "refused"],
    ["+4915123456789,,5", "refused"],
    ["+4915123456789,+4915123456788", "refused"],
    ["+4915123456789;+4915123456788", "refused"],
    ["+4915123456789 +4915123456788", "refused"],
    ["+4915123456789\n+4915123456788", "refused"],
    ["+4915123\n456789", "refused"],
    ["+4915123456789\0", "refused"],
    ["call +4915123456789 now", "refused"],
    ["+49151234567890123", "refused"],
    ["sms:+4915123456789", "refused"],
    ["tel:+4915123456789;phone-context=example.com", "refused"],
    ["'+4915123456789'", "refused"],
  ];
  it("gives one canonical form to all spellings of one number, or refuses them (V27)", () => {
    expect(spellings.length).toBeGreaterThanOrEqual(40);
    for (const [spelling, expected] of spellings) {
      const wanted = expected === "one" ? number : refused;
      expect(outcome("sms", spelling, "DE"), JSON.stringify(spelling)).toBe(wanted);
      expect(outcome("voice", spelling, "DE"), JSON.stringify(spelling)).toBe(wanted);
    }
  });

  it("puts all spellings of one number into one bucket, its neighbours into the same one, and tells neither (V28)", () => {
    // A real HMAC is not needed to see which texts are digested: a hash has the same properties here.
    const mac = (_purpose: string, fields: readonly string[]) => ({
      kid: "k",
      value: createHash("sha256").update(JSON.stringify(fields)).digest(),
    });
    const known = (text: string, organization = "org") =>
      keyedDestination(organization, "sms", parseDestination("sms", text, { country: "DE" }), { mac });
    const good = spellings.filter(([, expected]) => expected === "one").map(([spelling]) => spelling);
    expect(good.length).toBeGreaterThanOrEqual(20);
    const [one] = [...new Set(good.map((spelling) => JSON.stringify(known(spelling))))];
    expect(new Set(good.map((spelling) => JSON.stringify(known(spelling)))).size).toBe(1);
    const { number: own, key } = known(number);
    expect(JSON.stringify(JSON.parse(one ?? "{}").number)).not.toMatch(/2345|6789/);
    const near = known("+4915123456790");
    expect(near.key).not.toBe(key);
    expect(near.number).toEqual({ ...own, position: ((own?.position ?? 0) + 1) % 10_000 });
    expect(known("+4915123476789").number?.prefix).not.toBe(own?.prefix);
    expect(known(number, "other").number?.prefix).not.toBe(own?.prefix);
  });

  it("refuses numbers that must not get a message", () => {
    const types: readonly (readonly [string, "sms" | "voice", string])[] = [
      ["+19005551234", "sms", "premium_rate"],
      ["+37190000001", "voice", "premium_rate"],
      ["+979123456789", "sms", "premium_rate"],
      ["+18005551234", "voice", "toll_free"],
      ["+80012345678", "voice", "toll_free"],
      ["+448451234567", "voice", "premium_rate"], // shared cost once
      ["+4918012345678", "voice", "shared_cost"],
      ["+491779912345678", "sms", "voicemail"],
      ["+15005550006", "sms", "personal_number"],
      ["+445512345678", "voice", "uan"],
      ["+447640123456", "sms", "pager"],
      ["+4930123456", "sms", "fixed_line"],
      ["+870773111632", "sms", "mobile"], // satellite: no country
      ["+88216000000", "voice", "voip"],
    ];
    for (const [input, via, type] of types) {
      expect(parseDestination(via, input).number?.type, input).toBe(type);
      expect(outcome(via, input), input).toBe(blocked);
    }
    const table: readonly (readonly [string, "sms" | "voice", string | undefined])[] = [
      ["+447700900123", "sms", undefined], // fictional, invalid
      ["110", "voice", "DE"],
      ["112", "voice", "DE"],
      ["911", "voice", "US"],
      ["999", "voice", "GB"],
      ["+49110", "voice", undefined],
      ["+1911", "voice", undefined],
      ["11833", "voice", "DE"],
      ["12345", "sms", "US"],
      ["+", "sms", "DE"],
      ["", "sms", "DE"],
      ["1".repeat(1_000_000), "sms", "DE"],
      ["+1 800 FLOWERS", "voice", "US"],
    ];
    for (const [input, via, country] of table) expect(outcome(via, input, country), input).toBe(refused);
  });

  it("takes a fixed line for a voice call and not for SMS", () => {
    expect(outcome("voice", "+4930123456")).toBe("+4930123456");
    expect(() => demandUsable("sms", parseDestination("sms", "+4930123456"))).toThrow(/fixed-line/);
  });

  it("asks for a country code when it has no country to read the number in", () => {
    expect(() => parseDestination("sms", "0151 23456789")).toThrow(
      "Write the number with + and the country code.",
    );
    expect(outcome("sms", "0151 23456789", "xx")).toBe(refused);
    expect(outcome("sms", "0151 23456789", "de")).toBe("+4915123456789");
    expect(outcome("sms", "0049 151 23456789")).toBe("+4915123456789");
    expect(outcome("sms", "0049 151 23456789", "US")).toBe("+4915123456789");
    expect(outcome("sms", "011 49 151 23456789", "US")).toBe("+4915123456789");
    expect(outcome("sms", "1 (202) 555-0123", "US")).toBe("+12025550123");
    expect(outcome("voice", "06 698 12345", "IT")).toBe("+390669812345");
  });

  it("says that a missing + makes a number ambiguous instead of calling a stranger", () => {
    expect(() => parseDestination("voice", "4915123456789", { country: "DE" })).toThrow(/two ways/);
  });

  it("says why: extensions and lists", () => {
    for (const extension of ["ext. 5", "x5", "#5", ";ext=5"]) {
      expect(() => parseDestination("sms", `+4915123456789 ${extension}`)).toThrow(/extension/);
    }
    for (const second of [",+4915123456788", "; 0151 23456788", " +4915123456788"]) {
      expect(() => parseDestination("sms", `+4915123456789${second}`)).toThrow(/exactly one/);
    }
  });

  it("never repeats the input in its sentence", () => {
    for (const input of ["+49110987654321", "0151 98765432", "+4930987654", "+49 98765 ext 3"]) {
      try {
        parseDestination("sms", input);
        expect.unreachable();
      } catch (error) {
        expect(String(error)).not.toMatch(/9876/);
      }
    }
  });
});

describe("e-mail addresses", () => {
  const address = "ann.lee@example.com";
  const spellings: readonly (readonly [string, "one" | "refused"])[] = [
    ["ann.lee@example.com", "one"],
    ["Ann.Lee@example.com", "one"],
    ["ANN.LEE@EXAMPLE.COM", "one"],
    ["ann.lee@Example.Com", "one"],
    ["ann.lee@ｅｘａｍｐｌｅ.com", "one"],
    ["ann.lee@example。com", "one"],
    ["ann.lee@example．com", "one"],
    ["ann.lee@ⓔⓧⓐⓜⓟⓛⓔ.com", "one"],
    ["ann.lee@example.com.", "refused"],
    [" ann.lee@example.com", "refused"],
    ["ann.lee@example.com ", "refused"],
    ["ann.lee @example.com", "refused"],
    ["ann.lee@ example.com", "refused"],
    ["ann.lee@exam\u200bple.com", "refused"],
    ["ann\u200b.lee@example.com", "refused"],
    ["ann.lee@example.com\u200b", "refused"],
    ["ann.lee@exam\u00adple.com", "refused"],
    ["ａnn.lee@example.com", "refused"],
    ["ann.lee＠example.com", "refused"],
    ["ánn.lee@example.com", "refused"],
    ["a\u0301nn.lee@example.com", "refused"],
    ["mailto:ann.lee@example.com", "refused"],
    ["<ann.lee@example.com>", "refused"],
    ["Ann <ann.lee@example.com>", "refused"],
    ["ann.lee@example.com (Ann)", "refused"],
    ['"ann.lee"@example.com', "refused"],
    ['"a@good x"@evil.example', "refused"],
    ["ann.lee@example.com,b@evil.example", "refused"],
    ["ann.lee@example.com;b@evil.example", "refused"],
    ["ann.lee@example.com\r\nBcc: b@evil.example", "refused"],
    ["ann.lee@example.com\n", "refused"],
    ["ann.lee@example.com%0abcc:b", "refused"],
    ["attacker@x%0abcc:", "refused"],
    ["ann.lee%evil.example@example.com", "refused"],
    ["evil.example!ann.lee@example.com", "refused"],
    ["ann.lee@example.com@evil.example", "refused"],
    ["ann..lee@example.com", "refused"],
    [".ann.lee@example.com", "refused"],
    ["ann.lee.@example.com", "refused"],
    ["ann.lee@example..com", "refused"],
    ["ann.lee@.example.com", "refused"],
    ["ann.lee@-example.com", "refused"],
    ["ann.lee@exa_mple.com", "refused"],
    ["ann.lee@example.com/x", "refused"],
    ["ann.lee@example.com?x", "refused"],
    ["ann.lee@example.com#x", "refused"],
    ["ann.lee@example.com\\x", "refused"],
    ["ann.lee@example.com:25", "refused"],
    ["ann.lee@℀example.com", "refused"],
    ["ann.lee@127.0.0.1", "refused"],
    ["ann.lee@[127.0.0.1]", "refused"],
    ["ann.lee@[IPv6:::1]", "refused"],
    ["ann.lee@0x7f.1", "refused"],
    ["ann.lee@2130706433", "refused"],
    ["ann.lee@localhost", "refused"],
    ["ann.lee", "refused"],
    ["@example.com", "refused"],
    ["ann.lee@", "refused"],
    ["", "refused"],
    [`${"a".repeat(65)}@example.com`, "refused"],
    [`ann@${"a.".repeat(130)}com`, "refused"],
    [`ann@${"a".repeat(64)}.com`, "refused"],
    ["a".repeat(1_000_000), "refused"],
  ];
  it("gives one canonical form to all spellings of one address, or refuses them (V27, TPL-07)", () => {
    expect(spellings.length).toBeGreaterThanOrEqual(40);
    for (const [spelling, expected] of spellings) {
      expect(outcome("email", spelling), JSON.stringify(spelling.slice(0, 80))).toBe(
        expected === "one" ? address : refused,
      );
    }
  });

  it("sends to the local part as it was written, and counts it in lower case", () => {
    expect(parseDestination("email", "Ann.Lee@EXAMPLE.com")).toEqual({
      canonical: "ann.lee@example.com",
      sendTo: "Ann.Lee@example.com",
      hint: "A***@example.com",
    });
  });

  it("keeps a +tag, an apostrophe and the ASCII form of an international domain", () => {
    expect(outcome("email", "o'neil+shop@example.com")).toBe("o'neil+shop@example.com");
    const idn = ["a@bücher.example", "a@BÜCHER.example", "a@bu\u0308cher.example", "a@xn--bcher-kva.example"];
    expect(new Set(idn.map((one) => outcome("email", one)))).toEqual(new Set(["a@xn--bcher-kva.example"]));
    expect(outcome("email", "a@straße.example")).toBe("a@xn--strae-oqa.example");
  });

  it("gives what another parser reads as exactly the same single address", () => {
    const piece = fc.constantFrom(
      "a",
      "B",
      "@",
      ".",
      "x.example",
      "+",
      " ",
      ",",
      "<",
      ">",
      '"',
      "\r\n",
      ";",
      ":",
      "(",
      ")",
      "ü",
      "%",
      "'",
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 12 }).map((parts) => parts.join("")),
        (input) => {
          const canonical = outcome("email", input);
          if (canonical === refused) return;
          const { sendTo } = parseDestination("email", input);
          expect(addressparser(sendTo)).toEqual([{ address: sendTo, name: "" }]);
          expect(sendTo.toLowerCase()).toBe(canonical);
        },
      ),
      { numRuns: 3000 },
    );
  });
});

it("reads its own canonical forms back unchanged and never throws anything else", () => {
  const via = fc.constantFrom<DeliveryVia>("sms", "voice", "email");
  const input = fc.oneof(
    fc.string({ unit: "binary", maxLength: 80 }),
    fc.stringMatching(/^\+?[0-9 ()-]{5,18}$/),
    fc.emailAddress(),
  );
  fc.assert(
    fc.property(via, input, fc.constantFrom(undefined, "DE", "US", "IT"), (one, text, country) => {
      const canonical = outcome(one, text, country);
      if (canonical !== refused && canonical !== blocked) {
        expect(outcome(one, canonical, country)).toBe(canonical);
      }
    }),
    { numRuns: 2000 },
  );
});
