import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemRandom } from "../../engine/code/random.ts";
import { describeStore } from "../contract/index.ts";
import { newKeyset } from "../keys/keyset.ts";
import { openSqliteStore } from "./open.ts";

const open = async () => {
  const folder = mkdtempSync(join(tmpdir(), "countersign-store-"));
  const { store, keyring } = await openSqliteStore({
    path: join(folder, "countersign.db"),
    lock: join(folder, "countersign.lock"),
    checkpoints: join(folder, "audit-checkpoints.txt"),
    keyset: newKeyset(systemRandom),
  });
  return {
    store,
    vault: keyring,
    close: async () => {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

describeStore("sqlite", open);
