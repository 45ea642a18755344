/**
 * Tries the gate on this machine: sessions of identical code, and sessions whose candidate was slowed
 * down on purpose. Writes `reports/quality-real.json`, of which `deno task quality sessions` makes its section.
 */
import { STANDARD } from "./streams.ts";
import { formatSeconds, printable } from "../format/mod.ts";
import { Command } from "commander";
import {
  compareResults,
  comparisonRecord,
  type Noise,
  type Sessions,
  SESSIONS_VERSION,
  type SlowDown,
} from "../analysis/mod.ts";
import type { ProfileRecord, Result } from "../result/mod.ts";
import { bench, type BenchRequest } from "../run/mod.ts";
import { derive } from "../stats/mod.ts";
import { storeKind } from "../store/mod.ts";
import { DUET_PROFILES, PROFILES, type Suite } from "../suite/mod.ts";
import { EXIT, isHelp, knownFailure } from "./exit_code.ts";
import { interruptSignal } from "./interrupt.ts";
import { oneOf, wholeNumber } from "./options/values.ts";
import { LOCAL } from "./places.ts";
import { readSessions, SESSIONS_FILE, writeSessions } from "./quality_file.ts";
import { NOISE_SUITE, SLOW_DOWN_SUITE } from "./quality_suite.ts";
import { UsageError } from "./usage_error.ts";
import { VERSION } from "./version.ts";

/** The nightly profile's runs, in little time each. */
const PROFILE: ProfileRecord = { ...PROFILES.nightly!, warmupMs: 50, measureMs: 200 };
/** The slow-down that is injected. */
const BURN = 0.1;

interface Flags {
  sessions?: number;
  out: string;
  store?: string;
  seed: number;
}

/** What every session of a part has in common. */
interface Place {
  store: string;
  seed: number;
  /** Where the sessions' directories are made; each is removed when it has been compared. */
  directory: string;
  signal: AbortSignal;
  /** The command line, to be recorded. */
  command: readonly string[];
  say: (text: string) => void;
}

class Interrupted extends Error {}

/** Identical code: whole sessions one after the other, then sessions that mix two sides. */
async function measureNoise(place: Place, sessions: number): Promise<Noise> {
  const startedAt = new Date().toISOString();
  const separate = [];
  let before: Result | undefined;
  for (let i = 0; i < sessions; i++) {
    const request = requestOf(place, NOISE_SUITE, `separate ${i}`);
    place.say(`noise: session ${i + 1} of ${sessions} by itself`);
    const result = (await measure(request, place)).at(-1)!;
    if (before !== undefined) {
      const comparison = compareResults(
        { label: "before", result: before },
        { label: "after", result },
        { effect: BURN },
      );
      separate.push(comparisonRecord(comparison, request.seed));
    }
    before = result;
  }
  const interleaved = [];
  for (let i = 0; i + 1 < sessions; i++) {
    place.say(`noise: session ${i + 1} of ${sessions - 1} interleaved`);
    interleaved.push((await mixed(place, NOISE_SUITE, `interleaved ${i}`, 0)).record);
  }
  return { ...headOf(before!, place, startedAt), separate, interleaved };
}

/** A pilot of identical code, and then the slow-down. */
async function measureSlowDown(place: Place, sessions: number): Promise<SlowDown> {
  const startedAt = new Date().toISOString();
  place.say("slow-down: pilot of identical code");
  const pilot = await mixed(place, SLOW_DOWN_SUITE, "pilot", 0);
  const slowed = [];
  for (let i = 0; i < sessions; i++) {
    place.say(`slow-down: session ${i + 1} of ${sessions}`);
    slowed.push((await mixed(place, SLOW_DOWN_SUITE, `slow-down ${i}`, BURN)).record);
  }
  return {
    ...headOf(pilot.result, place, startedAt),
    burn: BURN,
    pilot: pilot.record,
    sessions: slowed,
  };
}

/** One session of duets, compared. */
async function mixed(place: Place, suite: Suite, name: string, burn: number) {
  const base = requestOf(place, suite, name);
  const settings = burn === 0 ? {} : { burn };
  const request: BenchRequest = {
    ...base,
    profile: DUET_PROFILES.baseline!,
    other: { storeOptions: settings, differs: settings },
  };
  const [before, after] = await measure(request, place);
  const comparison = compareResults(
    { label: "base", result: before! },
    { label: "candidate", result: after! },
    { effect: BURN },
  );
  return { record: comparisonRecord(comparison, base.seed), result: before! };
}

