/** SignalWire as far as an agent document can tell: it keeps the meta data, calls the functions, and does what they answer. */
export interface SwaigPlatform {
  /** What the document says. Throws when it cannot be had. */
  readonly agent: Agent;
  /** Whether the model may see a function now. */
  isActive(name: string): boolean;
  /**
   * Calls a function and does what its answer says.
   *
   * @returns what the model is told.
   */
  call(name: string, given: Readonly<Record<string, unknown>>): Promise<string>;
  /** The conversation is over: it is posted to where the document says. */
  end(summary: string): Promise<void>;
}

export interface Agent {
  readonly prompt: string;
  readonly greeting: string | undefined;
  readonly functions: readonly AgentFunction[];
}

export interface AgentFunction {
  readonly function: string;
  readonly description: string;
  readonly parameters: {
    readonly properties: Readonly<Record<string, unknown>>;
    readonly required: readonly string[];
  };
  readonly active: boolean;
  readonly web_hook_url: string;
  readonly meta_data_token: string;
}

export interface PlatformCall {
  /** The document's address, its login as user info. */
  readonly url: string;
  readonly id: string;
  /** E.164 number that calls; absent: a chat. */
  readonly caller?: string | undefined;
}

export interface PlatformTools {
  readonly fetch: typeof fetch;
  /** What the person presses when the platform asks for digits; undefined: nothing. */
  readonly press: (digits: number) => Promise<string | undefined>;
}

type Fields = Readonly<Record<string, unknown>>;

interface Session {
  readonly call: PlatformCall;
  readonly tools: PlatformTools;
  readonly agent: Agent;
  readonly post: string | undefined;
  /** By meta data token. */
  readonly metaData: Map<string, Fields>;
  readonly active: Map<string, boolean>;
  readonly log: { readonly role: string; readonly content: string }[];
}

/** Begins a call: fetches the document as the platform does. Throws Error with a sentence. */
export async function openPlatform(call: PlatformCall, tools: PlatformTools): Promise<SwaigPlatform> {
  const document = await postJson(
    call.url,
    { call: callBody(call), vars: {}, envs: {}, params: {} },
    {},
    tools,
  );
  const ai = aiOf(document);
  const swaig = fieldsAt(ai, "SWAIG");
  const functions = (swaig["functions"] ?? []) as readonly AgentFunction[];
  const post = ai["post_prompt_url"];
  const session: Session = {
    call,
    tools,
    agent: {
      prompt: String(fieldsAt(ai, "prompt")["text"] ?? ""),
      greeting: fieldsAt(ai, "params")["static_greeting"] as string | undefined,
      functions,
    },
    post: typeof post === "string" ? post : undefined,
    metaData: new Map(),
    active: new Map(functions.map((one) => [one.function, one.active !== false])),
    log: [],
  };
  return {
    agent: session.agent,
    isActive: (name) => session.active.get(name) ?? false,
    call: (name, given) => callFunction(name, given, session),
    end: (summary) => end(summary, session),
  };
}

function aiOf(document: Fields): Fields {
  const main = fieldsAt(document, "sections")["main"];
  const methods = Array.isArray(main) ? (main as readonly Fields[]) : [];
  const found = methods.find((method) => "ai" in method);
  if (found === undefined) throw new Error("The document has no ai method.");
  return fieldsAt(found, "ai");
}

function callBody({ id, caller }: PlatformCall): Fields {
  return {
    call_id: id,
    node_id: "emulator",
    direction: "inbound",
    type: "phone",
    from: caller ?? "anonymous",
    headers: [],
  };
}

async function callFunction(name: string, given: Fields, session: Session): Promise<string> {
  const { call, tools, agent, log } = session;
  const definition = agent.functions.find((one) => one.function === name);
  if (definition === undefined) throw new Error(`The document has no function ${name}.`);
  const body = functionBody(definition, given, session);
  const { response, action = [] } = await postJson(definition.web_hook_url, body, {}, tools, call.url);
  for (const one of [action].flat() as readonly Fields[]) await apply(one, definition, session);
  const told = typeof response === "string" ? response : "";
  log.push({ role: "tool", content: told });
  return told;
}

