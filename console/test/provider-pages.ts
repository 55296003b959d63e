import { expect, test } from "vitest";
import type { OpenServer } from "../../server/test/open-server.ts";
import { narrow, type Visits } from "./visit.ts";

export interface SettingsTools extends Visits {
  readonly serverOf: () => OpenServer;
}

interface Listed {
  readonly providers: readonly {
    readonly id: string;
    readonly name: string;
    readonly position: number;
    readonly enabled: boolean;
    readonly settings: Readonly<Record<string, unknown>>;
  }[];
}

/** The pages about providers, driven in a browser; called by the one file that builds the console. */
export function providerPages({ visit, signIn, serverOf }: SettingsTools): void {
  const listed = async (name: string) => {
    const { body } = await serverOf().api.get<Listed>("/v1/providers");
    return body.providers.find((provider) => provider.name === name);
  };

  test("a provider is added by its schema, refused field by field, arranged, tried and removed", async () => {
    const at = await visit();
    await signIn(at);
    const { page, complaints, look, lookTwice } = at;
    await page.getByRole("link", { name: "Providers", exact: true }).click();
    await page.getByText("Simulated: reaches nobody").waitFor();
    await look("30-providers");
    await page.getByRole("link", { name: "Add a provider" }).click();
    await page.getByRole("combobox", { name: "Kind" }).selectOption({ label: "SMTP server" });
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByRole("heading", { name: "Settings: SMTP server" }).waitFor();
    expect(await page.getByLabel("Port").getAttribute("placeholder")).toBe("587");

    // What the server refuses stands beside its field, and everything typed is still there.
    await page.getByRole("textbox", { name: "Name", exact: true }).fill("Office mail");
    await page.getByLabel("Port").fill("many");
    await page.getByLabel("Sender name").fill("Countersign");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByText("Some of this cannot be used as it stands.").waitFor();
    const server = page.getByRole("textbox", { name: "Server", exact: true });
    await expect.poll(() => server.getAttribute("aria-invalid")).toBe("true");
    await expect.poll(() => server.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await page.getByLabel("Port").getAttribute("aria-invalid")).toBe("true");
    expect(await page.getByLabel("Sender name").inputValue()).toBe("Countersign");
    expect(await page.getByLabel("Port").inputValue()).toBe("many");
    await look("31-provider-refused");

    await server.fill("127.0.0.1");
    await page.getByLabel("Port").fill("9");
    await page.getByLabel("Encryption").selectOption("tls");
    await page.getByLabel("Sender address").fill("codes@example.com");
    await page.getByLabel("User", { exact: true }).fill("codes");
    await page.getByRole("button", { name: "New credential: Password" }).click();
    await page.getByLabel("Name of the credential").fill("Mail password");
    await page.getByRole("textbox", { name: "Secret" }).fill("correct horse");
    await look("32-provider-credential");
    await page.keyboard.press("Enter");
    const password = page.getByRole("combobox", { name: "Password" });
    await expect
      .poll(() => password.evaluate((select: HTMLSelectElement) => select.selectedOptions[0]?.label))
      .toBe("Mail password");
    expect(await page.content()).not.toContain("correct horse");

    // A real one beside the simulated one: said first, done only when it is meant.
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByLabel("Use it all the same").check();
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByRole("button", { name: "Save" }).waitFor();
    const added = await listed("Office mail");
    expect(added?.settings).toEqual({
      host: "127.0.0.1",
      port: 9,
      security: "tls",
      user: "codes",
      password: expect.any(String),
      from: "codes@example.com",
      fromName: "Countersign",
    });
    await page.getByLabel("Sender name").fill("");
    await page.getByLabel("Countries").fill("de\nat");
    await page.getByLabel("Place").fill("1");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("The next message goes by these settings.").waitFor();
    const changed = await listed("Office mail");
    expect(changed).toMatchObject({ position: 1, countries: ["DE", "AT"] });
    expect(changed?.settings).not.toHaveProperty("fromName");

    await page.getByRole("button", { name: "Log in without sending" }).click();
    await page.getByText("It could not be reached").waitFor();
    await lookTwice("33-provider");

    await page.getByRole("link", { name: "All providers" }).click();
    const names = () =>
      page
        .locator("[data-provider]")
        .evaluateAll((all) => all.map((one) => one.getAttribute("data-provider")));
    const simulated = "Simulated phone and mailbox";
    await expect.poll(names).toEqual([simulated, "Office mail"]);
    await page.getByRole("button", { name: "Up: Office mail" }).click();
    await expect.poll(names).toEqual(["Office mail", simulated]);
    await page.getByRole("button", { name: "Switch off: Office mail" }).click();
    await page.locator('[data-provider="Office mail"]').getByText("Off", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Switch on: Office mail" }).click();
    await page.getByText("some messages would reach nobody").waitFor();
    await lookTwice("34-providers-beside");
    await page.getByRole("button", { name: "Switch on all the same" }).click();
    await page.getByRole("button", { name: "Switch off: Office mail" }).waitFor();
    expect([await listed("Office mail"), await listed(simulated)]).toMatchObject([
      { position: 0, enabled: true },
      { position: 1, enabled: true },
    ]);
    const routing = async () => (await serverOf().api.get("/v1/organization")).body["routing"];
    await page.getByRole("radio", { name: "As measured" }).check();
    await expect.poll(routing).toBe("measured");
    await page.getByRole("radio", { name: "As they are listed" }).check();
    await expect.poll(routing).toBe("order");

    await page.getByRole("link", { name: "Office mail" }).click();
    await page.getByRole("button", { name: "Remove" }).click();
    await page.getByText("Remove Office mail for good?").waitFor();
    await page.getByRole("button", { name: "Yes, remove it" }).click();
    await page.locator('[data-provider="Office mail"]').waitFor({ state: "detached" });
    await expect.poll(names).toEqual([simulated]);
    expect(await listed("Office mail")).toBeUndefined();
    expect(complaints).toEqual([]);
  });

  test("the simulated provider takes a test message for an admin, in the dark, on a phone, in German", async () => {
    const { page, complaints, look, lookTwice } = await visit({
      viewport: narrow,
      colorScheme: "dark",
      locale: "de-DE",
    });
    await page.getByLabel("API-Schlüssel", { exact: true }).fill(serverOf().demo.apiKey);
    await page.getByRole("button", { name: "Anmelden" }).click();
    await page.getByRole("link", { name: "Anbieter", exact: true }).click();
    await page.getByText("Simuliert: erreicht niemanden").waitFor();
    await lookTwice("35-providers-390");
    await page.getByRole("link", { name: "Simulated phone and mailbox" }).click();
    await page.getByRole("button", { name: "Testnachricht senden" }).click();
    await page.getByText("The provider took the message. An ").waitFor();
    await lookTwice("36-provider-390");
    await page.getByRole("link", { name: "Alle Anbieter" }).click();
    await page.getByRole("link", { name: "Anbieter hinzufügen" }).click();
    await page.getByRole("combobox", { name: "Art" }).selectOption("http-gateway");
    await page.getByRole("button", { name: "Weiter" }).click();
    // Lists of objects, and objects whose names are free.
    await page.getByRole("button", { name: "Einen hinzufügen: Headers" }).click();
    await page.getByRole("button", { name: "Einen hinzufügen: Error map" }).click();
    await lookTwice("37-gateway-390");
    await page.getByRole("group", { name: "Headers" }).getByRole("textbox", { name: "Value" }).fill("x");
    await page.getByRole("button", { name: "Hinzufügen", exact: true }).click();
    const header = page.getByRole("group", { name: "Headers" }).getByRole("textbox", { name: "Name" });
    await expect.poll(() => header.getAttribute("aria-invalid")).toBe("true");
    await look("38-gateway-refused-390");
    expect(complaints).toEqual([]);
  });
}
