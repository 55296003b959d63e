/** The digits of a code as built-in texts write them: in one run or two, or one by one for a voice. */
export function codeInText(text: string): string | undefined {
  return /\d(?:[\s.,]*\d){5,9}/.exec(text)?.[0].replace(/\D/g, "");
}
