// A stand-in for an SMS gateway: one HTTP request per message, printed, and answered as many gateways do.
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { json } from "node:stream/consumers";

const port = Number(process.argv[2] ?? 8090);
const expectedKey = process.env["GATEWAY_KEY"] ?? "example-gateway-key";

async function answerOf(request) {
  if (request.headers["x-api-key"] !== expectedKey) return [401, { code: "bad_key" }];
  const { to, text, reference } = await json(request);
  process.stdout.write(`--- SMS to ${to} (our delivery ${reference})\n${text}\n\n`);
  return [200, { status: "queued", id: randomUUID() }];
}

const server = createServer(async (request, response) => {
  const [status, body] = await answerOf(request).catch(() => [400, { code: "not_json" }]);
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
});

server.listen(port, "127.0.0.1", () => {
  process.stdout.write(`SMS gateway on 127.0.0.1:${port}\n`);
});
