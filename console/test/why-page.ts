import { expect, test } from "vitest";
import { numberTypes } from "../../server/src/engine/model.ts";
import { de } from "../src/words/de.ts";
import { en } from "../src/words/en.ts";
import type { SettingsTools } from "./provider-pages.ts";
import { narrow } from "./visit.ts";

interface Explained {
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The page that explains, driven in a browser; called by the one file that builds the console. */
export function whyPage({ visit, signIn, serverOf }: SettingsTools): void {
  test("why a message would not go, and whose word a setting is", async () => {
    const at = await visit();
    await signIn(at);
    const { page, complaints, look } = at;
    const user = serverOf().demo.users[1]!.id;
    await serverOf().api.patch(`/v1/users/${user}`, { policy: { maxAttempts: 2 } });
    await page.getByRole("link", { name: "Why", exact: true }).click();
    await page.getByRole("heading", { name: "Would a message go?" }).waitFor();
    const number = page.getByRole("textbox", { name: "Number", exact: true });
    await number.fill("12");
    await page.getByRole("button", { name: "Explain" }).click();
    await expect.poll(() => number.getAttribute("aria-invalid")).toBe("true");
    // A premium number of the United Kingdom (Ofcom: 09): no setting opens it.
    await number.fill("+44 909 879 0000");
    await page.getByRole("button", { name: "Explain" }).click();
    await page.locator('[data-rule="number_type_blocked"]').waitFor();
    await page.getByText("No, it would be refused:").waitFor();
    await page.getByText("United Kingdom, +44").waitFor();
    await page.getByText("premium rate", { exact: true }).waitFor();
    await look("61-why");

    const setting = page.locator('[data-setting="maxAttempts"]');
    await setting.getByText("3", { exact: true }).waitFor();
    await page.getByLabel("Person", { exact: true }).selectOption(user);
    await setting.getByText("2", { exact: true }).waitFor();
    await setting.getByText("by: person").waitFor();
    await setting.getByText("The smallest number wins.").waitFor();
    await setting.getByText("What each layer says").click();
    await setting.getByText("person: 2").waitFor();
    expect(page.url()).toContain(`user=${user}`);
    await page.getByLabel("Publication", { exact: true }).selectOption({ index: 1 });
    await expect.poll(() => page.url()).toContain("publication=");
    await setting.getByText("2", { exact: true }).waitFor();
    await serverOf().api.patch(`/v1/users/${user}`, { policy: {} });
    expect(complaints).toEqual([]);
  });

  test("every setting that the server explains has words; on a phone, in German", async () => {
    const { body } = await serverOf().api.get<Explained>("/v1/policy/explain");
    for (const { why } of [en, de]) {
      expect(Object.keys(why.policy.settings).sort()).toEqual(Object.keys(body.settings).sort());
    }
    for (const { why } of [en, de])
      expect(Object.keys(why.number.types).sort()).toEqual([...numberTypes].sort());
    const { page, complaints, lookTwice } = await visit({ viewport: narrow, locale: "de-DE" });
    await page.getByLabel("API-Schlüssel", { exact: true }).fill(serverOf().demo.apiKey);
    await page.getByRole("button", { name: "Anmelden" }).click();
    await page.getByRole("link", { name: "Warum", exact: true }).click();
    await page.getByRole("textbox", { name: "Nummer", exact: true }).fill("+491713920012");
    await page.getByRole("button", { name: "Erklären" }).click();
    await page.getByText("Ja, sie ginge hinaus.").waitFor();
    await lookTwice("62-why-390");
    expect(complaints).toEqual([]);
  });
}
