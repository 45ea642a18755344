/** What is to be measured, wherever that is: `bench`, `nodes bench` and `nightly` ask alike. */
import { Option } from "commander";
import { STORE_OPTION_NAMES } from "../../store/mod.ts";
import { DEFAULT_PROFILE, MOST_RUNS, PROFILES } from "../../suite/mod.ts";
import { parseDuration } from "../../format/mod.ts";
import { STORE_NAMES } from "../plugins.ts";
import { choice, list, wholeNumber, wrongValue } from "./values.ts";

/** The options that say which releases are measured. */
export interface ReleaseFlags {
  profile?: string;
  set?: string[];
  from?: string;
  to?: string;
}

/** The options that say what is measured. */
export interface MeasuringFlags extends ReleaseFlags {
  store?: string[];
  runs?: number;
  filter?: string;
  seed?: number;
  runLimit?: number;
  control?: string[];
}

/** Declares them, with `--profile` as it is to be. */
export function measuringOptions(profile: Option): Option[] {
  return [
    storeOption(),
    profile,
    wholeNumber("--runs <n>", "runs of each benchmark, instead of the profile's and the suite's", {
      least: 1,
      most: MOST_RUNS,
    }),
    new Option("--filter <text>", "only benchmarks whose id contains this"),
    ...settingOptions(),
    wholeNumber("--seed <n>", "order of the runs, values and resamples (default: drawn)"),
    runLimitOption(),
    list(
      "--control <name=value>",
      "a pinned reference that is measured in turns with each store, so that the machine is told from " +
        "the store: release=9.10.0, store=raw, a store option (repeatable)",
    ),
  ];
}

/** Declares those alone that say which releases are measured. */
export function releaseOptions(profile: Option): Option[] {
  return [profile, ...settingOptions()];
}

function settingOptions(): Option[] {
  const set = new Option(
    "--set <name=value>",
    "a store option (repeatable); several values, by commas or named again, are measured in turns: " +
      STORE_OPTION_NAMES.join(", "),
  );
  return [
    set.argParser((text: string, before: string[] = []) => addSettings(before, text.split(","))),
    new Option("--from <release>", "of the suite releases: the first one"),
    new Option("--to <release>", "of the suite releases: the last one"),
  ];
}

/** Settings with more of them; a value of an option that was named before stands behind its others. */
function addSettings(before: readonly string[], texts: readonly string[]): string[] {
  const [, option] = /^([^=]*)=/.exec(texts[0]!) ?? [];
  const start = before.findIndex((setting) => setting.startsWith(`${option}=`));
  if (option === undefined || start < 0) return [...before, ...texts];
  const values = [texts[0]!.slice(option.length + 1), ...texts.slice(1)];
  const next = before.findIndex((setting, i) => i > start && setting.includes("="));
  return before.toSpliced(next < 0 ? before.length : next, 0, ...values);
}

/** `--profile`. */
export function profileOption(): Option {
  return choice("--profile <name>", "how much", "profile", Object.keys(PROFILES));
}

/** `--run-limit`, in ms. */
function runLimitOption(): Option {
  const option = new Option(
    "--run-limit <time>",
    "end a run that makes no progress for so long, e.g. 10min; none: never " +
      "(default: from its plan, minutes)",
  );
  return option.argParser((text: string) => {
    if (text === NO_LIMIT) return Infinity;
    const ms = (parseDuration(text) ?? NaN) / 1e6;
    if (ms >= LEAST_LIMIT_MS) return ms;
    throw wrongValue(option.long!, text, "a time of a second or more, e.g. 90s or 10min, or none");
  });
}

/** No limit, in words. */
const NO_LIMIT = "none";
/** A process has to start at least, ms. */
const LEAST_LIMIT_MS = 1000;

/** Stores by their names, and plug-ins by their paths. */
export function storeOption(): Option {
  const names = STORE_NAMES.join(", ");
  // Which there are beside these, a suite may say: they are looked for when it is loaded.
  return list(
    "--store <name>",
    `stores to measure, several by commas: ${names}, or a plug-in's path (./libx.so, or x=./libx.so)`,
  );
}

/**
 * The arguments of a bench elsewhere that measures the same. Its seed is drawn here, so that it is
 * the same wherever that is: differences are then the machines', not the order's.
 */
export function benchArguments(suite: string, flags: MeasuringFlags): string[] {
  const { store, profile = DEFAULT_PROFILE, runs, filter, set = [], from, to } = flags;
  const { seed = drawnSeed() } = flags;
  const { runLimit, control = [] } = flags;
  const limit = runLimit === Infinity ? NO_LIMIT : runLimit && `${runLimit}ms`;
  const option = (name: string, value: string | number | undefined) =>
    value === undefined ? [] : [name, String(value)];
  return [
    suite,
    ...option("--store", store?.join(",")),
    ...option("--profile", profile),
    ...option("--runs", runs),
    ...option("--filter", filter),
    ...set.flatMap((each) => ["--set", each]),
    ...option("--from", from),
    ...option("--to", to),
    ...option("--seed", seed),
    ...option("--run-limit", limit),
    ...control.flatMap((each) => ["--control", each]),
  ];
}

/** A seed for a bench that was given none. */
export function drawnSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]!;
}
