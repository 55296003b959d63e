import { Value } from "typebox/value";
import { withoutValues } from "../json/without.ts";
import {
  DialogueSettings,
  type SettingsInForce,
  settingsInForce,
  type WebServiceSettings,
} from "./settings.ts";

const services = [
  { member: "checkMethods", title: "Check Verified Contact Methods Web Service" },
  { member: "sendCode", title: "Send Authentication Code Web Service" },
  { member: "verifyCode", title: "Code Authentication Web Service" },
] as const;

/**
 * Everything that is wrong with the settings of the dialogue, as sentences: first what the schema says, then what it cannot
 * say. Members of the channel itself are not looked at. Empty: fine.
 */
export function validateDialogue(settings: DialogueSettings): readonly string[] {
  const known = Object.keys(DialogueSettings.properties);
  const own = Object.fromEntries(Object.entries(settings).filter(([name]) => known.includes(name)));
  // An unknown member is told twice: of the object, with its names, and of the member itself.
  const errors = Value.Errors(DialogueSettings, own).filter(({ keyword }) => keyword !== "boolean");
  const broken = errors.map(
    (error) => `${error.instancePath.slice(1).replaceAll("/", ".")} ${error.message}.`,
  );
  const readable = withoutValues(own, new Set(errors.map(({ instancePath }) => instancePath)));
  return [...new Set([...broken, ...ownRules(settingsInForce(readable as DialogueSettings))])];
}

function ownRules(settings: SettingsInForce): readonly string[] {
  return [...missingServices(settings), ...urlProblems(settings), ...lengthProblems(settings)];
}

/** The services that the environment in use needs. */
function missingServices({
  codeGeneration,
  environment,
  testNumbers,
  ws,
}: SettingsInForce): readonly string[] {
  const environments = testNumbers.length > 0 ? (["test", environment] as const) : [environment];
  if (codeGeneration === "internal") {
    const { checkMethods } = ws;
    return [...new Set(environments)]
      .filter((one) => checkMethods !== undefined && checkMethods[one] === undefined)
      .map((one) => `ws.checkMethods.${one}: there is no URL for ${one} calls, but another one is set.`);
  }
  return [...new Set(environments)].flatMap((one) =>
    services
      .filter(({ member }) => ws[member]?.[one] === undefined)
      .map(
        ({ member, title }) => `ws.${member}.${one}: external code generation needs the URL of the ${title}.`,
      ),
  );
}

function urlProblems({ ws, returnUrl }: SettingsInForce): readonly string[] {
  const urls: [string, string | undefined][] = services.flatMap(({ member }) =>
    pairOf(ws, member).map(([one, url]): [string, string | undefined] => [`ws.${member}.${one}`, url]),
  );
  return [...urls, ["returnUrl", returnUrl] as const].flatMap(([name, url]) =>
    url === undefined || isWebAddress(url)
      ? []
      : [`${name}: this is not an http or https URL without a login in it.`],
  );
}

function pairOf(ws: WebServiceSettings, member: (typeof services)[number]["member"]) {
  return Object.entries(ws[member] ?? {});
}

function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return ["http:", "https:"].includes(url.protocol) && url.username === "" && url.password === "";
}

function lengthProblems({ externalCode: { minDigits, maxDigits } }: SettingsInForce): readonly string[] {
  return minDigits > maxDigits ? ["externalCode: minDigits is larger than maxDigits."] : [];
}
