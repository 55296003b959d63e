import { getCompileCacheDir } from "node:module";
import { Worker } from "node:worker_threads";
import { systemRandom } from "../../engine/code/random.ts";
import type { Store } from "../../engine/store.ts";
import type { Clock } from "../../engine/tools.ts";
import { createKeyring, type Keyring } from "../keys/keyring.ts";
import { closeMessage, type WriterReady } from "./command.ts";
import { lockFolder } from "./lock.ts";
import type { WriterOptions } from "./parts.ts";
import { createPipe } from "./pipe.ts";
import { createPorts } from "./ports.ts";

export interface SqliteOptions extends WriterOptions {
  /** File whose lock keeps a second process away. */
  readonly lock: string;
  /** The writer has died; nothing can be acknowledged any more. Default: nothing is done. */
  readonly onFatal?: ((error: Error) => void) | undefined;
  /** Time of what carries none of its own; default: the system's. */
  readonly clock?: Clock | undefined;
}

export interface OpenStore {
  readonly store: Store;
  /** The same keys as the writer holds. */
  readonly keyring: Keyring;
}

/** What the writer makes lives for one batch. Three times as much (V8's default) is wasted; half of it would be promoted. */
const youngGenerationMb = 16;

/** The store could not be opened; `code` is a `KeyFileErrorCode`, an `ErrorCode` or SQLite's own code. */
export class StoreOpenError extends Error {
  override readonly name = "StoreOpenError";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Opens the embedded store: takes the folder's lock, starts the writer thread, brings the schema up to date. Throws
 * `CountersignError("conflict")` when another process has it, `StoreOpenError` when the file or the keys are not sound.
 */
export async function openSqliteStore(options: SqliteOptions): Promise<OpenStore> {
  const lock = lockFolder(options.lock);
  try {
    const { path, keyset, checkpoints } = options;
    const worker = new Worker(new URL("./writer.mjs", import.meta.url), {
      workerData: { path, keyset, checkpoints, ...threadData() },
      resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb },
    });
    const ready = await firstMessage(worker);
    if (!ready.ready) {
      await worker.terminate();
      throw new StoreOpenError(ready.code, ready.message);
    }
    const keyring = createKeyring(
      { keyset, rows: ready.keys, sealed: ready.sealed },
      { random: systemRandom },
    );
    const pipe = createPipe(worker, options.onFatal ?? (() => undefined));
    const close = async () => {
      await pipe.close();
      await closeWriter(worker);
      lock.release();
    };
    const clock = options.clock ?? { now: () => Date.now() };
    return { store: createPorts({ pipe, keyring, clock, close }), keyring };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Where the writer's code lies, as source or compiled, and the compile cache of this process. */
function threadData() {
  const module = import.meta.url.endsWith(".ts") ? "./batches.ts" : "./batches.js";
  return { module: new URL(module, import.meta.url).href, compileCache: getCompileCacheDir() };
}

function firstMessage(worker: Worker): Promise<WriterReady> {
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`The writer thread ended with code ${code}.`)));
  });
}

/** The writer closes its database (a last checkpoint of the log included) and ends by itself, unless it has ended before. */
function closeWriter(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    if (worker.threadId === -1) {
      resolve();
      return;
    }
    worker.once("exit", () => resolve());
    worker.postMessage(closeMessage);
  });
}
