import { describe, expect, it } from "vitest";
import type { EngineServices } from "../services.ts";
import type { ConsumeReceiptCommand } from "../store.ts";
import { type ConsumeRequest, consumeReceipt } from "./consume.ts";
import { receiptType } from "./receipt.ts";

const issuedAt = 1_800_000_000;
const claims = {
  iss: "https://mfa.example.com",
  aud: "app-1",
  sub: "user-1",
  org: "acme",
  jti: "receipt-1",
  iat: issuedAt,
  exp: issuedAt + 300,
  auth_time: issuedAt,
  verification: "verification-1",
  purpose: "payment",
  via: "sms",
  amr: ["otp", "sms"],
  acr: "restricted",
  binding: { call: "call-1", amount: "1 EUR" },
};

/** A vault that knows one token, a store that consumes once, a clock that stands still. */
function worldAt(now: number, more: object = {}) {
  const consumed: ConsumeReceiptCommand[] = [];
  const services = {
    vault: {
      verifyJwt: (token: string, type: string) =>
        token === "good" && type === receiptType ? { ...claims, ...more } : undefined,
    },
    clock: { now: () => now },
    settings: { issuer: "https://mfa.example.com" },
    store: {
      verifications: {
        consumeReceipt: async (command: ConsumeReceiptCommand) => {
          consumed.push(command);
          return consumed.length === 1;
        },
      },
    },
  } as unknown as EngineServices;
  return { services, consumed };
}

const during = (issuedAt + 10) * 1000;
const request: ConsumeRequest = { organization: "acme", actor: "api_key:1", receipt: "good" };

describe("consumeReceipt", () => {
  it("gives the claims once, and keeps the row until the receipt is over", async () => {
    const { services, consumed } = worldAt(during);
    expect(await consumeReceipt(request, services)).toEqual(claims);
    expect(await consumeReceipt(request, services)).toBeUndefined();
    expect(consumed[0]).toEqual({
      organization: "acme",
      actor: "api_key:1",
      now: during,
      receiptId: "receipt-1",
      verification: "verification-1",
      issuedAt: claims.iat * 1000,
      expiresAt: claims.exp * 1000,
    });
  });

  it("is valid to the last millisecond and not in the one after (RFC 7519 §4.1.4)", async () => {
    expect(await consumeReceipt(request, worldAt(claims.exp * 1000 - 1).services)).toBeDefined();
    expect(await consumeReceipt(request, worldAt(claims.exp * 1000).services)).toBeUndefined();
  });

  it("is not valid before nbf (RFC 7519 §4.1.5)", async () => {
    const nbf = { nbf: issuedAt + 20 };
    expect(await consumeReceipt(request, worldAt(during, nbf).services)).toBeUndefined();
    expect(await consumeReceipt(request, worldAt((issuedAt + 20) * 1000, nbf).services)).toBeDefined();
  });

  it.each<[string, Partial<ConsumeRequest>]>([
    ["a forged one", { receipt: "bad" }],
    ["another organization", { organization: "other" }],
    ["another app", { app: "app-2" }],
    ["another purpose", { purpose: "login" }],
    ["another amount", { binding: { call: "call-1", amount: "100 EUR" } }],
    ["a part of its binding", { binding: { call: "call-1" } }],
    ["more than its binding", { binding: { call: "call-1", amount: "1 EUR", action: "pay" } }],
    ["no binding", { binding: {} }],
  ])("refuses %s without spending it", async (_, wrong) => {
    const { services, consumed } = worldAt(during);
    expect(await consumeReceipt({ ...request, ...wrong }, services)).toBeUndefined();
    expect(consumed).toEqual([]);
    const right = { app: "app-1", purpose: "payment", binding: { amount: "1 EUR", call: "call-1" } };
    expect(await consumeReceipt({ ...request, ...right }, services)).toBeDefined();
  });

  it("refuses what another server of ours issued", async () => {
    const elsewhere = worldAt(during, { iss: "https://other.example.com" });
    expect(await consumeReceipt(request, elsewhere.services)).toBeUndefined();
  });
});
