import { execFile, spawnSync } from "node:child_process";
import { connect } from "node:net";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type OpenServer, openServer } from "../open-server.ts";
import { basic, messageFor, tokenFor } from "../signalwire.ts";

/** Clients that exist, as they were seen on the wire: each must work with host, project and token changed and nothing else. */
let server: OpenServer;
let login: string;
beforeAll(async () => {
  server = await openServer();
  login = basic(server.demo.signalwire);
});
afterAll(() => server.close());

let phones = 0;
const phone = () => {
  phones += 1;
  return `+1202555${String(2000 + phones)}`;
};
const tokenOf = (id: string) => tokenFor(server.countersign, server.demo.organization, id);
const textOf = async (id: string) =>
  (await messageFor(server.countersign, server.demo.organization, id)).text;

/** Writes exactly these lines and this body to a socket, and gives status and body of what comes back, as text. */
function raw(path: string, headers: readonly string[], body: string) {
  const { hostname, port } = new URL(server.url);
  const request = [
    `POST /api/relay/rest/${path} HTTP/1.1`,
    `Host: ${hostname}:${port}`,
    `Authorization: ${login}`,
    ...headers,
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
    "",
    body,
  ].join("\r\n");
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(request));
    let answer = "";
    socket.setEncoding("utf8");
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    socket.on("error", reject);
    socket.on("end", () => {
      const [head = "", text = ""] = answer.split("\r\n\r\n");
      resolve({ status: Number(head.split(" ")[1]), body: text });
    });
  });
}

describe("requests as they were seen on the wire", () => {
  it("SignalWire::RestAPI 1.5 for Perl, as the digital employee of the seed sends them", async () => {
    const headers = [
      "TE: deflate,gzip;q=0.3",
      "User-Agent: SignalWire-RestAPI/1.5",
      "Content-Type: application/json",
    ];
    const to = phone();
    const sent = await raw(
      "mfa/sms",
      headers,
      `{"message":"Your number to verify is: ","valid_for":7200,"to":"${to}","allow_alpha":"true","token_length":6,"from":"+15552221234","max_attempts":4}`,
    );
    expect(sent.status).toBe(200);
    const { id, ...answer } = JSON.parse(sent.body);
    expect(answer).toEqual({ success: true, to, channel: "sms" });
    expect(await textOf(id)).toMatch(/^Your number to verify is: \d{6}$/);
    const verified = await raw(`mfa/${id}/verify`, headers, `{"token":"${await tokenOf(id)}"}`);
    expect(verified).toEqual({ status: 200, body: '{"success":true}' });
  });

  it("SignalWire::RestAPI 1.0, which calls a form JSON", async () => {
    const headers = ["User-Agent: SignalWire-RestAPI/1.0", "Content-Type: application/json"];
    const sent = await raw(
      "mfa/call",
      headers,
      `to=${encodeURIComponent(phone())}&max_attempts=4&message=Code%3A`,
    );
    expect(sent.status).toBe(200);
    const { id, channel } = JSON.parse(sent.body);
    expect(channel).toBe("call");
    const verified = await raw(`mfa/${id}/verify`, headers, `token=${await tokenOf(id)}`);
    expect(verified.body).toBe('{"success":true}');
  });

  it("a table reservation in Perl, which looks for the literal answer without spaces", async () => {
    const headers = ["Content-Type: application/json"];
    const sent = await raw(
      "mfa/sms",
      headers,
      `{"to":"${phone()}","allow_alpha":"true","token_length":6,"valid_for":1200,"max_attempts":6}`,
    );
    const { id } = JSON.parse(sent.body);
    expect((await raw(`mfa/${id}/verify`, headers, '{"token":"000000"}')).body).toMatch(
      /^{"success":false}$/,
    );
    expect((await raw(`mfa/${id}/verify`, headers, `{"token":"${await tokenOf(id)}"}`)).body).toMatch(
      /{"success":true}/,
    );
  });

  it("the Ruby demo: forms with one field each, everything below 400 is a success", async () => {
    const headers = ["Accept: */*", "User-Agent: Ruby", "Content-Type: application/x-www-form-urlencoded"];
    const sent = await raw("mfa/sms", headers, `to=${encodeURIComponent(phone())}`);
    expect(sent.status).toBeLessThan(400);
    const { id } = JSON.parse(sent.body);
    const verified = await raw(`mfa/${id}/verify`, headers, `token=${await tokenOf(id)}`);
    expect(verified).toEqual({ status: 200, body: '{"success":true}' });
    expect((await raw(`mfa/${id}/verify`, headers, "token=1")).status).toBe(404);
  });

  it("forms with every field: numbers and booleans are texts there", async () => {
    const type = ["Content-Type: application/x-www-form-urlencoded; charset=UTF-8"];
    const to = encodeURIComponent(phone());
    for (const truth of ["true", "True", "1"]) {
      const body = `to=${to}&token_length=20&valid_for=60&max_attempts=2&allow_alphas=${truth}&allow_alpha=x`;
      const { id } = JSON.parse((await raw("mfa/sms", type, body)).body);
      expect((await textOf(id)).split(" ").at(-1)).toMatch(/^[0-9A-Z]{20}$/);
    }
    for (const wrong of [
      "token_length=six",
      "token_length=06",
      "token_length=",
      "allow_alphas=yes",
      "to=%2B1",
    ]) {
      const answer = await raw("mfa/sms", type, wrong.startsWith("to=") ? wrong : `to=${to}&${wrong}`);
      const [error] = JSON.parse(answer.body).errors;
      expect([wrong, answer.status, error.detail.split(" ")[0]]).toEqual([wrong, 422, wrong.split("=")[0]]);
    }
    const twice = await raw("mfa/sms", type, `to=${to}&to=${to}`);
    expect(JSON.parse(twice.body).errors[0].detail).toBe("to must be given once");
  });

  it("curl -d, with a plus sign that nobody encoded", async () => {
    const type = [
      "User-Agent: curl/8.14.1",
      "Accept: */*",
      "Content-Type: application/x-www-form-urlencoded",
    ];
    const to = phone();
    const sent = await raw("mfa/sms", type, `to=${to}&from=+15552221234`);
    expect(JSON.parse(sent.body)).toMatchObject({ success: true, to });
  });

  it("a form or a JSON text that does not say what it is", async () => {
    const to = phone();
    expect((await raw("mfa/sms", [], `{"to":"${to}"}`)).status).toBe(200);
    expect((await raw("mfa/sms", [], `to=${encodeURIComponent(to)}`)).status).toBe(200);
  });
});

