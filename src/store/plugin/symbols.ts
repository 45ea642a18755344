/** The functions of a plug-in, as `src/plugin/include/tidemark_plugin.h` declares them. */

/** The version of the interface that this host speaks. */
export const ABI = 1;

/** Results; see the header. */
export enum Code {
  ok = 0,
  absent = -1,
  tooSmall = -2,
  unsupported = -3,
  failed = -4,
  panicked = -5,
}

/** Kinds of handles, for `tidemark_error`. */
export enum Handle {
  database = 0,
  session = 1,
  completion = 2,
}

/** A flag of a cursor: from the last key to the first. */
export const REVERSE = 1;

/** Kinds of operations; a batch has the first two. */
export enum Kind {
  put = 0,
  delete = 1,
  get = 2,
}

/** Kinds of events that a plug-in tells. */
export enum EventKind {
  flush = 0,
  compaction = 1,
  stall = 2,
  sync = 3,
  lost = 4,
}

/** Of a key of several that is absent. */
export const NOT_FOUND = 0xffff_ffff_ffff_ffffn;

// Addresses and lengths are bigints, which take the fast path; a number would take the slow one.
const REQUIRED = {
  tidemark_abi: { parameters: [], result: "u32" },
  tidemark_describe: { parameters: ["u64", "u64", "u64", "u64"], result: "i32" },
  tidemark_open: { parameters: ["u64", "u64", "u64"], result: "i32" },
  tidemark_close: { parameters: ["u64"], result: "i32" },
  tidemark_session: { parameters: ["u64", "u64"], result: "i32" },
  tidemark_session_close: { parameters: ["u64"], result: "void" },
  tidemark_put: { parameters: ["u64", "u32", "u64", "u64", "u64", "u64"], result: "i32" },
  tidemark_get: { parameters: ["u64", "u32", "u64", "u64", "u64", "u64", "u64"], result: "i32" },
  tidemark_delete: { parameters: ["u64", "u32", "u64", "u64"], result: "i32" },
  tidemark_error: { parameters: ["u64", "u32", "u64", "u64", "u64"], result: "i32" },
} as const;

const OPTIONAL = {
  tidemark_cursor: {
    parameters: ["u64", "u32", "u64", "u64", "u64", "u64", "u32", "u64"],
    result: "i32",
    optional: true,
  },
  tidemark_next: { parameters: ["u64", "u64"], result: "i32", optional: true },
  tidemark_cursor_close: { parameters: ["u64"], result: "void", optional: true },
  tidemark_batch: { parameters: ["u64", "u64", "u64", "u64"], result: "i32", optional: true },
  tidemark_multi_get: {
    parameters: ["u64", "u32", "u64", "u64", "u64", "u64", "u64", "u64"],
    result: "i32",
    optional: true,
  },
  tidemark_submit: { parameters: ["u64", "u64", "u64"], result: "i32", optional: true },
  tidemark_reap: { parameters: ["u64", "u64", "u64", "u64"], result: "i32", optional: true },
  tidemark_events: { parameters: ["u64", "u64", "u64"], result: "i32", optional: true },
  tidemark_flush: { parameters: ["u64"], result: "i32", optional: true },
  tidemark_sync: { parameters: ["u64"], result: "i32", optional: true },
  tidemark_compact: {
    parameters: ["u64", "u32", "u64", "u64", "u64", "u64"],
    result: "i32",
    optional: true,
  },
  tidemark_settle: { parameters: ["u64", "u64"], result: "i32", optional: true },
  tidemark_property: {
    parameters: ["u64", "u32", "u64", "u64", "u64", "u64", "u64"],
    result: "i32",
    optional: true,
  },
  tidemark_stats: { parameters: ["u64", "u64", "u64", "u64"], result: "i32", optional: true },
} as const;

/** Functions that are there together or not at all. */
const TOGETHER = {
  "a cursor's functions": ["tidemark_cursor", "tidemark_next", "tidemark_cursor_close"],
  "submit and reap": ["tidemark_submit", "tidemark_reap"],
} as const;

const SYMBOLS = { ...REQUIRED, ...OPTIONAL };

/** The functions of an open plug-in; an optional one is `null` where it has none. */
export type PluginSymbols = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];

/** The name of an optional function. */
export type OptionalName = keyof typeof OPTIONAL;

/** What a library has of the interface. */
interface Probe {
  /** Required functions that it lacks. */
  missing: string[];
  /** Optional functions that it has, by name without the prefix. */
  has: string[];
  /** What it has of functions that go together, in words, where that is not all of them. */
  torn: string | undefined;
}

/**
 * Looks which of the functions a library has; none is called.
 *
 * @throws {Error} Where it cannot be loaded.
 */
export function probe(path: string): Probe {
  const asked: Record<string, Deno.ForeignStatic & { optional: true }> = {};
  for (const name of Object.keys(SYMBOLS)) asked[name] = { type: "pointer", optional: true };
  const symbols: Record<string, unknown> = Deno.dlopen(path, asked).symbols;
  const isThere = (name: string) => symbols[name] !== null && symbols[name] !== undefined;
  return {
    missing: Object.keys(REQUIRED).filter((name) => !isThere(name)),
    has: Object.keys(OPTIONAL).filter(isThere).map((name) => name.replace("tidemark_", "")),
    torn: Object.entries(TOGETHER).flatMap(([what, names]) => {
      const there = names.filter(isThere);
      const isTorn = there.length > 0 && there.length < names.length;
      return isTorn ? [`${there.join(" and ")} without the others of ${what}`] : [];
    })[0],
  };
}

/**
 * The functions of a library that has the required ones.
 *
 * @throws {Error} Where it cannot be loaded.
 */
export function symbolsOf(path: string): PluginSymbols {
  // Deno's own object of many symbols is a dictionary to V8, and every call would look its function
  // up by hash; the copy is an ordinary object, whose properties compiled code knows.
  return { ...Deno.dlopen(path, SYMBOLS).symbols };
}
