import { Secret, TOTP } from "otpauth";
import { expect, test } from "vitest";
import type { SettingsTools } from "./provider-pages.ts";
import { narrow } from "./visit.ts";

interface Methods {
  readonly authenticators: readonly {
    readonly id: string;
    readonly kind: string;
    readonly status: string;
    readonly failures: number;
  }[];
}

/** The pages about people, driven in a browser; called by the one file that builds the console. */
export function peoplePages({ visit, signIn, serverOf }: SettingsTools): void {
  const methodsOf = async (user: string) =>
    (await serverOf().api.get<Methods>(`/v1/users/${user}/authenticators`)).body.authenticators;
  const userWith = async (externalId: string) => {
    const { body } = await serverOf().api.get<{ users: { id: string; role: string }[] }>(
      `/v1/users?externalId=${externalId}`,
    );
    return body.users[0];
  };
  /** Three wrong answers to one verification. */
  const failThrice = async (user: string) => {
    const { api } = serverOf();
    const { body } = await api.post("/v1/verifications", { user, via: "email" });
    for (const code of ["271828", "271829", "271820"]) {
      await api.post(`/v1/verifications/${body.id}/check`, { code });
    }
  };

  test("a person is added, found, forgiven, given an app, and erased", async () => {
    const at = await visit();
    await signIn(at);
    const { page, complaints, look, lookTwice } = at;
    await page.getByRole("link", { name: "People", exact: true }).click();
    await page.getByRole("link", { name: "Ben Baker" }).waitFor();
    await page.getByLabel("Find").fill("bAKer");
    await page.getByRole("link", { name: "Anna Adler" }).waitFor({ state: "detached" });
    await page.getByLabel("Find").fill("no-such-id");
    await page.getByRole("button", { name: "Look among everybody" }).click();
    await page.getByText("Nobody has the id or the name no-such-id.").waitFor();
    await look("50-people");
    await page.getByLabel("Name", { exact: true }).fill("Emil Ernst");
    await page.getByLabel("Your id").fill("p-50");
    await page.getByLabel("E-mail address").fill("not an address");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    const address = page.getByLabel("E-mail address");
    await expect.poll(() => address.getAttribute("aria-invalid")).toBe("true");
    await look("51-person-refused");
    await address.fill("emil@example.com");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByRole("heading", { name: "Emil Ernst", level: 1 }).waitFor();
    const user = (await userWith("p-50"))?.id ?? "";

    // Failures are seen as they happen, and forgiven with a reason.
    await page.getByText("no wrong answers since the last right one").waitFor();
    await failThrice(user);
    await page
      .locator('[data-method="email"]')
      .getByText(/3 wrong answers in a row/u)
      .waitFor();
    await page.getByRole("button", { name: /^Forgive the failures/u }).click();
    await page.getByLabel("Reason, for the record").fill("Called us and proved who he is");
    await lookTwice("52-person");
    await page.keyboard.press("Enter");
    await page.getByText("no wrong answers since the last right one").waitFor();
    expect(await methodsOf(user)).toMatchObject([{ kind: "email", failures: 0 }]);
    await page.getByText("A method was enabled again").waitFor();

    // The app is another product's: it knows what the page shows, and nothing else.
    await page.getByRole("button", { name: "Show the code to scan" }).click();
    await page.getByRole("img", { name: "QR code for the authenticator app" }).waitFor();
    const drawn = await page
      .getByRole("img", { name: "QR code" })
      .evaluate((image: HTMLImageElement) => image.naturalWidth);
    expect(drawn).toBeGreaterThan(100);
    const key =
      (await page
        .locator("code")
        .filter({ hasText: /^[A-Z2-7]{32}$/u })
        .textContent()) ?? "";
    await look("53-enroll");
    await page.getByLabel("Code that the app shows").fill("12");
    await page.getByRole("button", { name: "Confirm", exact: true }).click();
    await page.getByRole("alert").waitFor();
    await page
      .getByLabel("Code that the app shows")
      .fill(new TOTP({ secret: Secret.fromBase32(key) }).generate());
    await page.getByRole("button", { name: "Confirm", exact: true }).click();
    await page.getByText("The app works from now on.").waitFor();
    expect(await page.content()).not.toContain(key);
    expect(await methodsOf(user)).toMatchObject([{ kind: "email" }, { kind: "totp", status: "active" }]);

    await page.getByRole("textbox", { name: "Number or address" }).fill("+491713920099");
    await page.getByRole("button", { name: "Add it" }).click();
    await page.locator('[data-method="sms"]').waitFor();
    await page.getByRole("button", { name: /^Remove: Text message/u }).click();
    await page.getByRole("button", { name: "Yes, remove it" }).click();
    await page.locator('[data-method="sms"]').waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Make a new set" }).click();
    await page.getByRole("button", { name: "Yes, a new set" }).click();
    await page.getByText("Give them to the person now").waitFor();
    await look("54-recovery-codes");
    await page.getByRole("button", { name: "Done" }).click();
    await page.getByText("10 codes left").waitFor();

    await page.getByRole("button", { name: "Disable this person" }).click();
    await page.getByText("Nothing can be proved meanwhile.").waitFor();
    await page.getByRole("button", { name: "Enable this person again" }).click();
    await page.getByText("Nothing can be proved meanwhile.").waitFor({ state: "detached" });
    await page.getByLabel("Language").fill("de");
    await page.getByLabel("Your id").fill("");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
    const { body } = await serverOf().api.get(`/v1/users/${user}`);
    expect(body).toMatchObject({ displayName: "Emil Ernst", locale: "de", role: "member" });
    expect(body).not.toHaveProperty("externalId");

    await page.getByRole("button", { name: "Erase this person: Emil Ernst" }).click();
    await page.getByRole("button", { name: "Yes, erase everything" }).click();
    await page.getByRole("heading", { name: "People", level: 1 }).waitFor();
    await page.getByRole("link", { name: "Emil Ernst" }).waitFor({ state: "detached" });
    expect((await serverOf().api.get(`/v1/users/${user}`)).status).toBe(404);
    await page.goto(`${serverOf().url}/console/people/${user}`);
    await page.getByText("There is no such person in this organization.").waitFor();
    expect(complaints).toEqual([]);
  });

  test("on a phone, in German: the line of pages stays one line, and the open page stands in sight", async () => {
    const { page, complaints, lookTwice } = await visit({ viewport: narrow, locale: "de-DE" });
    await page.getByLabel("API-Schlüssel", { exact: true }).fill(serverOf().demo.apiKey);
    await page.getByRole("button", { name: "Anmelden" }).click();
    await page.getByRole("link", { name: "Personen", exact: true }).click();
    await page.getByRole("link", { name: "Dana Dixon" }).waitFor();
    await lookTwice("56-people-390");
    await page.getByRole("link", { name: "Dana Dixon" }).click();
    const user = serverOf().demo.users[3]!.id;
    const mail = page.locator('[data-method="email"]');
    await mail.getByText("Gilt", { exact: true }).waitFor();
    await serverOf().api.patch(`/v1/users/${user}`, { policy: { failureBudget: 3 } });
    await failThrice(user);
    await mail.getByText("Gesperrt", { exact: true }).waitFor();
    await lookTwice("57-person-390");
    await page.getByRole("button", { name: "Wieder freigeben: E-Mail, d***@example.com" }).click();
    await page.getByLabel("Grund, für das Protokoll").fill("Am Telefon erkannt");
    await page.getByRole("button", { name: "Wieder freigeben", exact: true }).click();
    await mail.getByText("Gilt", { exact: true }).waitFor();
    expect((await methodsOf(user)).map(({ status }) => status)).not.toContain("disabled");
    await serverOf().api.patch(`/v1/users/${user}`, { policy: {} });
    await page.getByRole("link", { name: "Web-Hooks", exact: true }).click();
    const heights = await page
      .getByRole("navigation")
      .getByRole("link")
      .evaluateAll((links) => [...new Set(links.map((link) => link.getBoundingClientRect().top))].length);
    expect(heights).toBe(1);
    const right = () =>
      page
        .getByRole("link", { name: "Web-Hooks", exact: true })
        .evaluate((link) => link.getBoundingClientRect().right);
    await expect.poll(right).toBeLessThanOrEqual(narrow.width);
    expect(complaints).toEqual([]);
  });
}