describe("typed clients", () => {
  it("the TypeScript SDK: JSON both ways, an exception for everything outside 2xx", async () => {
    const headers = {
      accept: "application/json",
      "content-type": "application/json",
      "user-agent": "@signalwire/sdk-ts/2.0.0",
      authorization: login,
    };
    const post = async (path: string, body: object) => {
      const answer = await fetch(`${server.url}/api/relay/rest/mfa/${path}`, {
        ...{ method: "POST", headers, body: JSON.stringify(body) },
      });
      if (!answer.ok) throw new Error(`HTTP ${answer.status}: ${await answer.text()}`);
      return (await answer.json()) as { readonly id: string; readonly success: unknown };
    };
    const message = "Your code is {code}";
    const request = await post("sms", {
      to: phone(),
      message,
      token_length: 6,
      valid_for: 300,
      max_attempts: 3,
    });
    expect(await textOf(request.id)).toMatch(/^Your code is \d{6}$/);
    expect(await post(`${request.id}/verify`, { token: await tokenOf(request.id) })).toEqual({
      success: true,
    });
    await expect(post(`${request.id}/verify`, { token: "1" })).rejects.toThrow(
      'HTTP 404: {"error":"Not Found"}',
    );
    await expect(post("sms", { to: "nobody" })).rejects.toThrow("HTTP 422");
    const third = await post("sms", { to: phone(), allow_alpha: false, token_length: 6 });
    const said = await post(`${third.id}/verify`, { token: await tokenOf(third.id) });
    expect(said.success === true || said.success === "true").toBe(true);
  });
});

const run = promisify(execFile);

/** Whether a program does its smallest thing here; says so when it does not. */
function has(program: string, ...words: readonly string[]): boolean {
  const found = spawnSync(program, words).status === 0;
  if (!found) console.log(`notice: ${program} ${words.join(" ")} does not work here; its test is skipped`);
  return found;
}

