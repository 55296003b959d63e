import { type ProviderDraft, readGenesysSettings } from "../../../delivery/genesys-settings.ts";
import { type PageSettings, settingsOfPage } from "../../../dialogue/microapp/page-settings.ts";
import { takePage } from "../../../dialogue/microapp/page-text.ts";
import type { DialogueSettings } from "../../../dialogue/settings.ts";
import type { FieldProblem } from "../../../engine/errors.ts";

/** What the text does not say. */
export interface GenesysWishes {
  /** Sender of e-mails, where the text names none. */
  readonly from?: string | undefined;
  readonly publication?: PublicationWishes | undefined;
}

export interface PublicationWishes {
  /** App of a new publication; absent: the only one. */
  readonly app?: string | undefined;
  /** Id of a publication that is changed in place of making one. */
  readonly publication?: string | undefined;
  readonly channel?: DialogueChannel | undefined;
  readonly name?: string | undefined;
  /** Credential that opens a new publication; absent: a new key. */
  readonly access?: string | undefined;
  /** Codes of four or five digits are meant. */
  readonly legacyPin?: boolean | undefined;
}

/** Channels whose publications have the settings of the MicroApp's page. */
export const dialogueChannels = ["voicexml", "twiml", "swml", "chat"] as const;
export type DialogueChannel = (typeof dialogueChannels)[number];

/** What an import would make of the MicroApp's page, or change. */
export interface PublicationDraft {
  readonly channel: DialogueChannel;
  readonly name: string;
  readonly settings: DialogueSettings;
  readonly policy?: { readonly legacyPin: true; readonly codeLength: number } | undefined;
}

export interface GenesysPlan {
  readonly providers: readonly ProviderDraft[];
  readonly publication?: PublicationDraft | undefined;
  /** Every problem at once; with any of them nothing is to be made. The field is a name of the text, or a pointer into the wishes. */
  readonly problems: readonly FieldProblem[];
}

/**
 * Reads what Genesys Intelligent Automation is set to: its server settings (`SMS.*`, `Email.SMTP.*`) become providers, the page
 * "Two Factor Authentication Settings" a publication. Lines, a Java properties file, or JSON.
 */
export function planGenesys(text: string, { from, publication = {} }: GenesysWishes): GenesysPlan {
  const { entries, rest, unknown } = takePage(text);
  const page = entries.length > 0 ? settingsOfPage(entries) : undefined;
  const servers = readServers(rest, page);
  const sender = from ?? page?.mailFrom;
  return {
    providers: servers.drafts.map((draft) => withSender(draft, sender)),
    publication: page && draftOf(page, publication),
    problems: [
      ...servers.problems,
      ...unknown.map((field) => ({ field, problem: "This is not a setting that we know." })),
      ...(page?.problems ?? []),
      ...(page ? wishProblems(page, publication) : []),
    ],
  };
}

/** Required settings that neither the text nor the wishes hold. */
export function missingProblems({ providers }: Pick<GenesysPlan, "providers">): readonly FieldProblem[] {
  return providers.flatMap(({ name, missing }) =>
    missing.map((member) => ({
      field: member === "from" ? "/from" : "/text",
      problem: `${name}: ${member} is missing.`,
    })),
  );
}

/** Beside the page a text need not hold server settings; what it holds must be right. */
function readServers(rest: string, page: PageSettings | undefined) {
  const read = readGenesysSettings(rest);
  if (page === undefined || read.drafts.length > 0) return read;
  return { drafts: [], problems: read.problems.filter(({ field }) => field !== "") };
}

function withSender(draft: ProviderDraft, from: string | undefined): ProviderDraft {
  if (from === undefined || !draft.missing.includes("from")) return draft;
  const missing = draft.missing.filter((name) => name !== "from");
  return { ...draft, missing, settings: { ...draft.settings, from } };
}

function draftOf({ settings, pinDigits }: PageSettings, wishes: PublicationWishes): PublicationDraft {
  const { channel = "voicexml", name = "Genesys two-factor authentication" } = wishes;
  const policy = pinDigits === undefined ? undefined : { legacyPin: true as const, codeLength: pinDigits };
  return { channel, name, settings, ...(policy && { policy }) };
}

function wishProblems({ pinDigits }: PageSettings, wishes: PublicationWishes): readonly FieldProblem[] {
  const { channel = "voicexml", publication, access, legacyPin } = wishes;
  const needsAccess = channel === "twiml" && publication === undefined && access === undefined;
  return [
    ...(needsAccess
      ? [
          {
            field: "/publication/access",
            problem: "On the channel twiml the platform signs: name the credential with its secret.",
          },
        ]
      : []),
    ...(pinDigits !== undefined && legacyPin !== true
      ? [
          {
            field: "/publication/legacyPin",
            problem: `Codes of ${pinDigits} digits are easily guessed. Raise the number of digits to 6, or say that you mean it.`,
          },
        ]
      : []),
  ];
}
