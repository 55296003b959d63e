import { afterEach, beforeEach } from "vitest";
import type { AuditStore } from "../../engine/audit/store.ts";
import type { EnrollmentStore } from "../../engine/enrollments.ts";
import type { Store } from "../../engine/store.ts";
import type { Vault } from "../../engine/tools.ts";
import { addOrganization, epoch } from "./fixtures.ts";

export interface OpenedStore {
  readonly store: Store;
  /** The keys the store itself holds, to read the messages it hands out. */
  readonly vault: Pick<Vault, "seal" | "open">;
  close(): Promise<void>;
}

/** The verbs that no hot path goes through. */
export interface ColdStore extends Pick<Store, "users" | "settings"> {
  readonly enrollments: Omit<EnrollmentStore, "confirm">;
  readonly audit: Pick<AuditStore, "after" | "before" | "head">;
}

export interface OpenedColdStore {
  readonly store: ColdStore;
  close(): Promise<void>;
}

/** What a test finds: a store of its own, and an organization in it. */
export interface Each extends Omit<OpenedStore, "close"> {
  /** The organization's id. */
  readonly home: string;
  /** The time at which things happen: it begins at `epoch`, and a test moves it. */
  now: number;
}

/** Opens a store for each test of the describe that this is called in. */
export function openEach(open: () => Promise<OpenedStore>): Each {
  let opened: OpenedStore;
  let home: string;
  let now: number;
  beforeEach(async () => {
    opened = await open();
    home = await addOrganization(opened.store);
    now = epoch;
  });
  afterEach(() => opened.close());
  return {
    get store() {
      return opened.store;
    },
    get vault() {
      return opened.vault;
    },
    get home() {
      return home;
    },
    get now() {
      return now;
    },
    set now(moved) {
      now = moved;
    },
  };
}

/** What a test of the cold verbs finds: two organizations, which must not see each other. */
export interface EachCold {
  readonly store: ColdStore;
  readonly home: string;
  readonly foreign: string;
}

/** Opens a store for each test of the describe that this is called in. */
export function openCold(open: () => Promise<OpenedColdStore>): EachCold {
  let opened: OpenedColdStore;
  let home: string;
  let foreign: string;
  beforeEach(async () => {
    opened = await open();
    home = await addOrganization(opened.store);
    foreign = await addOrganization(opened.store);
  });
  afterEach(() => opened.close());
  return {
    get store() {
      return opened.store;
    },
    get home() {
      return home;
    },
    get foreign() {
      return foreign;
    },
  };
}
