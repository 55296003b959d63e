import type { Command } from "commander";
import { callSwaigCommand } from "./call/swaig.ts";
import { callTelephoneCommands } from "./call/telephone.ts";

/** `countersign call …`: plays a telephone platform, so that a publication can be tried without one. */
export function callCommand(program: Command): void {
  const call = program.command("call").description("Call a publication as its platform does");
  callTelephoneCommands(call);
  callSwaigCommand(call);
}
