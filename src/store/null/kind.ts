import type { StoreKind } from "../kind.ts";

/** What the two have in common: they need nothing, keep nothing and have nothing to tell. */
const NOTHING = {
  missing: () => undefined,
  require: () => {},
  properties: {},
  variables: [],
};

/** The floor of the synchronous loops. */
export const NULL: StoreKind = {
  ...NOTHING,
  name: "null",
  summary: "does nothing: the floor of the synchronous loops",
  api: () => "sync",
  informational: () => false,
  async open() {
    const { NullStore } = await import("./store.ts");
    return new NullStore();
  },
  async attach() {
    const { NullStore } = await import("./store.ts");
    return new NullStore();
  },
};

/** The floor of the asynchronous loops. */
export const NULL_ASYNC: StoreKind = {
  ...NOTHING,
  name: "null-async",
  summary: "does nothing through promises: the floor of the asynchronous loops",
  api: () => "async",
  informational: () => false,
  async open() {
    const { AsyncNullStore } = await import("./store.ts");
    return new AsyncNullStore();
  },
  inFlight: true,
};
