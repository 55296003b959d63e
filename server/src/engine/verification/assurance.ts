import type { Assurance, Purpose, Via } from "../model.ts";

/** Fewer digits than this are a legacy pin and prove nothing (NIST SP 800-63B-4 §3.1.3.2). */
const leastDigits = 6;

/** What an approval is worth; see `Assurance`. `codeLength` matters for delivered codes only. */
export function assuranceOf(via: Via, purpose: Purpose, codeLength: number): Assurance {
  switch (via) {
    case "totp":
    case "recovery_code":
      return "standard";
    case "email":
      return codeLength < leastDigits || purpose === "login" ? "none" : "standard";
    case "sms":
    case "voice":
      return codeLength < leastDigits ? "none" : "restricted";
  }
}

/** Authentication method references of RFC 8176 §2; never one that the method does not deserve. */
export function methodReferences(via: Via): readonly string[] {
  switch (via) {
    case "sms":
      return ["otp", "sms"];
    case "voice":
      return ["otp", "tel"];
    default:
      return ["otp"];
  }
}
