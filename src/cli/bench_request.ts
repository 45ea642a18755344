/** What a call asks to be measured on this machine, checked: `bench` and `nightly` ask alike. */
import { kindOfStore, type ProfileRecord, settingsName, variantName } from "../result/mod.ts";
import { benchId, type BenchRequest, type Plugins } from "../run/mod.ts";
import { storeKind, type StoreSettings } from "../store/mod.ts";
import {
  DEFAULT_PROFILE,
  DUET_PROFILES,
  planBenchmarks,
  PROFILES,
  type StoreVariant,
  type Suite,
  type Variant,
  variantsOf,
} from "../suite/mod.ts";
import { formatCount, plural } from "../format/mod.ts";
import { LEAST_RUNS } from "../stats/mod.ts";
import { controlOf } from "./control.ts";
import { ladderProfile, rungsTogether } from "./ladder.ts";
import { freeDirectory } from "./new_files.ts";
import { drawnSeed, type MeasuringFlags } from "./options/measuring.ts";
import { type OptionsByStore, optionsByStore } from "./options_by_store.ts";
import { UsageError } from "./usage_error.ts";
import { VERSION } from "./version.ts";

/** The options that say what is measured on this machine. */
export interface RequestFlags extends MeasuringFlags {
  sampling?: "flat" | "linear";
  out?: string;
  data?: string;
  /** The files of its stores that are plug-ins. @default none */
  plugins?: Plugins;
  /** What was noticed of the stores, in sentences. @default nothing */
  noticed?: readonly string[];
  /** What is measured in turns with it, if anything. */
  interleave?: string[];
  /** Bound of a run's memory, bytes. */
  memoryLimit?: number;
  /** Whether loads begin with none of their files in the page cache. */
  cold?: boolean;
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
  const profile = profileOf(suite, flags);
  const chosen = [...new Set(flags.store ?? suite.stores)];
  // What takes turns with itself as it was has one set of options.
  const inTurns = flags.control !== undefined || flags.interleave !== undefined;
  const asked = optionsByStore(flags.set ?? [], chosen, inTurns);
  const { common: storeOptions } = asked;
  // A store of which an option has several values is measured once for each, and not as the suite has it.
  const unswept = (suite.variants ?? []).filter(({ store }) =>
    asked.swept.get(store)?.length === 0
  );
  const look = isLook(profile, flags);
  const { variants: possible, left } = possibleVariants(
    ownVariants({ ...suite, variants: unswept }, look, asked),
    storeOptions,
  );
  const variants = chosen.flatMap((store) => variantsWith(asked, store, possible));
  const optionsOf = (store: string) =>
    variantsOf(store, variants).map(({ options }) =>
      ({ ...storeOptions, ...options }) as StoreSettings
    );
  const { stores, warnings } = chooseStores(suite, flags, asked.owners, optionsOf);
  const { filter, sampling, seed = drawnSeed() } = flags;
  const selection = { stores, filter, sampling, variants };
  const swept = new Set([...asked.swept.values()].flat().map(({ name }) => name));
  const together = suite.ladder === undefined || swept.size < 2
    ? undefined
    : rungsTogether([...swept]);
  const control = flags.control && controlOf(flags.control, { stores, storeOptions });
  if (control !== undefined && (variants.length > 0 || flags.interleave !== undefined)) {
    throw new UsageError(
      "Cannot take --control for a bench whose variants take turns themselves: give one value of " +
        "each option",
    );
  }
  const short = look ? leftOfLook(unswept) : [];
  // Says at once where the filter leaves nothing.
  const planned = planBenchmarks(suite, selection);
  for (const { name, store, kind, workload: { clients } } of planned) {
    if (kind === "load" || clients === 1 || !answersAtOnce(store, optionsOf(kindOfStore(store)))) {
      continue;
    }
    throw new UsageError(
      `Cannot measure ${name} over ${store} with clients: ${clients}, since that store answers at ` +
        "once; write 1, or a load of so many clients",
    );
  }
  const all = planBenchmarks(suite, { ...selection, filter: undefined });
  return {
    suite: { ...suite, summary: summaryOf(suite, filter, planned.length, all.length) },
    profile,
    sameRuns: flags.runs !== undefined,
    ...selection,
    together,
    control,
    plugins: flags.plugins,
    storeOptions,
    memory: memoryOf(flags),
    runLimitMs: flags.runLimit,
    seed,
    directory: flags.out ?? freeDirectory(benchId(suite.name, new Date())),
    dataDirectory: flags.data,
    command,
    warnings: [...flags.noticed ?? [], ...asked.said, ...warnings, ...left, ...short],
    version: VERSION,
  };
}

