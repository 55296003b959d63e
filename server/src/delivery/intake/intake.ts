import type { Callbacks } from "../open-providers.ts";
import type { ReportRequest } from "../provider.ts";
import { type CallScriptsTools, createCallScripts } from "./calls.ts";
import type { IntakeAnswer } from "./configured.ts";
import { createRedaction, type RedactionTools } from "./redaction.ts";
import { createReportIntake, type ReportIntakeTools } from "./reports.ts";

/** The door by which providers come in. */
export interface Intake {
  /** What the URLs of the door begin with, as providers are told them; without a slash at its end. */
  readonly publicUrl: string;
  /** For those who call providers, where these can reach this server. */
  readonly callbacks: Callbacks;
  receive(providerId: string, request: ReportRequest): Promise<IntakeAnswer>;
  answerCall(token: string, request: ReportRequest): Promise<IntakeAnswer>;
  /** Lets what goes on end, for at most `withinMs`. */
  close(withinMs?: number): Promise<void>;
}

export type IntakeTools = CallScriptsTools &
  Omit<ReportIntakeTools, "redaction" | "store"> &
  Omit<RedactionTools, "store"> & {
    readonly store: CallScriptsTools["store"] & ReportIntakeTools["store"] & RedactionTools["store"];
  };

const closeMs = 5_000;

export function createIntake(tools: IntakeTools): Intake {
  const { publicUrl } = tools;
  const redaction = createRedaction(tools);
  const reports = createReportIntake({ ...tools, redaction });
  const calls = createCallScripts(tools);
  return {
    publicUrl,
    callbacks: {
      reportUrl: (id) => `${publicUrl}/delivery/reports/${encodeURIComponent(id)}`,
      keepScript: calls.keep,
    },
    receive: reports.receive,
    answerCall: calls.answer,
    close: async (withinMs = closeMs) => {
      reports.close();
      await redaction.close(withinMs);
    },
  };
}
