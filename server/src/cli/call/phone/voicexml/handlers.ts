import { type Element, elementsOf } from "../markup.ts";

const shorthands: readonly string[] = ["noinput", "nomatch", "help", "error"];

/**
 * The handler of an event: the innermost element that has one, there the one with the highest `count` that is reached
 * (VoiceXML 2.0 §5.2). `places`: elements that may hold handlers, innermost first.
 */
export function handlerOf(event: string, times: number, places: readonly Element[]): Element | undefined {
  for (const place of places) {
    const fitting = elementsOf(place)
      .filter((child) => handles(child, event) && countOf(child) <= times)
      .toSorted((a, b) => countOf(b) - countOf(a));
    if (fitting[0] !== undefined) return fitting[0];
  }
  return undefined;
}

function countOf({ attributes }: Element): number {
  return Number(attributes["count"] ?? 1);
}

/** An event is caught by its name and by every name it begins with: `connection.disconnect` catches `….hangup`. */
function handles({ name, attributes }: Element, event: string): boolean {
  if (name !== "catch") return shorthands.includes(name) && isPartOf(name, event);
  const events = (attributes["event"] ?? ".").split(/\s+/);
  return events.some((one) => one === "." || isPartOf(one, event));
}

function isPartOf(name: string, event: string): boolean {
  return event === name || event.startsWith(`${name}.`);
}