/** A suite's own words, and that they are of more than a filter left. @param of Benchmarks without it. */
function summaryOf(
  { summary }: Suite,
  filter: string | undefined,
  count: number,
  of: number,
): string {
  if (filter === undefined || count === of) return summary;
  const all = plural(of, "benchmark");
  return `${summary} That is the whole suite, of whose ${all} over these stores this bench was asked ` +
    `for ${formatCount(count)} only: what has \`${filter}\` in its id.`;
}

/** Whether a store has one operation at a time; what a plug-in has is known when it is loaded. */
function answersAtOnce(store: string, settings: readonly StoreSettings[]): boolean {
  const kind = storeKind(store);
  return !kind.libraryIsNamed && settings.every((options) => kind.api(options) === "sync");
}

/** How the memory of runs is bounded, if it is. */
function memoryOf({ memoryLimit, cold }: RequestFlags): BenchRequest["memory"] {
  if (memoryLimit === undefined && !cold) return undefined;
  return {
    ...(memoryLimit !== undefined && { limitBytes: memoryLimit }),
    ...(cold && { cold }),
  };
}

/** A variant of one store. */
interface OwnVariant extends Variant {
  stores: [string];
}

/** Whether there is only time for what a look needs. What a filter asks for is measured anyway. */
function isLook({ runs }: ProfileRecord, { filter }: RequestFlags): boolean {
  return runs < LEAST_RUNS && filter === undefined;
}

/** How a store is measured with the options that a call has for it. @param variants The suite's own. */
function variantsWith(
  { own, swept }: OptionsByStore,
  store: string,
  variants: readonly Variant[],
): readonly Variant[] {
  const options = own.get(store)!;
  const several = swept.get(store)!;
  if (several.length > 0) {
    return several.map((one) => ({
      name: one.name,
      options: { ...options, ...one.options },
      stores: [store],
    }));
  }
  const suites = variants.filter(({ stores }) => stores?.includes(store));
  if (suites.length > 0 || Object.keys(options).length === 0) return suites;
  return [{ name: "", options, stores: [store] }];
}

/**
 * The stores that a suite measures several times. Those that only options tell apart which the call has
 * set, or others have decided, are one.
 *
 * @param look Whether what takes long is left out.
 * @param asked The options of the call.
 */
function ownVariants(
  { variants = [], storeOptions = {}, benchmarks: single, loads = [] }: Suite,
  look: boolean,
  { common, own }: OptionsByStore,
): OwnVariant[] {
  const byName = new Map<string, OwnVariant>();
  for (const { store, options: all, benchmarks, thorough = [] } of variants) {
    const ofStore = own.get(store) ?? {};
    const set: StoreSettings = { ...common, ...ofStore };
    const decided = [
      ...Object.keys(set).filter((name) => !Object.hasOwn(storeOptions, name)),
      ...storeKind(store).decided?.(set) ?? [],
    ];
    const options = Object.fromEntries(
      Object.entries(all).filter(([name]) => !decided.includes(name)),
    );
    const named = benchmarks ?? [...single, ...loads].map((one) => one.name);
    const left = look ? named.filter((one) => !thorough.includes(one)) : benchmarks;
    const name = settingsName(options);
    const same = byName.get(variantName(store, name));
    byName.set(variantName(store, name), {
      name,
      options: { ...ofStore, ...options },
      benchmarks: same === undefined
        ? left
        : left && same.benchmarks
        ? [...new Set([...same.benchmarks, ...left])]
        : undefined,
      stores: [store],
    });
  }
  return [...byName.values()];
}

