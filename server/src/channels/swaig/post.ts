import type { ChannelRequest, ChannelResponse, ChannelTools, Published } from "../channel.ts";
import { jsonAnswer } from "../json.ts";
import { fieldsIn, fieldsOf, textOf } from "./call.ts";
import { findSeat, keepSeat, seatEvent, seatId } from "./memory.ts";
import { inTurn } from "./queue.ts";
import { redacted } from "./redact.ts";
import type { SwaigSettings } from "./settings.ts";

/** Longest summary that is kept. */
const longestSummary = 500;

/**
 * `/post`: the conversation is over. Logs of it hold what callers said, codes among it: they are never kept, and of the
 * summary what is left without digits and addresses, where the publication asks for it.
 */
export async function takePost(
  { body }: ChannelRequest,
  publication: Published<SwaigSettings>,
  tools: ChannelTools,
): Promise<ChannelResponse> {
  const fields = fieldsIn(body) ?? {};
  const done = jsonAnswer(200, {});
  const externalId =
    textOf(fields["call_id"]) ?? textOf(fields["ai_session_id"]) ?? textOf(fields["conversation_id"]);
  if (externalId === undefined || textOf(fields["action"]) !== "post_conversation") return done;
  const { services } = tools;
  const conversation = seatId(externalId, publication, services);
  const end = async () => {
    const seat = await findSeat(conversation, publication, services);
    // Nobody asked for anything, or this was posted before.
    if (seat === undefined || seat.stored?.path !== undefined) return;
    const summary = publication.settings.keepConversations === "redacted" ? summaryIn(fields) : undefined;
    const events = [
      ...(summary === undefined
        ? []
        : [seatEvent("conversation.summarized", seat, publication, { summary })]),
      seatEvent("conversation.ended", seat, publication, { path: "hangup" }),
    ];
    await keepSeat(seat, { memory: seat.memory, events, path: "hangup" }, publication, services);
  };
  await inTurn(services.store.conversations, { conversation, now: services.clock.now() }, end, () =>
    Promise.resolve(),
  );
  return done;
}

function summaryIn(fields: Readonly<Record<string, unknown>>): string | undefined {
  const data = fieldsOf(fields["post_prompt_data"]);
  const text = textOf(data?.["substituted"]) ?? textOf(data?.["raw"]);
  if (text === undefined) return undefined;
  return redacted(text).slice(0, longestSummary);
}
