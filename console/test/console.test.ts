import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { codeIn, type OpenServer, openServer } from "../../server/test/open-server.ts";
import { openBrowser } from "./browser.ts";
import { peoplePages } from "./people-pages.ts";
import { providerPages } from "./provider-pages.ts";
import { publicationPages } from "./publication-pages.ts";
import { createVisits, narrow } from "./visit.ts";
import { whyPage } from "./why-page.ts";

const browser = await openBrowser((line) => console.warn(line));
let server: OpenServer;
const visits = createVisits(
  () => browser!,
  () => server,
);
const { visit, signIn } = visits;

beforeAll(async () => {
  if (browser === undefined) return;
  await build({ configFile: new URL("../vite.config.ts", import.meta.url).pathname, logLevel: "error" });
  // A web-hook of the tests stands on this machine.
  server = await openServer({ environment: { COUNTERSIGN_OUTBOUND_ALLOW: "127.0.0.1" } });
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

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

/** An address that answers with the status of the moment. */
async function startReceiver() {
  const state = { status: 204, calls: 0 };
  const receiver = createServer((request, response) => {
    request.resume().on("end", () => {
      state.calls += 1;
      response.writeHead(state.status).end();
    });
  });
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  onTestFinished(() => {
    receiver.closeAllConnections();
    receiver.close();
  });
  return { state, url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/countersign` };
}

test.skipIf(browser === undefined)("web-hooks on a phone, in the dark and in German", async () => {
  const receiver = await startReceiver();
  receiver.state.status = 503;
  const { body } = await server.api.post("/v1/webhooks", { url: receiver.url, events: ["user.created"] });
  await server.api.post("/v1/users", { displayName: "Told" });
  const { page, complaints, look } = await visit({ viewport: narrow, colorScheme: "dark", locale: "de-DE" });
  await page.getByLabel("API-Schlüssel", { exact: true }).fill(server.demo.apiKey);
  await page.getByRole("button", { name: "Anmelden" }).click();
  await page.getByRole("link", { name: "Web-Hooks", exact: true }).click();
  await page.getByText("Gestört", { exact: true }).waitFor();
  await page.getByRole("radio", { name: "Gewählte Arten" }).check();
  await look("24-webhooks-390");
  await page.getByRole("link", { name: receiver.url }).click();
  await page.getByText(/Versuche? · Antwort 503/u).waitFor();
  await look("25-webhook-390");
  await server.api.delete(`/v1/webhooks/${body.id}`);
  expect(complaints).toEqual([]);
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

test.skipIf(browser === undefined)("a web-hook is added, tried, told, replayed and removed", async () => {
  const receiver = await startReceiver();
  const at = await visit();
  await signIn(at);
  const { page, complaints, look } = at;
  await page.getByRole("link", { name: "Web-hooks", exact: true }).click();
  await page.getByText("There is no web-hook yet.").waitFor();
  await look("17-webhooks-empty");
  const address = page.getByRole("textbox", { name: "Address" });
  await address.fill("https://10.0.0.1/hook");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByText("This leads into a private network.").waitFor();
  await look("18-webhooks-refused");
  await address.fill(receiver.url);
  await page.getByRole("radio", { name: "Chosen types" }).check();
  await page.getByRole("checkbox", { name: "A person was added" }).check();
  await page.getByRole("checkbox", { name: "A person was deleted" }).check();
  await page.getByLabel("Publication").selectOption({ index: 1 });
  await page.getByLabel("Publication").selectOption({ index: 0 });
  await page.getByLabel("Description").fill("CRM");
  await look("19-webhooks-chosen");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByText(/^whsec_/u).waitFor();
  await look("20-webhooks-secret");
  await page.getByRole("button", { name: "I have copied it" }).click();
  expect(await page.getByText(/^whsec_/u).count()).toBe(0);

  await page.getByRole("link", { name: receiver.url }).click();
  await page.getByText("It was told nothing yet.").waitFor();
  await page.getByRole("button", { name: "Send a test" }).click();
  await page.getByText("It answered 204: received.").waitFor();
  receiver.state.status = 500;
  await server.api.post("/v1/users", { displayName: "Told" });
  const notice = page.locator("[data-event]").first();
  await notice.getByText(/(1 try|2 tries) · answered 500/u).waitFor();
  await page.getByText("Nothing has arrived since").waitFor();
  await look("21-webhook-failing");
  receiver.state.status = 200;
  await page.getByRole("button", { name: "Send again: A person was added" }).click();
  await notice.getByText("1 try · answered 200").waitFor();
  await page.getByText("On", { exact: true }).waitFor();
  const calls = receiver.state.calls;
  await page.getByLabel("Since").fill("2020-01-01T00:00");
  await page.getByRole("button", { name: "Send everything again" }).click();
  await page.getByText("It is on its way.").waitFor();
  await expect.poll(() => receiver.state.calls).toBeGreaterThan(calls);
  await page.getByRole("button", { name: "New secret" }).click();
  await page.getByText("The secret before signs as well").waitFor();
  await look("22-webhook-new-secret");
  await page.getByRole("button", { name: "I have copied it" }).click();
  await page.getByRole("button", { name: "Switch off" }).click();
  await page.getByText("An admin switched it off.").waitFor();
  await page.getByRole("button", { name: "Remove" }).click();
  await look("23-webhook-remove");
  await page.getByRole("button", { name: "Yes, remove it" }).click();
  await page.getByText("There is no web-hook yet.").waitFor();
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
  await page.getByRole("link", { name: "People", exact: true }).click();
  await page.getByText("Add the first person here").waitFor();
  await look("10-people-none");
  await page.getByRole("link", { name: "Why", exact: true }).click();
  await page.getByText("Nothing has gone to a telephone within the last day.").waitFor();
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

describe.skipIf(browser === undefined)("settings", () => {
  providerPages({ ...visits, serverOf: () => server });
  publicationPages({ ...visits, serverOf: () => server });
  peoplePages({ ...visits, serverOf: () => server });
  whyPage({ ...visits, serverOf: () => server });
});
