import type { DeliveryVia } from "../../engine/model.ts";
import { appendWebOtp, renderTemplate } from "./render.ts";
import { countSegments, type SegmentCount } from "./segments.ts";
import { longestSender } from "./sender.ts";

/** What an admin writes for one via and language, before it is a stored template. */
export interface TemplateDraft {
  readonly via: DeliveryVia;
  readonly locale: string;
  readonly text: string;
  readonly sender?: string | undefined;
  readonly subject?: string | undefined;
  readonly webOtpDomain?: string | undefined;
}

export interface PreviewOptions {
  /** Digits of a code under the policy in force. */
  readonly codeLength: number;
  /** Shown for `${from}` while the draft names no sender; absent: as long as a sender can be. */
  readonly brand?: string | undefined;
}

export interface TemplatePreview {
  /** The message with a made-up code. */
  readonly text: string;
  readonly subject?: string;
  /** Of an SMS: the counter beside the text. */
  readonly segments?: SegmentCount;
}

/** As long as two proof words usually are. */
const sampleWords = "lantern mountain";

// A fixed moment, so that a preview is the same whenever it is drawn.
const sampleTime = Date.UTC(2025, 1, 25, 17, 33, 30);

/** Renders a draft as it would be sent, with a made-up code and the longest sender. */
export function previewTemplate(draft: TemplateDraft, options: PreviewOptions): TemplatePreview {
  const code = "1234567890".repeat(2).slice(0, options.codeLength);
  const values = {
    via: draft.via,
    code,
    from: draft.sender ?? options.brand ?? "W".repeat(longestSender),
    createdAt: sampleTime,
    ttlSeconds: 600,
    words: sampleWords,
  };
  const filled = renderTemplate(draft.text, values).normalize("NFC");
  const text = draft.webOtpDomain === undefined ? filled : appendWebOtp(filled, draft.webOtpDomain, code);
  const subject = draft.subject === undefined ? {} : { subject: renderTemplate(draft.subject, values) };
  return { text, ...subject, ...(draft.via === "sms" ? { segments: countSegments(text) } : {}) };
}
