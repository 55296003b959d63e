import { plain } from "./output.ts";

/** A verification as the API shows it. */
export interface VerificationAnswer {
  readonly id: string;
  readonly status: string;
  readonly via: string;
  readonly to: string;
  readonly purpose: string;
  readonly user?: string;
  readonly attempts: number;
  readonly maxAttempts: number;
  readonly sends: number;
  readonly maxSends: number;
  readonly assurance: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly closedAt?: string;
  readonly deliveries: readonly {
    readonly via: string;
    readonly state: string;
    readonly provider?: string;
    readonly at: string;
  }[];
}

/** A verification for people, one fact a line. */
export function verificationText(verification: VerificationAnswer): readonly string[] {
  const { id, status, via, to, purpose, attempts, maxAttempts, sends, maxSends } = verification;
  return [
    `Verification  ${id}`,
    `Status        ${status}`,
    `By            ${via}${to === "" ? "" : ` to ${plain(to)}`}`,
    `Purpose       ${purpose}`,
    `Attempts      ${attempts} of ${maxAttempts}`,
    `Messages      ${sends} of ${maxSends}`,
    `Assurance     ${verification.assurance}`,
    `Expires       ${verification.expiresAt}`,
    ...(verification.closedAt === undefined ? [] : [`Closed        ${verification.closedAt}`]),
    ...verification.deliveries.map(
      (one) =>
        `Delivery      ${one.via} ${one.state}${one.provider === undefined ? "" : ` by ${plain(one.provider)}`} at ${one.at}`,
    ),
  ];
}