/** Measures one session, all of it, and leaves nothing on the disk. */
async function measure(request: BenchRequest, { signal }: Place): Promise<Result[]> {
  const lanes = await bench(request, {}, signal);
  remove(request.directory);
  const results = lanes.map(({ result }) => result);
  requireComplete(results);
  return results;
}

function requestOf(place: Place, suite: Suite, name: string): BenchRequest {
  const { store, seed, directory, command } = place;
  return {
    suite,
    profile: PROFILE,
    stores: [store],
    storeOptions: {},
    seed: derive(seed, name),
    directory: `${directory}/${name.replaceAll(" ", "-")}`,
    command,
    warnings: [],
    version: VERSION,
  };
}

function requireComplete(results: readonly Result[]): void {
  for (const { complete, runs } of results) {
    const failed = runs.find(({ state }) => state === "failed");
    if (failed !== undefined) throw new UsageError(`A run failed: ${failed.error}`);
    if (!complete) throw new Interrupted();
  }
}

function headOf({ tool, environment, profile }: Result, { store }: Place, startedAt: string) {
  return {
    startedAt,
    endedAt: new Date().toISOString(),
    tool,
    environment,
    profile,
    stores: [store],
  };
}

function remove(directory: string): void {
  Deno.removeSync(directory, { recursive: true });
}

const PARTS = ["noise", "slow-down"] as const;

async function measureParts(
  parts: readonly string[],
  flags: Flags,
  args: readonly string[],
): Promise<void> {
  const { noise = 9, slowDown = 20 } = { noise: flags.sessions, slowDown: flags.sessions };
  const store = flags.store ?? (storeKind("raw").missing({}) === undefined ? "raw" : "level");
  storeKind(store).require({});
  const kept: Sessions = readSessions(flags.out) ??
    { schema: "tidemark.quality-sessions", version: SESSIONS_VERSION };
  // Before the minutes that it takes, not after them.
  writeSessions(flags.out, kept);
  Deno.mkdirSync(LOCAL, { recursive: true });
  const directory = Deno.makeTempDirSync({ dir: LOCAL, prefix: "quality-" });
  const start = performance.now();
  const say = (text: string) =>
    STANDARD.error(`${formatSeconds(performance.now() - start)} ${text}\n`);
  const place: Place = {
    store,
    seed: flags.seed,
    directory,
    signal: interruptSignal(),
    command: args,
    say,
  };
  const wanted = (part: typeof PARTS[number]) => parts.length === 0 || parts.includes(part);
  try {
    if (wanted("noise")) {
      kept.noise = await measureNoise(place, noise);
      writeSessions(flags.out, kept);
    }
    if (wanted("slow-down")) {
      kept.slowDown = await measureSlowDown(place, slowDown);
      writeSessions(flags.out, kept);
    }
  } finally {
    remove(directory);
  }
  say(`written to ${flags.out}; deno task quality sessions writes its section`);
}

if (import.meta.main) {
  try {
    await new Command("quality:real")
      .description("Tries the gate on this machine, which has to be quiet: about 25 minutes.")
      .argument(
        "[part...]",
        `${PARTS.join(" or ")} (default: both)`,
        (part, before: string[] = []) => [...before, oneOf("part", PARTS)(part)],
      )
      .addOption(
        wholeNumber(
          "--sessions <n>",
          "sessions of each part (default: 9 of noise, 20 of the slow-down)",
          { least: 2, most: 999 },
        ),
      )
      .option("--store <name>", "store to measure (default: raw, or level without librocksdb)")
      .addOption(wholeNumber("--seed <n>", "order of the runs and values").default(1))
      .option(
        "--out <file>",
        "where to keep what came of it; other parts in it stay",
        SESSIONS_FILE,
      )
      .exitOverride()
      .configureOutput({ writeErr: () => {} })
      .action((parts: string[] | undefined, flags: Flags) =>
        measureParts(parts ?? [], flags, Deno.args)
      )
      .parseAsync(Deno.args, { from: "user" });
  } catch (error) {
    if (isHelp(error)) Deno.exit(EXIT.fine);
    if (error instanceof Interrupted) {
      STANDARD.error("Interrupted: the part under way is not kept\n");
      Deno.exit(EXIT.failed);
    }
    const failure = knownFailure(error);
    if (failure === undefined) throw error;
    STANDARD.error(`error: ${printable(failure.line)}\n`);
    Deno.exit(failure.code);
  }
}
