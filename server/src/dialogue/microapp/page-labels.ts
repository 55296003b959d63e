/** How a value is written on the page. */
export type ValueKind =
  | "text"
  | "number"
  | "path"
  | "switch"
  | "generation"
  | "url"
  | "sender_mail"
  | "sender_sms";

export interface PageLabel {
  /** As it stands on the page "Two Factor Authentication Settings". */
  readonly label: string;
  /** Member of the settings of the dialogue. */
  readonly member: string;
  readonly kind: ValueKind;
}

const webService = "Web Service";

/** Every setting of the MicroApp's page. */
export const pageLabels: readonly PageLabel[] = [
  { label: "Variable Name for Customer Email Address", member: "emailVariable", kind: "text" },
  { label: "Variable Name for Customer Phone Number", member: "phoneVariable", kind: "text" },
  { label: "Behaviour if No Verified Contact Method Available", member: "onNoMethod", kind: "text" },
  { label: "Maximum Attempts at Sending an Authentication Code", member: "maxSends", kind: "number" },
  { label: "Behaviour After Exceeding Maximum Code Send Attempts", member: "onSendExceeded", kind: "text" },
  { label: "Maximum Attempts at Verifying an Authentication Code", member: "maxVerify", kind: "number" },
  {
    label: "Behaviour After Exceeding Maximum Code Verification Attempts",
    member: "onVerifyExceeded",
    kind: "path",
  },
  { label: "Skip Options", member: "skipIfVerified", kind: "switch" },
  { label: "Select an option for the code generation", member: "codeGeneration", kind: "generation" },
  { label: "Prompt Wording", member: "authenticatorName", kind: "text" },
  { label: `Check Verified Contact Methods ${webService}`, member: "ws.checkMethods", kind: "url" },
  { label: `Send Authentication Code ${webService}`, member: "ws.sendCode", kind: "url" },
  { label: `Code Authentication ${webService}`, member: "ws.verifyCode", kind: "url" },
  { label: `${webService} Timeout (milliseconds)`, member: "ws.timeoutMs", kind: "number" },
  { label: "Number of digits for the Generated Code", member: "digits", kind: "number" },
  { label: "Internal Code Expiration Time (minutes)", member: "expiryMinutes", kind: "number" },
  { label: "Email Address 'From'", member: "emailFrom", kind: "sender_mail" },
  { label: "Email Subject", member: "emailSubject", kind: "text" },
  { label: "SMS Number 'From'", member: "smsFrom", kind: "sender_sms" },
];

/** One entry of the page, as it was written. */
export interface PageEntry {
  readonly label: PageLabel;
  /** Which calls it is for; absent: both. */
  readonly environment?: "test" | "production" | undefined;
  readonly value: string;
}

/** Typographic marks, American spelling and letter case make no difference. */
function plainLabel(text: string): string {
  return text
    .replace(/[\u2018\u2019\u201a\u201b`"\u201c\u201d\u201e]/g, "'")
    .replace(/behavior/gi, "behaviour")
    .replace(/\s+/g, " ")
    .trim()
    .toLowerCase();
}

/** `(test)`, `- test calls`, `.Production`, or nothing. */
const environment = /^[\s.([-]*(test|production)(?: calls)?[\s)\]]*$/;

/** The label that a name is, with what follows it. */
export function labelNamed(name: string): Omit<PageEntry, "value"> | undefined {
  const written = plainLabel(name);
  for (const label of pageLabels) {
    const known = plainLabel(label.label);
    if (written === known) return { label };
    const rest = written.startsWith(known) ? environment.exec(written.slice(known.length)) : null;
    if (rest !== null && label.kind === "url")
      return { label, environment: rest[1] as "test" | "production" };
  }
  return undefined;
}
