/**
 * What a ladder asks to be measured: a suite over releases of an engine, as settings and a profile
 * like those of any other bench. `bench` and `nightly` ask alike.
 */
import {
  compareReleases,
  type Machine,
  parseRelease,
  pinFor,
  pinnedNames,
  thisMachine,
} from "../engine/mod.ts";
import type { ProfileRecord } from "../result/mod.ts";
import { DEFAULT_PROFILE, type LadderProfile, type LadderSpec, type Suite } from "../suite/mod.ts";
import type { MeasuringFlags } from "./options/measuring.ts";
import { UsageError } from "./usage_error.ts";

/** The setting that names releases. */
const RELEASE = "release";

/**
 * The settings of a bench of this suite: those that were asked for, and of a ladder its own and its
 * releases before them.
 *
 * @param machine The kind of machine that is measured. @default this one
 * @throws {UsageError} Where the releases are no ladder, or the suite is none.
 * @throws {EngineError} Where a text names no release.
 */
export function settingsOf(
  suite: Suite,
  flags: MeasuringFlags,
  machine: Machine | undefined = thisMachine(),
): string[] | undefined {
  const { set, from, to } = flags;
  if (suite.ladder === undefined) {
    for (const [name, value] of Object.entries({ from, to })) {
      if (value === undefined) continue;
      throw new UsageError(
        `Cannot take --${name} for the suite ${suite.name}: it is no ladder; bench releases, or ` +
          "name releases by --set release=A,B",
      );
    }
    const own = settingsIn(suite.storeOptions)
      .filter((setting) => !set?.some((other) => nameOf(other) === nameOf(setting)));
    return own.length === 0 ? set : [...own, ...set ?? []];
  }
  const own = settingsIn(suite.ladder.storeOptions);
  if (set?.some((setting) => setting.startsWith(`${RELEASE}=`))) {
    if (from !== undefined || to !== undefined) {
      throw new UsageError(
        "Cannot take --from or --to beside --set release=…: name all of them there",
      );
    }
    return [...own, ...set];
  }
  const [first, ...others] = rungsOf(suite.ladder, flags, machine);
  return [...own, ...(set ?? []), `${RELEASE}=${first}`, ...others];
}

/** Options as `--set` has them. */
function settingsIn(options: Suite["storeOptions"] = {}): string[] {
  return Object.entries(options).map(([name, value]) => `${name}=${value}`);
}

/** The option that a setting is of. */
function nameOf(setting: string): string {
  return setting.split("=")[0]!;
}

/** The profile of a ladder by its name; `undefined` of a suite that is none, or has no such profile. */
export function ladderProfile(
  { ladder }: Suite,
  name: string = DEFAULT_PROFILE,
): ProfileRecord | undefined {
  const profile = ladder?.profiles[name];
  if (profile === undefined) return undefined;
  const { runs, warmupMs, measureMs } = profile;
  return { name, runs, warmupMs, measureMs };
}

/** How many releases of a ladder play at once, with the first one: more of them wait longer. */
const TOGETHER = 6;

/**
 * The rungs of a ladder that take turns together: neighbours, with the first one always among them.
 * The last of a group is in the next one as well, so that each has its neighbour beside it.
 *
 * @param names Of the rungs, in their order.
 */
export function rungsTogether(names: readonly string[]): string[][] {
  const [first, ...others] = names;
  const groups = [];
  for (let from = 0; from === 0 || from < others.length - 1; from += TOGETHER - 2) {
    groups.push([first!, ...others.slice(from, from + TOGETHER - 1)]);
  }
  return groups;
}

/** The releases of a ladder in their order, as many as the profile has. */
function rungsOf(
  ladder: LadderSpec,
  flags: MeasuringFlags,
  machine: Machine | undefined,
): string[] {
  const { from = ladder.from, to = ladder.to, profile = DEFAULT_PROFILE } = flags;
  for (const name of [from, to]) parseRelease(name);
  if (from === to) {
    throw new UsageError(
      `Cannot climb from ${from} to ${to}: one release is no ladder; name another`,
    );
  }
  if (engineOf(from) !== engineOf(to)) {
    throw new UsageError(
      `Cannot climb from ${from} to ${to}: they are of two engines; name them by --set release=A,B`,
    );
  }
  if (compareReleases(from, to) > 0) {
    throw new UsageError(
      `Cannot climb from ${from} to ${to}: the first is the newer one; swap them`,
    );
  }
  const between = pinnedNames().filter((name) =>
    engineOf(name) === engineOf(from) && compareReleases(from, name) < 0 &&
    compareReleases(name, to) < 0 &&
    // What is not there for a machine is no rung of its ladder.
    (machine === undefined || pinFor(name, machine) !== undefined)
  );
  const { rungs = null }: Partial<LadderProfile> = ladder.profiles[profile] ?? {};
  return spread([from, ...between, to], rungs);
}

function engineOf(release: string): string {
  return /^\D*/.exec(release)![0];
}

/** So many of a list from its first to its last, as evenly as can be; `null`: all. */
function spread(names: readonly string[], count: number | null): string[] {
  if (count === null || count >= names.length) return [...names];
  const step = (names.length - 1) / (count - 1);
  return Array.from({ length: count }, (_, i) => names[Math.round(i * step)]!);
}
