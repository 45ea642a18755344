/**
 * Tries the gate on this machine, beside whatever else runs on it: sessions whose candidate was slowed
 * down on purpose, and sessions of identical code. Each is added to `reports/quality-real.jsonl` as it
 * ends, so that the task can be ended and run again, here or elsewhere, and its counts add up;
 * `deno task quality sessions` makes the report's section of them.
 */
import { STANDARD } from "./streams.ts";
import { formatChange, formatSeconds, plural, printable } from "../format/mod.ts";
import { dirname } from "node:path";
import { Command } from "commander";
import {
  compareResults,
  SESSION_PARTS,
  type SessionPart,
  type SessionRecord,
  sessionRecord,
} from "../analysis/mod.ts";
import type { ProfileRecord } from "../result/mod.ts";
import { bench, type OtherSide } from "../run/mod.ts";
import { derive, plannedLooks } from "../stats/mod.ts";
import { loadLibrary, storeKind } from "../store/mod.ts";
import { DUET_PROFILES, type Suite } from "../suite/mod.ts";
import { EXIT, isHelp, knownFailure } from "./exit_code.ts";
import { interruptSignal } from "./interrupt.ts";
import { oneOf, seconds, wholeNumber } from "./options/values.ts";
import { lookWith } from "./look.ts";
import { LOCAL } from "./places.ts";
import { addSession, readSessions, SESSIONS_FILE } from "./quality_file.ts";
import { IDENTICAL_SUITE, SLOW_DOWN_SUITE } from "./quality_suite.ts";
import { UsageError } from "./usage_error.ts";
import { VERSION } from "./version.ts";

/** Time in which a session under way is ended and compared, s. */
const ENDING_SECONDS = 2;

/** What is measured of a part. */
interface Part {
  /** Sessions of each target that its bound is for. */
  sessions: number;
  suite: Suite;
  /** What a session measures: a benchmark, or a whole suite of a store. */
  targets: readonly { store: string; filter?: string }[];
  profile: ProfileRecord;
  /**
   * How long a session may take, s, which goes on until its row is decided, as `bench --until-sure` does.
   * `null`: as many pairs as the profile says, whatever they tell.
   */
  mostSeconds: number | null;
  /** How much slower the candidate is. */
  burn?: number;
  /** Whether the candidate's library is a copy of the base's at another place. */
  copy?: boolean;
  /** The change that matters, where it is not the gate's own. */
  threshold?: number;
}

const BENCHMARKS = [
  { store: "raw", filter: "raw/write_throughput/" },
  { store: "raw", filter: "raw/read_throughput/" },
  { store: "raw", filter: "raw/scan_throughput/" },
  { store: "kvstore", filter: "kvstore/read_throughput/" },
] as const;

/** Pairs before the first look of a session that ends when it is sure. */
const FIRST_LOOK: ProfileRecord = {
  ...DUET_PROFILES.baseline!,
  runs: plannedLooks(DUET_PROFILES.baseline!.runs)[0]!,
};

const PARTS: Readonly<Record<SessionPart, Part>> = {
  "slow-10": {
    sessions: 20,
    suite: SLOW_DOWN_SUITE,
    targets: BENCHMARKS,
    profile: FIRST_LOOK,
    mostSeconds: 60,
    burn: 0.1,
  },
  "slow-5": {
    sessions: 20,
    suite: SLOW_DOWN_SUITE,
    targets: BENCHMARKS,
    profile: FIRST_LOOK,
    mostSeconds: 240,
    burn: 0.05,
    // Whoever wants to see 5 % says that less matters: an estimate of 5 % is below 5 % half of the time.
    threshold: 0.02,
  },
  identical: {
    sessions: 100,
    suite: IDENTICAL_SUITE,
    targets: [{ store: "raw" }],
    profile: { ...DUET_PROFILES.baseline!, warmupMs: 50, measureMs: 90 },
    mostSeconds: null,
  },
  copy: {
    sessions: 20,
    suite: SLOW_DOWN_SUITE,
    targets: BENCHMARKS.filter(({ store }) => store === "raw"),
    profile: FIRST_LOOK,
    mostSeconds: 60,
    copy: true,
  },
};

interface Flags {
  sessions?: number;
  out: string;
  for?: number;
  seed: number;
}

class Interrupted extends Error {}

/** Where and how sessions are measured. */
interface Place {
  /** Where a session's directory is made; it is removed when it has been compared. */
  directory: string;
  seed: number;
  signal: AbortSignal;
  /** The command line, to be recorded. */
  command: readonly string[];
}

