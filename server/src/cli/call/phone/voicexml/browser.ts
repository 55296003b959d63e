import { childrenNamed, type Element } from "../markup.ts";
import { type Calling, type Ended, Refused } from "../model.ts";
import { runContent } from "./content.ts";
import { readDocument, type VoicexmlDocument } from "./document.ts";
import type { Scope, Value } from "./expression.ts";
import { runForm, type Subdialogue } from "./form.ts";

/** A VoiceXML platform with one call on it: a flow of the caller's own that calls the publication as a sub-dialogue. */
export interface VoicexmlCall {
  readonly url: string;
  /** What the calling flow hands over, by name: `subject`, `cli`, `lang`, variables. */
  readonly given: Readonly<Record<string, string>>;
}

export function* voicexmlCall({ url, given }: VoicexmlCall): Calling {
  const flow = readDocument({ status: 200, type: "text/xml", body: callingFlow(url, given), url });
  const values = yield* runSession(flow, given, "session");
  const texts = Object.entries(values).map(([name, value]) => [name, value === undefined ? "" : `${value}`]);
  return { how: "returned", values: Object.fromEntries(texts) } satisfies Ended;
}

/** As the author of a flow would write it. */
export function callingFlow(url: string, given: Readonly<Record<string, string>>): string {
  const address = url.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
  return `<?xml version="1.0" encoding="UTF-8"?>
<vxml version="2.1" xmlns="http://www.w3.org/2001/vxml">
  <form id="main">
    <subdialog name="mfa" src="${address}" method="post" namelist="${Object.keys(given).join(" ")}" fetchtimeout="15s">
      <filled><exit expr="mfa"/></filled>
    </subdialog>
  </form>
</vxml>`;
}

type Kind = "session" | "subdialogue";

/** Runs document after document until the session ends, or the sub-dialogue returns. */
function* runSession(
  first: VoicexmlDocument,
  variables: Readonly<Record<string, Value>>,
  kind: Kind,
): Calling<Readonly<Record<string, Value>>> {
  let document = first;
  let id: string | undefined;
  let scope = yield* documentScope(document, variables);
  for (;;) {
    const end = yield* runForm(formOf(document, id), document, scope, subdialogue);
    switch (end.kind) {
      case "form":
        id = end.id;
        break;
      case "document":
        document = end.document;
        id = undefined;
        scope = yield* documentScope(document, {});
        break;
      case "return":
        if (kind === "session") throw new Refused("error.semantic: <return> outside of a sub-dialogue.");
        return end.values;
      case "exit":
        if (kind === "subdialogue") throw new SessionOver(end.values);
        return end.values;
    }
  }
}

/** `<exit>` ends the whole session, wherever it stands. */
class SessionOver extends Refused {
  readonly values: Readonly<Record<string, Value>>;

  constructor(values: Readonly<Record<string, Value>>) {
    super("The session is over.");
    this.values = values;
  }
}

const subdialogue: Subdialogue = function* (document, parameters) {
  try {
    return yield* runSession(document, parameters, "subdialogue");
  } catch (error) {
    if (error instanceof SessionOver) return error.values;
    throw error;
  }
};

function* documentScope(
  { root, url }: VoicexmlDocument,
  given: Readonly<Record<string, Value>>,
): Calling<Scope> {
  const scope: Scope = { variables: new Map(Object.entries(given)) };
  const declared = childrenNamed(root, "var");
  yield* runContent(declared, { scope, url });
  return scope;
}

function formOf({ root }: VoicexmlDocument, id: string | undefined): Element {
  const forms = childrenNamed(root, "form");
  const form = id === undefined ? forms[0] : forms.find(({ attributes }) => attributes["id"] === id);
  if (form === undefined) throw new Refused("error.badfetch: there is no such form.");
  return form;
}
