import { chmodSync, copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import Database from "better-sqlite3";
import { SMTPServer } from "smtp-server";
import { expect, onTestFinished, test } from "vitest";
import { run, serve, tempFolder } from "../../test/cli/command.ts";

interface Report {
  readonly healthy: boolean;
  readonly findings: { check: string; result: string; message: string; remedy?: string }[];
}

async function doctor(data: string, environment: Record<string, string> = {}, ...more: string[]) {
  const { code, stdout, stderr } = await run(["doctor", "--json", "--data", data, ...more], { environment });
  expect(stderr).toBe("");
  const report: Report = JSON.parse(stdout);
  expect(code).toBe(report.healthy ? 0 : 1);
  const resultOf = (check: string) => report.findings.find((finding) => finding.check === check)?.result;
  const failures = report.findings.filter(({ result }) => result === "failed");
  for (const { result, remedy } of report.findings) {
    if (result === "failed" || result === "warning") expect(remedy).toBeTruthy();
  }
  return { report, resultOf, failed: failures.map(({ check }) => check) };
}

async function stoppedDemo(): Promise<string> {
  const data = join(tempFolder(), "data");
  await (await serve(data)).stop();
  return data;
}

/** Port 0 is free on every machine. */
const anyPort = ["--port", "0"];

test("a demo is healthy, while its server runs and when it does not; nothing is left behind", async () => {
  const data = join(tempFolder(), "data");
  const server = await serve(data);
  const port = new URL(server.url).port;
  const live = await doctor(data, {}, "--port", port);
  expect(live.failed).toEqual([]);
  expect(live.resultOf("port")).toBe("ok");
  const { code } = await server.run(["send", "1001"]);
  expect(code).toBe(0);
  await server.stop();
  const names = readdirSync(data);
  const stopped = await doctor(data, {}, ...anyPort);
  expect(stopped.failed).toEqual([]);
  for (const check of [
    "store.integrity",
    "store.durability",
    "store.schema",
    "audit.record",
    "clock",
    "keys.database",
  ]) {
    expect(stopped.resultOf(check), check).toBe("ok");
  }
  expect(readdirSync(data).filter((name) => !/-(wal|shm)$/.test(name))).toEqual(names);
  const text = await run(["doctor", "--data", data, ...anyPort]);
  expect(text.stdout).toMatch(/^ok {7}store\.integrity/m);
});

test("a folder that is not there yet is looked at without making it", async () => {
  const data = join(tempFolder(), "nothing");
  const { failed } = await doctor(data, {}, ...anyPort);
  expect(failed).toEqual(["keys.source"]);
  expect(existsSync(data)).toBe(false);
});

test("production: http, this machine's own name, and simulated delivery are found", async () => {
  const data = await stoppedDemo();
  const plain = await doctor(
    data,
    { COUNTERSIGN_MODE: "production", COUNTERSIGN_PUBLIC_URL: "http://mfa.example.com" },
    ...anyPort,
  );
  expect(plain.failed).toEqual(["publicUrl"]);
  expect(plain.resultOf("providers.inbox")).toBe("warning");
  expect(plain.resultOf("keys.place")).toBe("warning");
  const here = await doctor(
    data,
    {
      COUNTERSIGN_MODE: "production",
      COUNTERSIGN_PUBLIC_URL: "https://localhost",
      COUNTERSIGN_ALLOW_SIMULATED_DELIVERY: "true",
    },
    ...anyPort,
  );
  expect(here.failed).toEqual(["providers.inbox", "publicUrl"]);
});

test("keys that others may read, or of another database; a wrong configuration", async () => {
  const [data, other] = await Promise.all([stoppedDemo(), stoppedDemo()]);
  const file = join(data, "countersign.keys");
  chmodSync(file, 0o644);
  expect((await doctor(data, {}, ...anyPort)).failed).toEqual(["keys.source"]);
  copyFileSync(join(other, "countersign.keys"), file);
  chmodSync(file, 0o600);
  expect((await doctor(data, {}, ...anyPort)).failed).toEqual(["keys.database"]);
  const wrong = await doctor(data, { COUNTERSIGN_MODE: "debug" });
  expect(wrong.failed).toEqual(["configuration"]);
  expect(wrong.report.findings[0]?.message).toContain("mode");
});

test("an altered record, a clock before its last event, a damaged file", async () => {
  const data = await stoppedDemo();
  const path = join(data, "countersign.db");
  const sound = readFileSync(path);
  const database = new Database(path);
  database.exec("UPDATE audit SET at = at + 86400000 WHERE seq = (SELECT max(seq) FROM audit)");
  database.close();
  expect((await doctor(data, {}, ...anyPort)).failed).toEqual(["audit.record", "clock"]);

  const bytes = Buffer.from(sound);
  // The head of a page of users says how the page is laid out.
  const page = Math.floor(bytes.lastIndexOf("Clara Conrad") / 4_096) * 4_096;
  bytes.fill(0xff, page, page + 8);
  writeFileSync(path, bytes);
  expect((await doctor(data, {}, ...anyPort)).failed).toContain("store.integrity");
  writeFileSync(path, "no database\n".repeat(1_000));
  expect((await doctor(data, {}, ...anyPort)).failed).toContain("store");
});

test("another program at the port", async () => {
  const data = await stoppedDemo();
  const taken = createServer();
  onTestFinished(() => void taken.close());
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const { port } = taken.address() as { port: number };
  expect((await doctor(data, {}, "--port", String(port))).failed).toEqual(["port"]);
});

test("a mail server is asked by logging in, and sends nothing", async () => {
  const data = await stoppedDemo();
  let messages = 0;
  const mail = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData: (_stream, _session, done) => {
      messages += 1;
      done();
    },
  });
  await new Promise<void>((resolve) => mail.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void mail.close(() => undefined));
  const { port } = mail.server.address() as { port: number };
  const database = new Database(join(data, "countersign.db"));
  const document = {
    name: "Mail",
    kind: "smtp",
    vias: ["email"],
    position: 1,
    enabled: true,
    settings: { host: "127.0.0.1", port, security: "none", from: "mfa@example.com" },
  };
  database
    .prepare("INSERT INTO providers SELECT 'p2', id, 'Mail', 'smtp', ?, 0, 0 FROM organizations")
    .run(JSON.stringify(document));
  database.close();
  const allowed = { COUNTERSIGN_OUTBOUND_ALLOW: `127.0.0.1:${port}` };
  const asked = await doctor(data, allowed, ...anyPort);
  expect(asked.resultOf("providers.smtp")).toBe("ok");
  expect(messages).toBe(0);
  // A private address that nobody allowed is not even asked.
  const refused = await doctor(data, {}, ...anyPort);
  expect(refused.failed).toEqual(["providers.smtp"]);
});