/** Measures one session. */
async function measureSession(
  name: SessionPart,
  target: Part["targets"][number],
  place: Place,
): Promise<SessionRecord> {
  const part = PARTS[name];
  const { suite, profile, mostSeconds, threshold } = part;
  const directory = Deno.makeTempDirSync({ dir: place.directory });
  const begin = performance.now();
  const { signal } = place;
  const time = mostSeconds === null
    ? []
    : [AbortSignal.timeout((mostSeconds - ENDING_SECONDS) * 1000)];
  const comparing = { ...(threshold !== undefined && { thresholds: { throughput: threshold } }) };
  const untilSure = mostSeconds === null
    ? undefined
    : { atMostMs: (mostSeconds - ENDING_SECONDS) * 1000, look: lookWith(comparing) };
  try {
    const lanes = await bench(
      {
        suite,
        profile,
        stores: [target.store],
        filter: target.filter,
        storeOptions: {},
        seed: place.seed,
        other: otherSide(part, directory),
        untilSure,
        directory: `${directory}/bench`,
        command: place.command,
        warnings: [],
        version: VERSION,
      },
      {},
      AbortSignal.any([signal, ...time]),
    );
    if (signal.aborted) throw new Interrupted();
    const [base, candidate] = lanes.map(({ result }) => result);
    const failed = [base!, candidate!].flatMap(({ runs }) => runs)
      .find(({ state }) => state === "failed");
    if (failed !== undefined) throw new UsageError(`A run failed: ${failed.error}`);
    const comparison = compareResults(
      { label: "base", result: base! },
      { label: "candidate", result: candidate! },
      comparing,
    );
    const seconds = (performance.now() - begin) / 1000;
    return sessionRecord(base!, comparison, { part: name, seconds, mostSeconds, seed: place.seed });
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

/** What is another in the candidate. */
function otherSide({ burn, copy }: Part, directory: string): OtherSide {
  if (!copy) {
    const settings: Record<string, number> = burn === undefined ? {} : { burn };
    return { storeOptions: settings, differs: settings };
  }
  const library = `${directory}/librocksdb.so`;
  Deno.copyFileSync(loadLibrary().path, library);
  return { library, storeOptions: {}, differs: { library: "a copy at another place" } };
}

/** The target of which there are fewest sessions, the first one of several. */
function next(name: SessionPart, had: readonly SessionRecord[]): Part["targets"][number] {
  const [first, ...others] = PARTS[name].targets;
  const sessionsOf = ({ store, filter = `${store}/` }: Part["targets"][number]) =>
    had.filter(({ part, rows }) => part === name && rows.some(({ id }) => id.startsWith(filter)))
      .length;
  return others.reduce(
    (least, other) => sessionsOf(other) < sessionsOf(least) ? other : least,
    first!,
  );
}

/** What a session came to, in a line. */
function inWords({ rows, seconds, load: { others } }: SessionRecord): string {
  const called = rows.filter(({ verdict }) => verdict === "improved" || verdict === "regressed");
  const [only] = rows;
  const change = only?.change ? formatChange(only.change.value) : "no change known";
  const what = rows.length === 1
    ? `${only!.id} ${only!.verdict}, ${change}, ${plural(only!.pairs, "pair")}`
    : `${called.length} of ${plural(rows.length, "row")} improved or regressed`;
  const beside = others === null ? "not known" : `${Math.round(others * 100)}%`;
  return `${what}; ${seconds} s; others took ${beside} of the processors' time`;
}

async function measureParts(
  parts: readonly SessionPart[],
  flags: Flags,
  command: readonly string[],
): Promise<void> {
  for (const { store } of parts.flatMap((name) => PARTS[name].targets)) {
    storeKind(store).require({});
  }
  // Before the minutes that it takes, not after them.
  readSessions(flags.out);
  Deno.mkdirSync(dirname(flags.out), { recursive: true });
  Deno.mkdirSync(LOCAL, { recursive: true });
  const directory = Deno.makeTempDirSync({ dir: LOCAL, prefix: "quality-" });
  const start = performance.now();
  const signal = interruptSignal();
  const isOver = () => performance.now() - start >= 1000 * (flags.for ?? Infinity);
  try {
    for (const name of parts) {
      const { sessions, targets } = PARTS[name];
      const wanted = flags.sessions ?? sessions * targets.length;
      for (let i = 0; i < wanted && !isOver(); i++) {
        const had = readSessions(flags.out)?.sessions ?? [];
        const seed = derive(flags.seed, name, String(had.length));
        const session = await measureSession(name, next(name, had), {
          directory,
          seed,
          signal,
          command,
        });
        addSession(flags.out, session);
        const passed = formatSeconds(performance.now() - start);
        STANDARD.error(
          printable(`${passed} ${name} ${i + 1} of ${wanted}: ${inWords(session)}`) + "\n",
        );
      }
    }
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
  STANDARD.error(`added to ${flags.out}; deno task quality sessions writes the section\n`);
}

if (import.meta.main) {
  try {
    await new Command("quality:real")
      .description(
        "Tries the gate on this machine, beside whatever else runs on it, and adds each session to those " +
          "that were measured before. All of it takes a day; --sessions and --for take a part.",
      )
      .argument(
        "[part...]",
        `${SESSION_PARTS.join(", ")} (default: all)`,
        (part, before: string[] = []) => [...before, oneOf("part", SESSION_PARTS)(part)],
      )
      .addOption(
        wholeNumber(
          "--sessions <n>",
          "sessions to add to each part, over all of its benchmarks (default: as many as its bound is for)",
          { least: 1, most: 9999 },
        ),
      )
      .addOption(seconds("--for <time>", "begin no session after this, e.g. 2h"))
      .addOption(wholeNumber("--seed <n>", "order of the runs and values").default(1))
      .option("--out <file>", "where sessions are added", SESSIONS_FILE)
      .exitOverride()
      .configureOutput({ writeErr: () => {} })
      .action((parts: SessionPart[] | undefined, flags: Flags) =>
        measureParts(parts ?? SESSION_PARTS, flags, Deno.args)
      )
      .parseAsync(Deno.args, { from: "user" });
  } catch (error) {
    if (isHelp(error)) Deno.exit(EXIT.fine);
    if (error instanceof Interrupted) {
      STANDARD.error("Interrupted: the session under way is not kept\n");
      Deno.exit(EXIT.failed);
    }
    const failure = knownFailure(error);
    if (failure === undefined) throw error;
    STANDARD.error(`error: ${printable(failure.line)}\n`);
    Deno.exit(failure.code);
  }
}
