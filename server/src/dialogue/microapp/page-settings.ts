import type { FieldProblem } from "../../engine/errors.ts";
import type { DialogueSettings } from "../settings.ts";
import { validateDialogue } from "../validate.ts";
import { type PageEntry, pageLabels } from "./page-labels.ts";

/** The MicroApp's page as settings of the dialogue. */
export interface PageSettings {
  readonly settings: DialogueSettings;
  /** Fewer than six digits: allowed by the policy of a publication only. */
  readonly pinDigits?: number | undefined;
  /** Address that e-mails come from; it belongs to the mail server's provider. */
  readonly mailFrom?: string | undefined;
  /** Every problem at once, each by its label. */
  readonly problems: readonly FieldProblem[];
}

const leastDigits = 6;

export function settingsOfPage(entries: readonly PageEntry[]): PageSettings {
  const read = entries.map((entry) => ({ entry, members: membersOf(entry), ...readValue(entry) }));
  const all = read.flatMap(({ members }) => members);
  const problems = read.flatMap(({ entry: { label }, members, problem }, index) => {
    const before = read.slice(0, index).flatMap((one) => one.members);
    const isRepeated = members.some((member) => before.includes(member));
    const sentences = [isRepeated ? "This setting stands here twice." : undefined, problem];
    return sentences.flatMap((one) => (one === undefined ? [] : [{ field: label.label, problem: one }]));
  });
  const settings: Record<string, unknown> = {};
  for (const member of new Set(all)) {
    const value = read.find(({ members }) => members.includes(member))?.value;
    if (value !== undefined) put(settings, member, value);
  }
  const refused = validateDialogue(settings as DialogueSettings).map(byLabel);
  const digits = settings["digits"];
  return {
    settings: settings as DialogueSettings,
    pinDigits: typeof digits === "number" && digits < leastDigits ? digits : undefined,
    mailFrom: read.find(({ mailFrom }) => mailFrom !== undefined)?.mailFrom,
    problems: [...problems, ...refused],
  };
}

/** A URL without the kind of calls is for both. */
function membersOf({ label, environment }: PageEntry): readonly string[] {
  if (label.kind !== "url") return [label.member];
  return (environment === undefined ? ["test", "production"] : [environment]).map(
    (one) => `${label.member}.${one}`,
  );
}

interface Read {
  /** Absent: blank, so the default holds. */
  readonly value?: unknown;
  readonly mailFrom?: string | undefined;
  readonly problem?: string | undefined;
}

const words: Readonly<Record<string, boolean>> = {
  ...Object.fromEntries(["true", "yes", "on", "enabled", "checked", "skip", "1"].map((word) => [word, true])),
  ...Object.fromEntries(["false", "no", "off", "disabled", "unchecked", "0"].map((word) => [word, false])),
};

function readValue({ label: { kind }, value: given }: PageEntry): Read {
  const written = given.trim();
  // A blank behaviour means something: another code is sent.
  if (written === "") return kind === "path" ? { value: null } : {};
  switch (kind) {
    case "number":
      return { value: /^\d{1,9}(?:\.\d{1,3})?$/.test(written) ? Number(written) : written };
    case "switch": {
      const value = words[written.toLowerCase()];
      return value === undefined ? { problem: "This is true or false." } : { value };
    }
    case "generation":
      return { value: written.toLowerCase() };
    case "sender_sms":
      return { value: smsSender(written) };
    case "sender_mail":
      return mailSender(written);
    default:
      return { value: written };
  }
}

/** A number is shown with its plus sign, whether or not the page has one. */
function smsSender(written: string): string {
  const digits = written.replace(/[\s().-]/g, "");
  return /^\+?[1-9]\d{6,14}$/.test(digits) ? `+${digits.replace("+", "")}` : written;
}

/** `Example Bank <mfa@example.com>`, or one of the two. */
function mailSender(written: string): Read {
  const [, name = "", address] = /^"?([^"<]*?)"?\s*<\s*([^<>\s]+@[^<>\s]+)\s*>$/.exec(written) ?? [];
  if (address !== undefined) return { ...(name !== "" && { value: name }), mailFrom: address };
  return /^\S+@\S+$/.test(written) ? { mailFrom: written } : { value: written };
}

function put(settings: Record<string, unknown>, member: string, value: unknown): void {
  const [name = "", ...rest] = member.split(".");
  if (rest.length === 0) {
    settings[name] = value;
    return;
  }
  const inner = (settings[name] ?? {}) as Record<string, unknown>;
  settings[name] = inner;
  put(inner, rest.join("."), value);
}

/** What the schema says of a member, said of the label on the page. */
function byLabel(sentence: string): FieldProblem {
  const named = pageLabels.find(({ member }) => new RegExp(`^${member}(?=[.: ])`).test(sentence));
  if (named === undefined) return { field: "", problem: sentence };
  const [, which, problem = ""] =
    /^(?:\.(test|production))?[: ]+(.*)$/s.exec(sentence.slice(named.member.length)) ?? [];
  return { field: which === undefined ? named.label : `${named.label} (${which})`, problem };
}
