import { existsSync } from "node:fs";
import sparticuz from "@sparticuz/chromium";
import { type Browser, chromium } from "playwright-core";

/** A Chromium that starts here: the one of the package, else the system's. Undefined, with every reason, when none does. */
export async function openBrowser(say: (line: string) => void): Promise<Browser | undefined> {
  const reasons: string[] = [];
  const candidates = [
    { name: "@sparticuz/chromium", path: () => sparticuz.executablePath(), args: sparticuz.args },
    { name: "/usr/bin/chromium", path: async () => "/usr/bin/chromium", args: ["--no-sandbox"] },
  ];
  for (const { name, path, args } of candidates) {
    try {
      const executablePath = await path();
      if (!existsSync(executablePath)) throw new Error("it is not there");
      return await chromium.launch({ executablePath, args, headless: true });
    } catch (error) {
      reasons.push(`${name}: ${String(error).split("\n")[0]}`);
    }
  }
  say(
    `SKIPPED: the console was not tried in a browser, because no Chromium starts.\n  ${reasons.join("\n  ")}`,
  );
  return undefined;
}
