import { startLoader, startTarget } from "./processes.ts";

const users = 20000;
const conns = Number(process.argv[2] ?? 64);
const kinds = (process.argv[3] ?? "echo,stub,sqlite,delivered").split(",") as any[];
let last = 0;
let lt: any;
const loader = startLoader();
for (const kind of kinds) {
  const t = await startTarget(kind, users);
  const headers = { authorization: `Bearer ${t.key}` };
  for (let round = 0; round < 3; round++) {
    const requests =
      kind === "echo"
        ? Array.from({ length: users }, () => ({
            path: "/v1/verifications",
            body: '{"user":"01a20416-7640-75f6-b65c-a935c1d57df5","via":"sms"}',
          }))
        : t.users.map((user) => ({ path: "/v1/verifications", body: JSON.stringify({ user, via: "sms" }) }));
    const r = await loader.run({ port: t.port, connections: conns, headers, requests, collect: "id" });
    console.log(
      kind,
      "start",
      Math.round(r.perSecond),
      "p50",
      r.p50Ms.toFixed(1),
      "p99",
      r.p99Ms.toFixed(1),
      "failed",
      r.failed,
      r.firstFailure ?? "",
      "rss",
      Math.round((await t.usage()).rssBytes / 1e6),
      "cpu",
      await cpu(t, users),
    );
    if (kind !== "echo" && kind !== "delivered") {
      const c = await loader.run({
        port: t.port,
        connections: conns,
        headers,
        requests: r.collected.map((id) => ({
          path: `/v1/verifications/${id}/check`,
          body: '{"code":"123456"}',
        })),
        collect: "status",
      });
      console.log(
        kind,
        "check",
        Math.round(c.perSecond),
        "p50",
        c.p50Ms.toFixed(1),
        "p99",
        c.p99Ms.toFixed(1),
        "failed",
        c.failed,
        c.collected.length,
        c.firstFailure ?? "",
        "cpu",
        await cpu(t, users),
      );
    }
  }
  t.stop();
}
loader.stop();

async function cpu(t: any, n: number) {
  const u = (await t.usage()).cpuMicroseconds;
  const v = lt === t ? (u - last) / n : -1;
  last = u;
  lt = t;
  return v.toFixed(1) + "us";
}
