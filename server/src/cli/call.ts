import type { Command } from "commander";
import type { PhoneChannel } from "./call/phone/open.ts";
import type { AssistantOptions } from "./call/swaig.ts";
import type { TelephoneOptions } from "./call/telephone.ts";
import { withServer } from "./options.ts";

/** `countersign call …`: plays a telephone platform, so that a publication can be tried without one. */
export function callCommand(program: Command): void {
  const call = program.command("call").description("Call a publication as its platform does");
  addTelephone(call, "voicexml", "Call a publication as a VoiceXML platform does");
  addTelephone(call, "twiml", "Call a publication as Twilio and its kin do");
  addTelephone(call, "swml", "Call a publication as SignalWire does");
  addTelephone(call, "chat", "Talk to a publication as a bot does");
  addAssistant(call);
}

// A platform's half of the talk is loaded when it is played, and by no server.
function addTelephone(call: Command, channel: PhoneChannel, title: string): void {
  withServer(call.command(channel))
    .description(title)
    .option("--publication <id>", "publication to call (default: the demo's)")
    .option("--access-file <file>", "file that holds its key, or the secret that its platform signs with")
    .option("--user <id>", "whom it concerns: user id or external id (default: Ben of the demo)")
    .option("--caller <number>", "number that calls; then nobody is named unless --user is given")
    .option("--called <number>", "number that is called")
    .option("--locale <tag>", "language that the platform names")
    .option("--keys <script>", 'what the caller does, in one line: "2 {wrong} {code}"')
    .option("--inbox", "show what comes to the simulated phone meanwhile")
    .option("--transcript", "print the words only, as a transcript that a test can play")
    .action(async (options: TelephoneOptions) => {
      const { callByTelephone } = await import("./call/telephone.ts");
      process.exitCode = await callByTelephone(channel, options);
    });
}

function addAssistant(call: Command): void {
  withServer(call.command("swaig"))
    .description("Call the digital employee as SignalWire does: you type what the caller says")
    .option("--agent <url>", "its address with the login in it (default: the demo's)")
    .option("--caller <number>", "number that calls (default: Ben of the demo); none: a chat")
    .option(
      "--script <file>",
      "read what the caller says from a file; {code} is the newest code on the simulated phone",
    )
    .option("--inbox", "show what comes to the simulated phone meanwhile")
    .action(async (options: AssistantOptions) => {
      const { callAssistant } = await import("./call/swaig.ts");
      process.exitCode = await callAssistant(options);
    });
}
