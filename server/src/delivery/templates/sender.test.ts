import { expect, it } from "vitest";
import { senderKind, senderProblem } from "./sender.ts";

it.each([
  ["Acme", "alphanumeric"],
  ["Acme Portal", "alphanumeric"],
  ["4you", "alphanumeric"],
  ["A", "alphanumeric"],
  ["12345", "short_code"],
  ["123", "short_code"],
  ["12345678", "short_code"],
  ["123456789", "number"],
  ["+4915123456789", "number"],
  ["123456789012345", "number"],
  ["1234567890123456", undefined],
  ["12", undefined],
  ["+12", undefined],
  ["", undefined],
  [" ", undefined],
  [" Acme", undefined],
  ["Acme ", undefined],
  ["Acme Portals", undefined],
  ["Acmé", undefined],
  ["Acme-1", undefined],
  ["A€", undefined],
  ["😀A", undefined],
  ["Ac\nme", undefined],
  ["Ac\u202eme", undefined],
  ["А", undefined], // Cyrillic
  ["A\0", undefined],
  ["1 2", undefined],
])("%j is %s", (sender, kind) => {
  expect(senderKind(sender)).toBe(kind);
  expect(senderProblem(sender) === undefined).toBe(kind !== undefined);
});