/** The whole body, as the platform documents it. */
function functionBody(definition: AgentFunction, given: Fields, { call, metaData }: Session): Fields {
  const { function: name, meta_data_token: token, description, parameters } = definition;
  return {
    app_name: "countersign",
    function: name,
    argument: { parsed: [given], raw: JSON.stringify(given) },
    argument_desc: parameters,
    description,
    call_id: call.id,
    ai_session_id: call.id,
    meta_data_token: token,
    meta_data: metaData.get(token) ?? {},
    ...(call.caller !== undefined && { caller_id_name: "", caller_id_num: call.caller }),
    channel_active: true,
    channel_offhook: true,
    channel_ready: true,
    content_type: "text/swaig",
    content_disposition: "SWAIG Function",
    version: "2.0",
    conversation_type: call.caller === undefined ? "chat" : "voice",
  };
}

/** Does one action of an answer. */
async function apply(
  action: Fields,
  { meta_data_token: token }: AgentFunction,
  { call, tools, metaData, active }: Session,
): Promise<void> {
  const set = action["set_meta_data"];
  if (set !== undefined) metaData.set(token, { ...metaData.get(token), ...(set as Fields) });
  for (const toggle of (action["toggle_functions"] ?? []) as readonly Toggle[]) {
    for (const toggled of [toggle.function].flat()) active.set(toggled, toggle.active);
  }
  if (action["SWML"] !== undefined) await runSwml(action["SWML"] as Fields, call, tools);
}

interface Toggle {
  readonly function: string | readonly string[];
  readonly active: boolean;
}

/** The two methods that a question on the keypad needs, with the variables that the first one sets. */
async function runSwml(document: Fields, call: PlatformCall, tools: PlatformTools): Promise<void> {
  const variables = new Map<string, string>();
  const main = (fieldsAt(document, "sections")["main"] ?? []) as readonly Fields[];
  for (const method of main) {
    if ("prompt" in method) {
      const most = Number(fieldsAt(method, "prompt")["max_digits"] ?? 1);
      const pressed = (await tools.press(most))?.replaceAll("#", "").slice(0, most);
      variables.set("prompt_result", pressed === undefined || pressed === "" ? "no_input" : "match_digits");
      variables.set("prompt_value", pressed ?? "");
    }
    if ("request" in method) {
      const { url, headers, body } = fieldsAt(method, "request");
      const filled = JSON.parse(fill(JSON.stringify(body), variables)) as Fields;
      await postJson(String(url), filled, headers as Readonly<Record<string, string>>, tools, call.url);
    }
  }
}

function fill(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(/\$\{([a-z_]+)\}/g, (_all, name: string) => variables.get(name) ?? "");
}

async function end(summary: string, { post, call, tools, log }: Session): Promise<void> {
  if (post === undefined) return;
  const body = {
    action: "post_conversation",
    content_disposition: "agent.summary",
    call_id: call.id,
    ai_session_id: call.id,
    post_prompt_data: { raw: summary, parsed: [] },
    call_log: log,
  };
  await postJson(post, body, {}, tools, call.url);
}

/** `near`: addresses of the document are reached at the origin at which the document was. */
async function postJson(
  url: string,
  body: Fields,
  headers: Readonly<Record<string, string>>,
  tools: Pick<PlatformTools, "fetch">,
  near?: string,
): Promise<Fields> {
  const target = new URL(url);
  const { username, password } = target;
  target.username = "";
  target.password = "";
  if (near !== undefined) {
    target.protocol = new URL(near).protocol;
    target.host = new URL(near).host;
  }
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const answer = await tools.fetch(target, {
    method: "POST",
    redirect: "error",
    headers: Object.fromEntries(
      new Headers([
        ["content-type", "application/json"],
        ...(username === "" ? [] : [["authorization", basicOf(login)] as [string, string]]),
        ...Object.entries(headers).filter(([name]) => name.toLowerCase() !== "content-type"),
      ]),
    ),
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`The address of the assistant answered with status ${answer.status}.`);
  return JSON.parse(text) as Fields;
}

function basicOf(login: string): string {
  return `Basic ${Buffer.from(login).toString("base64")}`;
}

function fieldsAt(fields: Fields, name: string): Fields {
  const value = fields[name];
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}
