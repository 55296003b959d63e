import type { ChannelResponse, Published } from "../channel.ts";
import { jsonAnswer } from "../json.ts";
import type { SwaigSettings } from "./settings.ts";

/** What the model is told, and what the platform is to do. */
export interface Told {
  readonly text: string;
  /** Where the confirmation stands now; absent: as before. */
  readonly stage?: Stage | undefined;
  /** A SWML document that runs on the call before the assistant goes on. */
  readonly swml?: unknown;
}

/** `begin`: a code may be sent; `asked`: it may also be checked; `open`: the protected functions may be called. */
export type Stage = "begin" | "asked" | "open";

/** Always 200: the text is for the model, whatever happened. */
export function toldAnswer(
  told: Told,
  turn: string | undefined,
  publication: Published<SwaigSettings>,
): ChannelResponse {
  const { text, stage, swml } = told;
  const action = [
    // Hints for whoever looks at the call: we never believe them when they come back.
    ...(turn === undefined ? [] : [{ set_meta_data: { countersign: { turn, ...(stage && { stage }) } } }]),
    ...(stage === undefined ? [] : [{ toggle_functions: togglesFor(stage, publication.settings) }]),
    ...(swml === undefined ? [] : [{ SWML: swml }]),
  ];
  return jsonAnswer(200, { response: text, action });
}

/** Which functions the model may see at a stage. */
export function activeAt(
  stage: Stage,
  { functions }: Pick<SwaigSettings, "functions">,
): ReadonlyMap<string, boolean> {
  return new Map([
    ["send_mfa", stage !== "open"],
    ["verify_mfa", stage === "asked"],
    ...functions.map(({ name }) => [name, stage === "open"] as const),
  ]);
}

function togglesFor(stage: Stage, settings: SwaigSettings) {
  return [...activeAt(stage, settings)].map(([name, active]) => ({ function: name, active }));
}