/** Says how much of a suite a look leaves out. */
function leftOfLook(variants: readonly StoreVariant[]): string[] {
  const rows = variants.reduce((sum, { thorough = [] }) => sum + thorough.length, 0);
  if (rows === 0) return [];
  const verb = rows === 1 ? "is" : "are";
  return [
    `${plural(rows, "row")} more of the suite ${verb} measured with ${LEAST_RUNS} runs and more.`,
  ];
}

/**
 * What of a suite's own variants can be measured here. Where a store is to be had, but not in one of
 * its variants, that one is left out and said; where it is not to be had at all, the store is.
 */
function possibleVariants(
  own: readonly OwnVariant[],
  base: StoreSettings,
): { variants: readonly Variant[]; left: string[] } {
  const missingOf = ({ stores: [store], options }: OwnVariant) =>
    storeKind(store).missing({ ...base, ...options });
  const there = new Set(
    own.filter((variant) => missingOf(variant) === undefined).map(({ stores }) => stores[0]),
  );
  const isLeft = (variant: OwnVariant) =>
    there.has(variant.stores[0]) && missingOf(variant) !== undefined;
  return {
    variants: own.filter((variant) => !isLeft(variant)),
    left: own.filter(isLeft).map((variant) =>
      `${variantName(variant.stores[0], variant.name)} is not measured. ${missingOf(variant)}.`
    ),
  };
}

function profileOf(
  suite: Suite,
  { profile = DEFAULT_PROFILE, runs, interleave }: RequestFlags,
): ProfileRecord {
  const chosen = ladderProfile(suite, profile) ??
    (interleave === undefined ? PROFILES : DUET_PROFILES)[profile];
  return { ...chosen!, ...(runs !== undefined && { runs }) };
}

/**
 * The stores to measure. What was asked for must be there; of the suite's own choice, what this
 * machine lacks is left out and said.
 *
 * @param owners Those that were asked for by options of theirs.
 * @param optionsOf The options that a store is opened with, once each.
 */
function chooseStores(
  suite: Suite,
  flags: RequestFlags,
  owners: readonly string[],
  optionsOf: (store: string) => readonly StoreSettings[],
) {
  const warnings: string[] = [];
  const require = (name: string) =>
    optionsOf(name).forEach((options) => storeKind(name).require(options));
  for (const name of [...flags.store ?? [], ...owners]) require(name);
  if (flags.store !== undefined) return { stores: [...new Set(flags.store)], warnings };
  const informational = (name: string) =>
    optionsOf(name).every((options) => storeKind(name).informational(options));
  const missingOf = (name: string) =>
    optionsOf(name).map((options) => storeKind(name).missing(options))
      .find((missing) => missing !== undefined);
  const there = suite.stores.filter((name) => missingOf(name) === undefined);
  const stores = there.every(informational) ? there : there.filter((name) => !informational(name));
  for (const name of stores) require(name);
  for (const name of suite.stores) {
    const missing = missingOf(name);
    // What would be left out in any case is not missed.
    if (missing === undefined || informational(name) && stores.length > 0) continue;
    warnings.push(`The store ${name} is not measured. ${missing}.`);
  }
  if (stores.length > 0 && stores.every(informational)) {
    warnings.unshift(
      "No librocksdb is here: what is measured is npm:rocksdb's asynchronous interface, which is " +
        "many times slower than RocksDB.",
    );
  }
  if (stores.length === 0) {
    throw new UsageError(
      `Cannot measure any store of the suite ${suite.name}: ${warnings.join(" ")}`.slice(0, -1),
    );
  }
  return { stores, warnings };
}
