/**
 * Everything that the model is ever told by our own functions: a fixed set of sentences, into which only numbers, the masked end
 * of a telephone number and proof words are put. What a caller or a model wrote never comes back.
 */
export const texts = {
  sent: (digits: number, where: string, words: string) =>
    `${digits} digit number sent. It is on its way ${where}.${words} Ask the caller for the number they received.`,
  callPlaced: (digits: number, where: string, words: string) =>
    `${digits} digit number sent. A call that reads it out is on its way ${where}.${words} Ask the caller for the number they heard.`,
  app: "Ask the caller for the number that their authenticator app shows now.",
  sendFailed:
    "The number could not be sent. Tell the caller so, and offer to try once more or to get help another way.",
  tooSoon: (seconds: number) =>
    `A number was sent a moment ago. Ask the caller to look again; another one can be sent in ${seconds} seconds.`,
  noMoreSends:
    "No further number can be sent for this confirmation. Ask for the newest number, or offer help another way.",
  limited: "No number can be sent at the moment: a limit is reached. Offer help another way.",
  nobody: "There is nothing on record to which a number could be sent. Offer help another way.",
  approved: "Verification successful. The caller is confirmed; go on with what they want.",
  wrong: (left: number) =>
    `Verification failed, try again. ${left === 1 ? "One try is" : `${left} tries are`} left for this number.`,
  exhausted:
    "Verification failed. No try is left for this number. Offer to send a new one, once, or help another way.",
  expired: "Verification failed: the number is too old or no longer in use. Offer to send a new one.",
  locked:
    "Verification failed: there were too many wrong answers. No number is taken at the moment; offer help another way.",
  later: (seconds: number) => `No answer is taken at the moment. Ask the caller to wait ${seconds} seconds.`,
  notSent: "No number was sent in this call. Call send_mfa first.",
  repeat:
    "That was not a number of the right form; nothing was checked. Please repeat: ask the caller for the digits once more.",
  unclear: "The request was not understood; nothing was done. Please repeat it.",
  keypad:
    "The caller is asked to type the number on the keypad. When they have done so, call verify_mfa again with keypad set to true to learn the result.",
  keypadOnly:
    "The caller is asked to type the number on the keypad. When they have done so, call verify_mfa again to learn the result.",
  keypadSilent:
    "The caller typed nothing; nothing was checked. Offer the keypad once more, or to say the number.",
  outsideFailed:
    "The number could not be checked just now. Try again in a moment; the caller is not confirmed.",
  refused: "Refused: the caller is not confirmed in this call. Call send_mfa and verify_mfa first.",
  functionArguments:
    "The arguments do not fit this function; nothing was done. Ask for what is missing and call it again.",
  functionFailed: "That did not work just now. Apologise, and offer to try again or to get help another way.",
  functionUnsure:
    "It is not known whether that was done. Do not call it again; say so, and offer help another way.",
  unknownFunction: "There is no such function.",
  noConversation: "This request names no call; nothing was done.",
  busy: "Too many requests at once; nothing was done. Wait a moment and call again.",
  failed:
    "Something went wrong on our side; nothing was checked and the caller is not confirmed. Try again in a moment.",
} as const;
