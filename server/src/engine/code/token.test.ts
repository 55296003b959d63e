import { expect, test } from "vitest";
import { systemRandom } from "./random.ts";
import { generateToken, tokenAlphabet, tokenCandidates } from "./token.ts";

test("a code with letters comes from the whole alphabet, and is read back in every spelling", () => {
  const seen = new Set<string>();
  for (let drawn = 0; drawn < 2_000; drawn += 1) {
    const length = 4 + (drawn % 17);
    const code = generateToken(length, systemRandom);
    expect(code).toHaveLength(length);
    for (const character of code) seen.add(character);
    expect(tokenCandidates(code)).toContain(code);
    expect(tokenCandidates(` ${code.toLowerCase().slice(0, 2)}-${code.slice(2)} `)).toContain(code);
  }
  expect([...seen].sort().join("")).toBe([...tokenAlphabet].sort().join(""));
});

test("the beginning of a code is not taken for what people say while they think", () => {
  expect(tokenCandidates("hm-65")).toContain("HM65");
  expect(tokenCandidates("hm 246810")).toContain("246810");
});

test("the alphabet has nothing that is taken for something else", () => {
  expect(tokenAlphabet).not.toMatch(/[01ILOAEU]/);
  expect(new Set(tokenAlphabet).size).toBe(tokenAlphabet.length);
});

test("digits of 4 to 20 places in any script, grouped or in words, have one form", () => {
  for (const answer of ["012345", " 012 345 ", "０１２３４５", "٠١٢٣٤٥", "zero one two three four five"]) {
    expect([answer, tokenCandidates(answer)]).toEqual([answer, ["012345"]]);
  }
  expect(tokenCandidates("12345678901234567890")).toEqual(["12345678901234567890"]);
});

test("what can be no code has no form", () => {
  for (const answer of [
    "",
    "x",
    "hello",
    "123456789012345678901",
    "BCD\u0000F",
    "<b>",
    "1e5",
    "O0O0",
    "ILOL",
  ]) {
    expect([answer, tokenCandidates(answer)]).toEqual([answer, []]);
  }
});

test("no answer makes more than two forms", () => {
  for (const answer of [
    "twenty one thirty",
    "one hundred twenty three four",
    "12 34",
    "double four double five",
  ]) {
    expect(tokenCandidates(answer).length).toBeLessThanOrEqual(2);
  }
});
