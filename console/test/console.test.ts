import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { codeIn, type OpenServer, openServer } from "../../server/test/open-server.ts";
import { openBrowser } from "./browser.ts";

const browser: Browser | undefined = await openBrowser((line) => console.warn(line));
/** Where the pictures go: COUNTERSIGN_SCREENSHOTS, else a folder of its own. */
const pictures =
  process.env["COUNTERSIGN_SCREENSHOTS"] ?? mkdtempSync(join(tmpdir(), "countersign-console-"));
const wide = { width: 1280, height: 860 };
const narrow = { width: 390, height: 844 };

let server: OpenServer;

beforeAll(async () => {
  if (browser === undefined) return;
  mkdirSync(pictures, { recursive: true });
  await build({ configFile: new URL("../vite.config.ts", import.meta.url).pathname, logLevel: "error" });
  server = await openServer();
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

interface Visit {
  readonly page: Page;
  /** What the content security policy refused, and every error of the page. */
  readonly complaints: string[];
  /** Checks the page for people who cannot see, point or hear, and takes its picture. */
  look(name: string): Promise<void>;
}

async function visit(options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser!.newContext({ viewport: wide, locale: "en-GB", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  await page.exposeFunction("complain", (text: string) => complaints.push(text));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const { complain } = window as unknown as { complain: (text: string) => void };
      complain(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
    });
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    // The browser reports every refused call as an error of its own; those are told on the page.
    const refused = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !refused) complaints.push(message.text());
  });
  await page.goto(`${server.url}/console/`);
  return {
    page,
    complaints,
    async look(name) {
      const { violations } = await new AxeBuilder({ page }).analyze();
      const told = violations.map(({ id, impact, nodes }) => [id, impact, nodes[0]?.html]);
      expect([name, told]).toEqual([name, []]);
      const beside = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return Math.max(0, scrollWidth - clientWidth);
      });
      expect([name, beside]).toEqual([name, 0]);
      await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
    },
  };
}

async function signIn({ page }: Visit): Promise<void> {
  await page.getByLabel("API key", { exact: true }).fill(server.demo.apiKey);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Try it", level: 1 }).waitFor();
}

const wrongFor = (code: string) => (code === "271828" ? "314159" : "271828");

test.skipIf(browser === undefined)("from the key to the receipt, and what the feed says of it", async () => {
  const at = await visit();
  const { page, complaints, look } = at;
  await look("1-sign-in");
  await page.getByLabel("API key", { exact: true }).fill("cs_test_nobody");
  await page.keyboard.press("Enter");
  await page.getByText("The server does not know this key").waitFor();
  await look("2-sign-in-wrong");
  await signIn(at);

  await page.getByLabel("Person").selectOption({ label: "Ben Baker" });
  await page.getByRole("radio", { name: "Text message" }).check();
  await page.getByLabel("What it is for").fill("Transfer to Ben");
  await page.getByLabel("Amount").fill("250.00 EUR");
  await look("3-try-start");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.getByText("We sent a text message to").waitFor();
  await page.getByText("accepted by the provider").waitFor();
  await look("4-try-pending");

  await page.getByRole("link", { name: "Simulated phone", exact: true }).click();
  const bubble = page.getByRole("article").first();
  const code = codeIn({ text: (await bubble.locator("p").textContent()) ?? "" });
  await look("5-phone");
  await bubble.getByRole("link", { name: "Enter this code" }).click();

  await page.getByLabel("Code", { exact: true }).fill(wrongFor(code));
  await page.keyboard.press("Enter");
  await page.getByText("The code was not the right one").waitFor();
  await page.getByText("2 tries left.").waitFor();
  await look("6-try-wrong");
  await page.getByLabel("Code", { exact: true }).fill(`${code.slice(0, 3)} ${code.slice(3)}`);
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.getByText("Approved. The receipt below").waitFor();
  await page.getByText("Transfer to Ben · 250.00 EUR").waitFor();
  await look("7-try-approved");
  await page.getByRole("button", { name: "Take it, once" }).click();
  await page.getByText("Taken. A second time").waitFor();
  await page.getByRole("button", { name: "Take it, once" }).click();
  await page.getByText("This receipt opens nothing").waitFor();

  await page.getByRole("link", { name: "Live feed" }).click();
  const approved = page.locator('[data-type="verification.approved"]').first();
  await approved.getByText(/Text message · \+1 .*23/u).waitFor();
  await page.locator('[data-type="attempt.refused"]').getByText("The code was not the right one").waitFor();
  await look("8-feed");
  await page.getByLabel("Type").selectOption("attempt.refused");
  await expect.poll(() => page.locator("[data-type]").count()).toBe(1);
  expect(page.url()).toContain("type=attempt.refused");
  await page.getByRole("link", { name: "Everything about this verification" }).click();

  await page.getByText("The right code was given in time.").waitFor();
  await page.getByText("The receipt was taken").waitFor();
  await look("9-verification");
  expect(complaints).toEqual([]);
});

