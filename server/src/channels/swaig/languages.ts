/** Languages whose number words a conversation may hold, whatever the assistant was set to. */
export const phraseLanguages = ["en", "de", "fr", "es", "it", "nl", "pt"] as const;
