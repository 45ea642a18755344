/** Progress of a bench: one line that is rewritten on a terminal, else a line a run. */
import type { CompanyRecord, LookRecord, ProfileRecord } from "../result/mod.ts";
import type { BenchEvents, LaneRun, Role, RunOutcome } from "../run/mod.ts";
import { ERASED_LINE, formatSecond, formatSeconds, joinWords, plural } from "../format/mod.ts";
import { CALIBRATION_NAMES } from "../store/mod.ts";
import { OPERATIONS } from "../workload/mod.ts";
import type { Streams } from "./streams.ts";
import { firstNames } from "./strict.ts";

/** Time of starting a process, ms: a guess until the first run has ended. */
const OVERHEAD_MS = 500;
/** Time of filling a database, ms a key, likewise. */
const FILL_MS = 0.003;
/** What leading in and handing over add to the time of turns. */
const TURNS = 1.6;
/** How many of those that play together start and fill at once, on the processors that there are. */
const AT_ONCE = 2;
/** Rewriting the line more often than this would disturb what is measured. */
const REDRAW_MS = 250;

/** Why no runs follow a look. */
const LOOK_ENDS = {
  sure: "it is sure of all that more runs can decide",
  time: "the time is up",
  runs: "there are as many runs as there may be",
} as const;

/** Told of a bench's events, it tells people. */
export class Progress implements Required<BenchEvents> {
  readonly #streams: Streams;
  readonly #now: () => number;
  #total = 0;
  #ended = 0;
  #startedAt = 0;
  #profile: ProfileRecord | null = null;
  /** Of all runs, and of those that have ended: what they were guessed to take. */
  #guessedMs = { all: 0, ended: 0 };
  #drawnAt = -Infinity;
  #drawn = false;

  /** @param now Milliseconds; injected so that tests need not wait. */
  constructor(streams: Streams, now: () => number = () => performance.now()) {
    this.#streams = streams;
    this.#now = now;
  }

  planned(runs: readonly LaneRun[], profile: ProfileRecord, limitMs: number): void {
    this.#total = runs.length;
    this.#ended = 0;
    this.#startedAt = this.#now();
    this.#profile = profile;
    const all = runs.reduce((sum, run) => sum + guessMs(run, profile), 0);
    this.#guessedMs = { all, ended: 0 };
    const limit = runs.length > 0 && Number.isFinite(limitMs)
      ? `, ended after ${formatSeconds(limitMs)} without progress`
      : "";
    this.#streams.error(
      `${runs.length} runs, each a process and a database of its own${limit}; ${this.#left()}\n`,
    );
  }

  company({ others, unchecked }: CompanyRecord): void {
    const since = others.map(({ startedAt }) => formatSecond(startedAt)).join(" and ");
    this.#streams.error(
      unchecked === null
        ? `note: another Tidemark bench is under way on this machine, since ${since}: each is in the ` +
          "other's numbers\n"
        : `note: whether another Tidemark bench is under way is not checked: ${unchecked}\n`,
    );
  }

  counting(benchmark: string, role: Role | undefined, place: number, of: number): void {
    this.#clear();
    const name = role === undefined ? benchmark : `${benchmark} (${role})`;
    const counter = `${place + 1} of ${of}`;
    this.#streams.error(
      `counting instructions, process ${counter}: ${name}, under valgrind, which takes many times as long\n`,
    );
  }

  runStarted(run: LaneRun): void {
    this.#draw(run, 0);
  }

  sampled(run: LaneRun, samples: number): void {
    if (this.#now() - this.#drawnAt >= REDRAW_MS) this.#draw(run, samples);
  }

  looked({ open, more, ended }: LookRecord, looks: number): void {
    this.#clear();
    const concerned = plural(more.length, "benchmark");
    const next = ended === undefined ? `more runs of ${concerned}` : LOOK_ENDS[ended];
    const still = open.length === 0 ? "nothing" : joinWords(firstNames(open));
    this.#streams.error(`look ${looks}: open is ${still}; ${next}\n`);
  }

  runEnded(run: LaneRun, outcome: RunOutcome): void {
    this.#ended++;
    if (this.#profile !== null) this.#guessedMs.ended += guessMs(run, this.#profile);
    const name = nameOf(run);
    if (outcome.state === "failed") {
      this.#clear();
      this.#streams.error(`failed: ${name}: ${outcome.error}\n`);
    } else if (!this.#streams.interactive) {
      this.#streams.error(`${this.#counter()} ${name} ${outcome.state}, ${this.#left()}\n`);
    }
  }

  turnsFailed(block: readonly LaneRun[], error: string): void {
    this.#clear();
    const names = joinWords(block.map(({ benchmark }) => benchmark.id));
    this.#streams.error(`failed: the turns of ${names} after run ${block[0]!.run}: ${error}\n`);
  }

  /** Takes the line away, for what is printed next. */
  end(): void {
    this.#clear();
  }

  #draw(run: LaneRun, samples: number): void {
    if (!this.#streams.interactive) return;
    this.#drawnAt = this.#now();
    this.#clear();
    const wanted = run.benchmark.samples;
    const line = `${this.#counter()} ${nameOf(run)}, sample ${samples}/${wanted}, ${this.#left()}`;
    // A line that goes on in the next one could not be taken away again.
    this.#streams.error(line.slice(0, this.#streams.columns() - 1));
    this.#drawn = true;
  }

  #clear(): void {
    if (this.#drawn) this.#streams.error(ERASED_LINE);
    this.#drawn = false;
  }

  #counter(): string {
    return `[${String(this.#ended).padStart(String(this.#total).length)}/${this.#total}]`;
  }

  /** Runs differ in length: the pace is the time so far over what the ended ones were guessed to take. */
  #left(): string {
    const { all, ended } = this.#guessedMs;
    const pace = ended === 0 ? 1 : (this.#now() - this.#startedAt) / ended;
    return `about ${formatSeconds(1000 * Math.round(pace * (all - ended) / 1000))} left`;
  }
}

/** How long a run takes, ms, on a machine that has nothing else to do. */
function guessMs(
  {
    benchmark: { store, measureMs: own, workload: { operation, keys, load } },
    together = 1,
    turnsAfter,
  }: LaneRun,
  { warmupMs, measureMs: usual }: ProfileRecord,
): number {
  // A store that does nothing is asked for a moment only, however long its load is.
  if (CALIBRATION_NAMES.has(store)) return OVERHEAD_MS;
  const measureMs = own ?? usual;
  const filled = load?.filled ?? (operation !== null && OPERATIONS[operation].filled);
  const before = OVERHEAD_MS + (filled ? (keys ?? 0) * FILL_MS : 0);
  // Its turns take what its measuring has less than the others'.
  if (turnsAfter) return before + warmupMs + usual;
  return before / Math.min(together, AT_ONCE) + warmupMs / together +
    measureMs * (together > 1 ? TURNS : 1);
}

/** Measures while progress is told. */
export async function withProgress<T>(
  streams: Streams,
  measure: (events: BenchEvents) => Promise<T>,
): Promise<T> {
  const progress = new Progress(streams);
  try {
    return await measure(progress);
  } finally {
    progress.end();
  }
}

/** A run's name, with its side where there are two; its number is the journal's and the report's. */
function nameOf({ benchmark, role, run }: LaneRun): string {
  return `${benchmark.id}${role === undefined ? "" : ` (${role})`} run ${run}`;
}
