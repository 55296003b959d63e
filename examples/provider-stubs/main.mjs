// Two SMS providers on this machine that speak Twilio's API, report on messages, and can be broken by HTTP.
import { createStub } from "./stub.mjs";
import { createSwitches } from "./switches.mjs";

const at = process.argv.indexOf("--port");
const port = Number(at === -1 ? 8100 : process.argv[at + 1]);

const stubs = {
  a: await createStub({ name: "Stub A", port: port + 1 }),
  b: await createStub({ name: "Stub B", port: port + 2 }),
};
await createSwitches({ stubs, port });

process.stdout.write(`switches on 127.0.0.1:${port}, Stub A on ${port + 1}, Stub B on ${port + 2}\n`);
