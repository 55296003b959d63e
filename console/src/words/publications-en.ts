/** The pages about apps and their publications. */
export const publications = {
  title: "Publications",
  text: "Your apps, and the channels on which people reach them. Each publication has an address for the platform of its channel.",
  empty: "There is no app yet.",
  emptyHelp:
    "An app is what you protect: a service, a phone menu, an assistant. Add one, then publish it on a channel.",
  none: "This app is on no channel yet.",
  publish: "Publish on a channel",
  mfa: { on: "Asks for a code", off: "Asks for no code" },
  copyUrl: "Copy the address",
  app: {
    title: "Add an app",
    name: "Name of the app",
    action: "Add",
    remove: {
      action: "Remove the app",
      sure: (name: string) => `Remove the app ${name} for good? Its publications must be removed first.`,
      really: "Yes, remove it",
      keep: "Keep it",
    },
  },
  form: {
    create: "New publication",
    title: "Settings",
    name: "Name",
    channel: "Channel",
    channelHelp: "It stays as it is once the publication is made.",
    mfa: "People must prove who they are",
    mfaHelp: "While this is off, most channels answer as if the publication were not there.",
    settings: (channel: string) => `Settings of the channel: ${channel}`,
    noSettings: "This channel has no settings.",
    policy: "Policy",
    policyHelp:
      "Empty: as the app and the organization say. A publication can only be stricter. Other settings of the policy stay as they are.",
    save: "Save",
    add: "Publish",
    saved: "Saved. It holds from the next dialogue on.",
    cancel: "Cancel",
  },
  policy: {
    codeTtlSeconds: "Lifetime of a code, in seconds",
    maxAttempts: "Answers per verification",
    maxSends: "Messages per verification",
    codeLength: "Digits of a code",
  },
  connect: {
    title: "How to connect",
    address: "Address",
    noAddress:
      "Applications start its verifications by the API: POST /v1/verifications with a key of this app.",
    more: "All about this channel stands in the documentation:",
    channels: {
      voicexml:
        "Call the address as a sub-dialogue of your VoiceXML flow, by POST, with the key behind it as ?key=.",
      twiml: "At the platform, enter the address as the web-hook for incoming calls, by HTTP POST.",
      swml: "At SignalWire, enter the address as an external SWML script, with the key behind it as ?key=.",
      swaig:
        "At SignalWire, enter the address as an external SWML script, with the key as its password (https://countersign:<key>@…).",
      chat: "Your bot posts each turn to the address as JSON, with an API key or the key of this publication as bearer token.",
      genesys:
        "Enter /checkVerifiedContactMethods, /sendAuthenticationCode and /codeAuthentication behind the address as the three web services, with the key in the header X-API-Key.",
    } as Readonly<Record<string, string>>,
  },
  channels: { api: "API" } as Readonly<Record<string, string>>,
  remove: {
    action: "Remove",
    sure: (name: string) => `Remove ${name} for good? Its address answers nobody any more.`,
    really: "Yes, remove it",
    keep: "Keep it",
  },
  missing: "There is no such publication in this organization.",
  back: "All publications",
};
