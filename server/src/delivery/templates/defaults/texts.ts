/**
 * The built-in texts of one language. SMS texts stay inside GSM-7 and, with a sender of 11 characters, inside one segment;
 * they put the code first, where a notification shows it. The voice texts say the code three times and then end.
 */
export interface DefaultTexts {
  readonly sms: string;
  /** Used when the code approves something: names it (`${binding}`). */
  readonly smsBinding: string;
  /** Follows a text without `${words}` where the agent says them too. One sentence, inside GSM-7. */
  readonly proof: string;
  readonly voice: string;
  readonly voiceBinding: string;
  /** Said first where a key must be pressed before the code is said; it is what a voicemail gets. Without the code. */
  readonly voiceInvitation: string;
  /** The same call in the SSML dialect of seven.io, as a start for an own template; never chosen by itself. */
  readonly voiceSsml: string;
  /** Without the code: subjects are shown on locked screens and kept in mail logs. */
  readonly emailSubject: string;
  readonly email: string;
  readonly emailBinding: string;
}