test.skipIf(browser === undefined)("the feed stands still while paused and loses nothing", async () => {
  const at = await visit();
  await signIn(at);
  const { page } = at;
  await page.getByRole("link", { name: "Live feed" }).click();
  await page.getByText("Live", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Pause" }).click();
  const before = await page.locator("[data-type]").count();
  const user = server.demo.users[0]!.id;
  const { body } = await server.api.post("/v1/verifications", { user, via: "email", purpose: "pause" });
  await server.messagesOf(body.id);
  await server.api.post(`/v1/verifications/${body.id}/cancel`);
  await page.getByRole("button", { name: "3 new events. Show" }).waitFor();
  expect(await page.locator("[data-type]").count()).toBe(before);
  await page.getByRole("button", { name: "Resume" }).click();
  await page.locator('[data-type="verification.canceled"]').waitFor();
  expect(await page.locator("[data-type]").count()).toBe(before + 3);
  expect(at.complaints).toEqual([]);
});

test.skipIf(browser === undefined)("on a phone, in the dark and in German", async () => {
  const at = await visit({ viewport: narrow, colorScheme: "dark", locale: "de-DE" });
  const { page, complaints, look } = at;
  await page.getByLabel("API-Schlüssel", { exact: true }).fill(server.demo.apiKey);
  await look("11-sign-in-390");
  await page.getByRole("button", { name: "Anmelden" }).click();
  await page.getByLabel("Person").selectOption({ label: "Clara Conrad" });
  await page.getByRole("radio", { name: "E-Mail" }).check();
  await look("12-try-390");
  await page.getByRole("button", { name: "Starten" }).click();
  await page.getByText("vom Anbieter angenommen").waitFor();
  await look("13-try-pending-390");
  for (let tries = 0; tries < 3; tries += 1) {
    await page.getByLabel("Code", { exact: true }).fill("271828");
    await page.keyboard.press("Enter");
    if (tries < 2) await page.getByText(tries === 0 ? "Noch 2 Versuche." : "Noch 1 Versuch.").waitFor();
  }
  await page.getByText("Alle erlaubten Versuche waren falsch").waitFor();
  await page.getByRole("link", { name: "Alles ansehen" }).click();
  await page.getByText("Alle Versuche wurden mit falschen Codes verbraucht.").waitFor();
  await look("14-verification-390");
  await page.getByRole("link", { name: "Telefon" }).click();
  await page.getByRole("article").first().waitFor();
  await look("15-phone-390");
  await page.getByRole("link", { name: "Live-Ansicht" }).click();
  await page.locator('[data-type="verification.denied"]').waitFor();
  await look("16-feed-390");
  await page.getByRole("button", { name: "Menü" }).click();
  await page.getByRole("menuitem", { name: "Hell" }).click();
  await page.getByRole("button", { name: "Menü" }).click();
  await page.getByRole("menuitem", { name: "Abmelden" }).click();
  await page.getByRole("heading", { name: "Anmelden" }).waitFor();
  expect(complaints).toEqual([]);
});

test.skipIf(browser === undefined)("without a simulated provider the phone says so", async () => {
  const other = await server.addOrganization("real");
  const { body } = await other.api.post<{ key: string }>("/v1/api-keys", {
    name: "console",
    scopes: ["admin"],
  });
  const { page, look } = await visit();
  await page.getByLabel("API key", { exact: true }).fill(body.key);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("There is nobody in this organization yet.").waitFor();
  await page.getByRole("link", { name: "Simulated phone", exact: true }).click();
  await page.getByText("This organization has no simulated phone").waitFor();
  await look("10-phone-none");
});

test.skipIf(browser === undefined)(
  "a planted style is refused, and seen: the check above can fail",
  async () => {
    const { page, complaints } = await visit();
    await page.evaluate(() => {
      const style = document.createElement("style");
      style.textContent = "body { color: red }";
      document.head.append(style);
    });
    await expect.poll(() => complaints.join()).toContain("style-src");
  },
);
