import { Type } from "typebox";
import type { ChannelRegistry } from "../../channels/registry.ts";
import { channels } from "../../engine/model.ts";
import { requireScope } from "../access.ts";
import type { RoutePlugin } from "../app.ts";
import { SettingsObject } from "../views/settings.ts";

const ChannelView = Type.Object({
  channel: Type.Enum([...channels]),
  title: Type.String(),
  settings: {
    ...SettingsObject,
    description: "JSON Schema of its settings. `format: credential` marks the id of a credential.",
  },
});

/** `GET /v1/channels`: where publications can be. */
export function channelKindRoutes(registry: ChannelRegistry): RoutePlugin {
  return (app) => {
    app.get(
      "/v1/channels",
      {
        config: { access: requireScope("settings:read") },
        schema: {
          operationId: "channels.list",
          summary: "List the channels",
          description: "Each with the JSON Schema of the settings of its publications.",
          tags: ["settings"],
          response: { 200: Type.Object({ channels: Type.Array(ChannelView), next: Type.Null() }) },
        },
      },
      async () => ({
        channels: registry.all.map(({ id, title, settings }) => ({ channel: id, title, settings })),
        next: null,
      }),
    );
  };
}
