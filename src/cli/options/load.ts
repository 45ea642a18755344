/** What is another in a suite's loads than the suite says. */
import { Option } from "commander";
import {
  formatBytesExact,
  formatCount,
  formatSeconds,
  joinWords,
  parseBytes,
  parseCount,
  parseDuration,
} from "../../format/mod.ts";
import { type LoadChange, overrideLoad, type Suite } from "../../suite/mod.ts";
import { UsageError } from "../usage_error.ts";
import { wrongValue } from "./values.ts";

/** The options, by what they change; several values make as many loads of each. */
export interface LoadFlags {
  keys?: number[];
  value?: number[];
  clients?: number[];
  rate?: number[];
  theta?: number[];
  /** Time that a run measures, s. */
  for?: number;
}

/** The names of the options. */
export const LOAD_FLAGS = ["keys", "value", "clients", "rate", "theta", "for"] as const;
/** Those that make another benchmark of a load. */
const CHANGES = ["keys", "value", "clients", "rate", "theta"] as const;

/** Declares them. */
export function loadOptions(): Option[] {
  const number = (flags: string, description: string, parse: Parse, give: string) => {
    const option = new Option(flags, description);
    return option.argParser((text: string) => parsed(option, text, parse, give));
  };
  const numbers = (flags: string, description: string, parse: Parse, give: string) => {
    const option = new Option(flags, description);
    return option.argParser((text: string, before?: number[]) => {
      const values = text.split(",").map((part) => parsed(option, part, parse, give));
      return [...new Set([...before ?? [], ...values])];
    });
  };
  const size = "a size such as 100 or 4KiB";
  return [
    numbers(
      "--keys <n>",
      "keys that loads begin with; several by commas",
      parseCount,
      "a count such as 20000 or 1M",
    ),
    numbers("--value <size>", "bytes of every value of loads; several", parseBytes, size),
    numbers(
      "--clients <n>",
      "clients of loads, a thread each; several",
      parseCount,
      "a count such as 4",
    ),
    numbers(
      "--rate <n>",
      "operations a second of loads; several",
      parseCount,
      "a rate such as 20k",
    ),
    numbers(
      "--theta <n>",
      "the exponent of zipfian keys; several",
      parseNumber,
      "a number such as 0.99",
    ),
    number(
      "--for <time>",
      "how long a run of loads measures, instead of the profile's or the suite's time",
      parseSeconds,
      "a time from a second to a week, e.g. 30s, 10min or 8h",
    ),
  ];
}
type Parse = (text: string) => number | undefined;

function parsed(option: Option, text: string, parse: Parse, give: string): number {
  const value = parse(text);
  if (value !== undefined) return value;
  throw wrongValue(option.long!, text, give);
}

/** The longest soak, s: a week. */
const MOST_SECONDS = 7 * 86_400;

function parseSeconds(text: string): number | undefined {
  const seconds = (parseDuration(text) ?? NaN) / 1e9;
  return seconds >= 1 && seconds <= MOST_SECONDS ? seconds : undefined;
}

function parseNumber(text: string): number | undefined {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

/**
 * The suite with its loads changed, each of which says so in its name: it is another benchmark than the
 * suite's, and not to be compared with that. Loads that differed only in what is changed are one then,
 * by the name of the first.
 *
 * @throws {UsageError} Where the suite has no load, or one makes no sense then.
 */
export function withLoadFlags(suite: Suite, flags: LoadFlags): Suite {
  const given = LOAD_FLAGS.filter((name) => flags[name] !== undefined);
  if (given.length === 0) return suite;
  const { loads = [] } = suite;
  if (loads.length === 0) {
    throw new UsageError(
      `Cannot take --${given[0]} for the suite ${suite.name}: it has no loads by clients; ` +
        "--list shows the suites that have some",
    );
  }
  const hasTheta = loads.some(({ load }) => load.groups.some(isZipfian));
  if (flags.theta !== undefined && !hasTheta) {
    throw new UsageError(
      `Cannot take --theta for the suite ${suite.name}: no keys of its loads are zipfian; leave it out`,
    );
  }
  const changed = loads.flatMap((spec) => {
    // Of several loads, those that have an exponent.
    const own = CHANGES.filter((name) =>
      flags[name] !== undefined && (name !== "theta" || spec.load.groups.some(isZipfian))
    );
    return combinations(own, flags).map((change) => ({
      ...spec,
      name: [spec.name, ...change.map(([name, value]) => `${name}-${value}`)].join("/"),
      load: changedLoad(suite.name, spec, change),
      ...(flags.for !== undefined && { seconds: flags.for }),
    }));
  });
  const summary = `${suite.summary} That is the suite's own; in this bench ${inWords(flags)}.`;
  return { ...suite, summary, loads: unlike(changed) };
}

/** What is another than the suite's words say, as clauses. */
function inWords({ keys, value, clients, rate, theta, for: seconds }: LoadFlags): string {
  const each = (values: readonly number[] | undefined, show: (value: number) => string) =>
    values === undefined ? [] : [joinWords(values.map(show), "or")];
  const changed = [
    ...each(keys, formatCount).map((words) => `begin with ${words} keys`),
    ...each(value, formatBytesExact).map((words) => `have values of ${words}`),
    ...each(clients, formatCount).map((words) => `have clients: ${words}`),
    ...each(rate, formatCount).map((words) => `have a rate of ${words} operations a second`),
    ...each(theta, String).map((words) => `have, where their keys are zipfian, a θ of ${words}`),
    ...(seconds === undefined ? [] : [`are measured for ${formatSeconds(seconds * 1000)}`]),
  ];
  return `its loads ${joinWords(changed)}`;
}

/** The first of all loads that are alike but for their names. */
function unlike<L extends NonNullable<Suite["loads"]>[number]>(loads: readonly L[]): L[] {
  const byWhat = new Map<string, L>();
  for (const each of loads) {
    const { name: _n, findRate: _f, ...what } = each;
    const key = JSON.stringify(what);
    if (!byWhat.has(key)) byWhat.set(key, each);
  }
  return [...byWhat.values()];
}

/** A change of a load: what is another, and what it is. */
type Change = [name: (typeof CHANGES)[number], value: number][];

/** Each value of each option with each of the others. */
function combinations(own: readonly (typeof CHANGES)[number][], flags: LoadFlags): Change[] {
  return own.reduce<Change[]>(
    (all, name) =>
      all.flatMap((before) => flags[name]!.map((value): Change => [...before, [name, value]])),
    [[]],
  );
}

function isZipfian({ counted, keyDistribution }: Load["groups"][number]): boolean {
  return counted && "theta" in keyDistribution;
}

function changedLoad(
  suite: string,
  { name, load }: NonNullable<Suite["loads"]>[number],
  changes: Change,
): Load {
  const change: LoadChange = Object.fromEntries(
    changes.map(([flag, value]) => [flag === "value" ? "valueBytes" : flag, value]),
  );
  try {
    return overrideLoad(load, change);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(`Cannot change ${name} of the suite ${suite}: ${error.message}`);
  }
}
type Load = NonNullable<Suite["loads"]>[number]["load"];
