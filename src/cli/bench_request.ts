/** What a call asks to be measured: `bench`, `nodes bench` and `nightly` ask alike. */
import type { ProfileRecord } from "../result/mod.ts";
import { benchId, type BenchRequest } from "../run/mod.ts";
import { parseStoreOptions, storeKind, type StoreOptions, STORES } from "../store/mod.ts";
import { DEFAULT_PROFILE, planBenchmarks, PROFILES, type Suite } from "../suite/mod.ts";
import { freeDirectory } from "./new_files.ts";
import { listWithSuggestion } from "./suggest.ts";
import { UsageError } from "./usage_error.ts";
import { VERSION } from "./version.ts";

/** The options that say what is measured, wherever that is. */
export interface MeasuringFlags {
  store?: string[];
  profile?: string;
  runs?: string;
  filter?: string;
  set?: string[];
  seed?: string;
}

/** Those of a bench on this machine. */
export interface RequestFlags extends MeasuringFlags {
  sampling?: string;
  out?: string;
  data?: string;
}

/**
 * What a call asks for, checked.
 *
 * @param command The whole command line, to be recorded.
 * @throws {UsageError} Where it asks for what there is not.
 */
export function requestOf(
  suite: Suite,
  flags: RequestFlags,
  command: readonly string[],
): BenchRequest {
  const profile = profileOf(flags);
  const storeOptions = parseStoreOptions(flags.set ?? []);
  const { stores, warnings } = chooseStores(suite, flags, storeOptions);
  const { sampling } = flags;
  if (sampling !== undefined && sampling !== "flat" && sampling !== "linear") {
    throw new UsageError(`Unknown sampling ${JSON.stringify(sampling)}: there is flat, linear`);
  }
  const selection = { stores, filter: flags.filter, sampling } as const;
  // Says at once where the filter leaves nothing.
  planBenchmarks(suite, selection);
  return {
    suite,
    profile,
    ...selection,
    storeOptions,
    seed: flags.seed === undefined ? drawnSeed() : wholeNumber("--seed", flags.seed, 0),
    directory: flags.out ?? freeDirectory(benchId(suite.name, new Date())),
    dataDirectory: flags.data,
    command,
    warnings,
    version: VERSION,
  };
}

/**
 * The arguments of a bench elsewhere that measures the same. Its seed is drawn here, so that it is
 * the same wherever that is: differences are then the machines', not the order's.
 *
 * @throws {UsageError} Where there is no such profile.
 */
export function benchArguments(suite: string, flags: MeasuringFlags): string[] {
  const { store, profile = DEFAULT_PROFILE, runs, filter, set = [], seed } = flags;
  requireProfile(profile);
  const option = (name: string, value: string | undefined) =>
    value === undefined ? [] : [name, value];
  return [
    suite,
    ...option("--store", store?.join(",")),
    ...option("--profile", profile),
    ...option("--runs", runs),
    ...option("--filter", filter),
    ...set.flatMap((each) => ["--set", each]),
    ...option("--seed", seed ?? String(drawnSeed())),
  ];
}

function drawnSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]!;
}

/**
 * The profile of a name.
 *
 * @throws {UsageError} Where there is none.
 */
function requireProfile(name: string): ProfileRecord {
  const profile = Object.hasOwn(PROFILES, name) ? PROFILES[name] : undefined;
  if (profile !== undefined) return profile;
  throw new UsageError(
    `Unknown profile ${JSON.stringify(name)}: ${listWithSuggestion(name, Object.keys(PROFILES))}`,
  );
}

function profileOf({ profile: name = DEFAULT_PROFILE, runs }: RequestFlags): ProfileRecord {
  const profile = requireProfile(name);
  return runs === undefined ? profile : { ...profile, runs: wholeNumber("--runs", runs, 1, 1000) };
}

function wholeNumber(option: string, text: string, least: number, most = 2 ** 53 - 1): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(value >= least && value <= most)) {
    throw new UsageError(
      `Cannot take ${
        JSON.stringify(text)
      } for ${option}: give a whole number from ${least} to ${most}`,
    );
  }
  return value;
}

/**
 * The stores to measure. What was asked for must be there; of the suite's own choice, what this
 * machine lacks is left out and said.
 */
function chooseStores(suite: Suite, flags: RequestFlags, options: StoreOptions) {
  const warnings: string[] = [];
  const names = STORES.map((store) => store.name);
  for (const name of flags.store ?? []) {
    if (!names.includes(name)) {
      throw new UsageError(
        `Unknown store ${JSON.stringify(name)}: ${listWithSuggestion(name, names)}`,
      );
    }
    storeKind(name).require(options);
  }
  if (flags.store !== undefined) return { stores: [...new Set(flags.store)], warnings };
  const stores = suite.stores.filter((name) => {
    const missing = storeKind(name).missing();
    if (missing === undefined) storeKind(name).require(options);
    else warnings.push(`The store ${name} is not measured. ${missing}.`);
    return missing === undefined;
  });
  if (stores.length === 0) {
    throw new UsageError(
      `Cannot measure any store of the suite ${suite.name}: ${warnings.join(" ")}`.slice(0, -1),
    );
  }
  return { stores, warnings };
}
