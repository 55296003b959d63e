import { createServer } from "node:http";

const modes = {
  work: "working",
  kill: "killed",
  hang: "hanging",
  garbage: "garbage",
  fail: "failing",
  lose: "losing",
};

/** `POST /a/kill` breaks Stub A, `POST /a/work` mends it; `GET /` shows both. */
export async function createSwitches({ stubs, port }) {
  const server = createServer(async (request, response) => {
    const [, name, verb] = request.url.split("/");
    const known = Object.hasOwn(stubs, name) && Object.hasOwn(modes, verb);
    if (request.method === "POST" && known) await stubs[name].become(modes[verb]);
    const status = request.method === "GET" || known ? 200 : 404;
    response
      .writeHead(status, { "content-type": "application/json" })
      .end(`${JSON.stringify(stubs, null, 2)}\n`);
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
}
