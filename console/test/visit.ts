import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";
import type { OpenServer } from "../../server/test/open-server.ts";

export const wide = { width: 1280, height: 860 };
export const narrow = { width: 390, height: 844 };

export interface Visit {
  readonly page: Page;
  /** What the content security policy refused, and every error of the page. */
  readonly complaints: string[];
  /** Checks the page for people who cannot see, point or hear, and takes its picture. */
  look(name: string): Promise<void>;
  /** The same in light and in dark, each with its picture; then as the visitor came. */
  lookTwice(name: string): Promise<void>;
}

/**
 * Light or dark, as if chosen in another window of the console. Not by an emulated preference of the system: after a
 * picture, some builds of the browser no longer tell the page that it changed.
 */
async function chooseElsewhere(page: Page, newValue: "light" | "dark" | "auto"): Promise<void> {
  await page.evaluate((chosen) => {
    const key = "mantine-color-scheme-value";
    window.dispatchEvent(
      new StorageEvent("storage", { key, newValue: chosen, storageArea: window.localStorage }),
    );
  }, newValue);
}

/** How the tests of the console come to its pages. */
export interface Visits {
  visit(options?: BrowserContextOptions): Promise<Visit>;
  /** With the demo's key, on the page in English. */
  signIn(at: Visit): Promise<void>;
}

/** Pictures go to the folder COUNTERSIGN_SCREENSHOTS, else to one of their own. */
export function createVisits(browserOf: () => Browser, serverOf: () => OpenServer): Visits {
  const pictures =
    process.env["COUNTERSIGN_SCREENSHOTS"] ?? mkdtempSync(join(tmpdir(), "countersign-console-"));
  mkdirSync(pictures, { recursive: true });
  async function visit(options: BrowserContextOptions = {}): Promise<Visit> {
    const context = await browserOf().newContext({ viewport: wide, locale: "en-GB", ...options });
    const page = await context.newPage();
    // A page left behind would go on asking and slow the next one down. (Closing a context ends some builds of the browser.)
    onTestFinished(async () => {
      await page.goto("about:blank");
    });
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
    await page.goto(`${serverOf().url}/console/`);
    const look = async (name: string) => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      const told = violations.map(({ id, impact, nodes }) => [id, impact, nodes[0]?.html]);
      expect([name, told]).toEqual([name, []]);
      const beside = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return Math.max(0, scrollWidth - clientWidth);
      });
      expect([name, beside]).toEqual([name, 0]);
      await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
    };
    const lookTwice = async (name: string) => {
      for (const colorScheme of ["light", "dark"] as const) {
        await chooseElsewhere(page, colorScheme);
        await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor();
        await look(`${name}-${colorScheme}`);
      }
      await chooseElsewhere(page, "auto");
    };
    return { page, complaints, look, lookTwice };
  }

  async function signIn({ page }: Visit): Promise<void> {
    await page.getByLabel("API key", { exact: true }).fill(serverOf().demo.apiKey);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Try it", level: 1 }).waitFor();
  }
  return { visit, signIn };
}
