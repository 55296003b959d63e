import type { VerificationStatus } from "@countersign/client";
import type { Tone } from "./event-text.ts";

const tones: Readonly<Record<VerificationStatus, Tone>> = {
  pending: "quiet",
  approved: "good",
  denied: "bad",
  expired: "bad",
  canceled: "quiet",
};

export function toneOfStatus(status: VerificationStatus): Tone {
  return tones[status];
}
