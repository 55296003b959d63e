import { expect, test } from "vitest";
import type { SettingsTools } from "./provider-pages.ts";
import { narrow } from "./visit.ts";

interface Listed {
  readonly publications: readonly {
    readonly id: string;
    readonly name: string;
    readonly channel: string;
    readonly mfa: boolean;
    readonly policy: Readonly<Record<string, unknown>>;
    readonly settings: Readonly<Record<string, unknown>>;
    readonly url?: string;
  }[];
}

/** The pages about apps and publications, driven in a browser; called by the one file that builds the console. */
export function publicationPages({ visit, signIn, serverOf }: SettingsTools): void {
  test("an app is published on a channel by the channel's schema, changed, and taken off again", async () => {
    const at = await visit();
    await signIn(at);
    const { page, complaints, look, lookTwice } = at;
    await page.getByRole("link", { name: "Publications", exact: true }).click();
    await page.getByRole("heading", { name: "Contact Finder" }).waitFor();
    await lookTwice("40-publications");
    await page.getByLabel("Name of the app").fill("Phone bank");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByRole("link", { name: "Publish on a channel: Phone bank" }).click();
    await page.getByRole("combobox", { name: "Channel" }).selectOption("voicexml");
    await page.getByRole("textbox", { name: "Name", exact: true }).fill("Phone menu");
    await page.getByText("More settings").click();
    await page.getByLabel("Max sends").fill("99");
    await page.getByText("More settings").click();
    await page.getByRole("button", { name: "Publish", exact: true }).click();
    // The folded part opens by itself, since something in it is wrong.
    await expect.poll(() => page.getByLabel("Max sends").getAttribute("aria-invalid")).toBe("true");
    await page.getByLabel("Max sends").waitFor({ state: "visible" });
    await look("41-publication-refused");
    await page.getByLabel("Max sends").fill("2");
    await page.getByRole("checkbox", { name: "sms" }).check();
    await page.getByRole("checkbox", { name: "email" }).check();
    await page.getByLabel("Test numbers").fill("+4915112345678\n+4915112345679\n");
    await page.getByRole("button", { name: "New credential: Access" }).click();
    await page.getByLabel("Name of the credential").fill("Phone menu key");
    await page.getByRole("textbox", { name: "Secret" }).fill("short");
    await page.getByRole("button", { name: "Make up a random one" }).click();
    const secret = await page.getByRole("textbox", { name: "Secret" }).inputValue();
    expect(secret).toMatch(/^[\w-]{43}$/u);
    await page.getByRole("button", { name: "Store it" }).click();
    await page.getByRole("button", { name: "Store it" }).waitFor({ state: "detached" });
    await page.getByLabel("Answers per verification").fill("2");
    await page.getByRole("button", { name: "Publish", exact: true }).click();
    await page.getByRole("heading", { name: "How to connect" }).waitFor();
    await lookTwice("42-publication");

    const { body } = await serverOf().api.get<{ apps: { id: string; name: string }[] }>("/v1/apps");
    const app = body.apps.find(({ name }) => name === "Phone bank")!;
    const published = async () =>
      (await serverOf().api.get<Listed>(`/v1/apps/${app.id}/publications`)).body.publications;
    const [made] = await published();
    expect(made).toMatchObject({
      name: "Phone menu",
      channel: "voicexml",
      mfa: true,
      policy: { maxAttempts: 2 },
      settings: { maxSends: 2, methods: ["sms", "email"], testNumbers: ["+4915112345678", "+4915112345679"] },
    });
    // The address works with the key that was made, and shows no key itself.
    const shown = await page.getByText(/\/channels\/voicexml\//u).textContent();
    expect(shown).toBe(made?.url);
    const { pathname } = new URL(shown ?? "");
    const called = (key: string) => fetch(`${serverOf().url}${pathname}?key=${key}&subject=nobody`);
    expect([(await called(secret)).status, (await called("wrong")).status]).toEqual([200, 401]);

    await serverOf().api.patch(`/v1/apps/${app.id}/publications/${made?.id}`, {
      policy: { maxAttempts: 2, receiptTtlSeconds: 60 },
    });
    await page.reload();
    await page.getByLabel("Answers per verification").fill("1");
    await page.getByRole("switch", { name: "People must prove who they are" }).uncheck();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("It holds from the next dialogue on.").waitFor();
    expect(await published()).toMatchObject([
      { mfa: false, policy: { maxAttempts: 1, receiptTtlSeconds: 60 } },
    ]);
    await page.getByRole("button", { name: "Remove: Phone menu" }).click();
    await page.getByRole("button", { name: "Yes, remove it" }).click();
    await page.getByText("This app is on no channel yet.").waitFor();
    expect(await published()).toEqual([]);
    await page.getByRole("button", { name: "Remove the app: Phone bank" }).click();
    await page.getByRole("button", { name: "Yes, remove it" }).click();
    await page.getByRole("heading", { name: "Phone bank" }).waitFor({ state: "detached" });
    expect(complaints).toEqual([]);
  });

  test("what is still used is not removed, and the page says so; on a phone, in the dark", async () => {
    const { page, complaints, look, lookTwice } = await visit({
      viewport: narrow,
      colorScheme: "dark",
      locale: "de-DE",
    });
    await page.getByLabel("API-Schlüssel", { exact: true }).fill(serverOf().demo.apiKey);
    await page.getByRole("button", { name: "Anmelden" }).click();
    await page.getByRole("link", { name: "Veröffentlichungen", exact: true }).click();
    await page.getByRole("heading", { name: "Contact Finder" }).waitFor();
    await lookTwice("43-publications-390");
    await page.locator("[data-publication]").first().getByRole("link").click();
    await page.getByRole("heading", { name: "So wird verbunden" }).waitFor();
    await lookTwice("44-publication-390");
    await page.getByRole("link", { name: "Alle Veröffentlichungen" }).click();
    await page.getByRole("button", { name: "App entfernen: Contact Finder" }).click();
    await page.getByRole("button", { name: "Ja, entfernen" }).click();
    await page.getByText("Etwas anderes benutzt das noch.").waitFor();
    await look("45-app-in-use-390");
    await page.getByRole("button", { name: "Behalten" }).click();
    await page.getByText("Etwas anderes benutzt das noch.").waitFor({ state: "detached" });
    expect(complaints).toEqual([]);
  });
}
