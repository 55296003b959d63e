import { connectApi, path } from "../api.ts";
import { exits } from "../exit.ts";
import type { ServerOptions } from "../options.ts";
import { show } from "../output.ts";
import { findUser } from "../people.ts";
import { findProvider } from "./answers.ts";

export interface TestOptions extends ServerOptions {
  readonly to?: string;
  readonly via?: string;
}

interface TrialAnswer {
  readonly ok: boolean;
  readonly message: string;
  readonly to?: string;
}

/** Exit 0: it works. Exit 1: it does not, or it cannot be asked without sending a message. */
export async function testProvider(name: string, options: TestOptions) {
  const api = connectApi(options, process.env);
  const { id, name: known } = await findProvider(name, api);
  const { to, via } = options;
  const answer =
    to === undefined
      ? await api.request<TrialAnswer>("POST", path("v1", "providers", id, "probe"))
      : await api.request<TrialAnswer>("POST", path("v1", "providers", id, "test"), {
          user: (await findUser(to, api)).id,
          via,
        });
  const where = answer.to === undefined ? "" : ` (${answer.to})`;
  show(options, answer, [`${known}${where}: ${answer.message}`]);
  return answer.ok ? exits.ok : exits.negative;
}