const perlModules = ["-MLWP::UserAgent", "-MJSON", "-e1"];
const coreModules = ["-MHTTP::Tiny", "-MJSON::PP", "-e1"];

/**
 * What a digital employee in Perl does, in our words: the fields of its two functions, `decode_json` on whatever comes back
 * (which dies on anything that is no JSON), and the meta data from one to the other.
 */
const perlEmployee = String.raw`
use strict; use warnings;
my $lwp = eval { require LWP::UserAgent; require JSON; 1 };
require HTTP::Tiny; require JSON::PP;
my ($base, $project, $token, $caller) = @ARGV;
my $json = $lwp ? JSON->new : JSON::PP->new;
sub post {
  my ($path, %fields) = @_;
  my $url = "$base/api/relay/rest/$path";
  my $login = do { require MIME::Base64; MIME::Base64::encode_base64("$project:$token", "") };
  my $body = $json->encode(\%fields);
  if ($lwp) {
    my $agent = LWP::UserAgent->new(agent => "SignalWire-RestAPI/1.5");
    my $answer = $agent->post($url, "Authorization" => "Basic $login", "Content-Type" => "application/json", Content => $body);
    return $json->decode($answer->content);
  }
  my $answer = HTTP::Tiny->new(agent => "SignalWire-RestAPI/1.5")->post($url,
    { headers => { Authorization => "Basic $login", "Content-Type" => "application/json" }, content => $body });
  return $json->decode($answer->{content});
}
$| = 1;
my $sent = post("mfa/sms", to => $caller, from => "+15552221234", message => "Your number to verify is: ",
  allow_alpha => "true", token_length => 6, valid_for => 7200, max_attempts => 4);
die "not sent" unless $sent->{success};
print "$sent->{id}\n";
chomp(my $code = <STDIN>);
my @said = map { post("mfa/$sent->{id}/verify", token => $_) } ("000000", $code, $code);
$token = "PTwrong";
push @said, post("mfa/sms", to => $caller);
print join(",", map { exists $_->{error} ? $_->{error} : $_->{success} ? "yes" : "no" } @said), "\n";
`;

const pythonEmployee = `
import sys, requests
base, project, token, caller = sys.argv[1:5]
session = requests.Session()
session.auth = (project, token)
sent = session.post(f"{base}/api/relay/rest/mfa/sms", json={
    "to": caller, "message": "Your verification code is {{code}}. ", "token_length": 6,
    "max_attempts": 3, "allow_alphas": False, "valid_for": 3600})
sent.raise_for_status()
mfa = sent.json()["id"]
print(mfa, flush=True)
code = sys.stdin.readline().strip()
said = []
for attempt in ("000000", code, code):
    answer = session.post(f"{base}/api/relay/rest/mfa/{mfa}/verify", json={"token": attempt})
    try:
        answer.raise_for_status()
        said.append("yes" if answer.json()["success"] else "no")
    except requests.HTTPError:
        said.append(answer.json()["error"])
form = session.post(f"{base}/api/relay/rest/mfa/sms", data={"to": caller, "allow_alphas": False, "token_length": 8})
said.append(form.json()["channel"])
print(",".join(said))
`;

/** Runs a program that prints an id, reads the token of it, and prints what it made of its checks. */
async function converse(program: string, words: readonly string[]): Promise<string> {
  const { project, token } = server.demo.signalwire;
  const running = run(program, [...words, server.url, project, token, phone()], { timeout: 20_000 });
  const { stdout, stdin } = running.child;
  let said = "";
  stdout?.on("data", (chunk) => {
    said += chunk;
    const [id, ...rest] = said.split("\n");
    if (id && rest.length === 1) void tokenOf(id).then((code) => stdin?.end(`${code}\n`));
  });
  await running;
  return said.split("\n")[1] ?? "";
}

describe("clients that we did not write the HTTP of", () => {
  it.skipIf(!has("perl", ...perlModules) && !has("perl", ...coreModules))(
    "a digital employee in Perl",
    async () => {
      expect(await converse("perl", ["-e", perlEmployee])).toBe("no,yes,Not Found,Unauthorized");
    },
  );

  it.skipIf(!has("python3", "-c", "import requests"))("a portal in Python with requests", async () => {
    expect(await converse("python3", ["-c", pythonEmployee])).toBe("no,yes,Not Found,sms");
  });
});
