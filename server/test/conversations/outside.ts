import { type Stub, type StubAnswer, type StubRequest, startStub } from "../../src/delivery/contract.ts";

/** The world around the server: a customer's three web services, and a gateway for messages. */
export interface Outside {
  /** Lets the customer `key` be answered so, and tells the `ws` settings that lead there. */
  serve(key: string, services: Readonly<Record<string, readonly string[]>>): object;
  /** What becomes of the messages to these addresses; `ok` once the list is at its end. */
  deliver(addresses: readonly string[], outcomes: readonly string[]): void;
  /** Messages that the gateway took, oldest first. */
  readonly messages: readonly GatewayMessage[];
  readonly gatewayUrl: string;
  close(): Promise<void>;
}

export interface GatewayMessage {
  readonly to: string;
  readonly via: string;
  readonly text: string;
}

const roots: Readonly<Record<string, string>> = {
  check: "checkVerifiedContactMethods",
  send: "sendAuthenticationCode",
  verify: "codeAuthentication",
};

export async function startOutside(): Promise<Outside> {
  const stub: Stub = await startStub();
  const scripts = new Map<string, string[]>();
  const outcomes = new Map<string, string[]>();
  const messages: GatewayMessage[] = [];
  const gateway = ({ body }: StubRequest): StubAnswer => {
    const message = JSON.parse(body) as GatewayMessage;
    if (outcomes.get(message.to)?.shift() === "fail") return { status: 400 };
    messages.push(message);
    return { status: 200, body: "{}" };
  };
  stub.reply = (request) => {
    const [, place = "", key = "", service = ""] = request.target.split("/");
    if (place === "gateway") return gateway(request);
    const script = scripts.get(`${key}/${service}`) ?? ["error"];
    const status = script.length > 1 ? script.shift() : script[0];
    return xmlAnswer(service, status ?? "error");
  };
  return {
    messages,
    gatewayUrl: `${stub.url}/gateway`,
    serve: (key, services) => {
      for (const [service, answers] of Object.entries(services)) {
        scripts.set(`${key}/${service}`, [...answers]);
      }
      const at = (service: string) => {
        const url = `${stub.url}/services/${key}/${service}`;
        return { production: url, test: url };
      };
      return { checkMethods: at("check"), sendCode: at("send"), verifyCode: at("verify") };
    },
    deliver: (addresses, list) => {
      const shared = [...list];
      for (const address of addresses) outcomes.set(address, shared);
    },
    close: () => stub.close(),
  };
}

/** `success: email=a@example.com, authenticator` lists methods; anything else is a status. */
function xmlAnswer(service: string, text: string): StubAnswer {
  const [status = "", listed] = text.split(": ");
  const methods = (listed ?? "")
    .split(",")
    .filter((one) => one.trim() !== "")
    .map((one) => {
      const [name = "", value] = one.trim().split("=");
      return `<method name="${name}"${value === undefined ? "" : ` value="${value}"`}/>`;
    });
  const list = listed === undefined ? "" : `<methods>${methods.join("")}</methods>`;
  const root = roots[service] ?? "nothing";
  return {
    headers: { "content-type": "text/xml" },
    body: `<${root}><status>${status}</status>${list}</${root}>`,
  };
}
