/**
 * A duet: two processes that are alive at once and take turns at a grain of milliseconds, each with
 * its own database and idle while the other works. What the machine does falls on both sides of two
 * neighbouring batches and cancels in their ratio. More than two may play as well; a round is then a
 * batch of each, and what holds of a pair of batches holds of any two of a round.
 *
 * The parent gives the turns, by a line on a pipe. That takes longer than a token in shared memory
 * would (some tenths of a millisecond on a busy machine), and is no part of any measured time: in
 * return one place knows of a side that has ended, hangs or is too slow, the batch before is in the
 * journal before the next one begins, and nothing but the two batches is at work. What it takes is
 * measured and recorded.
 */
import { median, Random } from "../stats/mod.ts";
import type { DuetRecord, RatioSideRecord } from "../result/mod.ts";
import {
  isMeasured,
  type MeasuredLine,
  type ProcessLine,
  type RunOutcome,
  RunProcess,
} from "./process.ts";
import { LEAST_LIMIT_MS, LEAST_ROUNDS, RoundLimit } from "./round_limit.ts";
import type { TurnAsked } from "../measure/mod.ts";
import type { ClosingLine, RunSpec, TurnLine } from "./spec.ts";

/** How processes take turns. */
export interface DuetPlan {
  /** Time in which all warm up, ms. */
  warmupMs: number;
  /** Units that each has done at least before it counts as warm. @default 0 */
  warmupUnits?: number;
  /** Rounds, of one batch of each side: pairs of batches where there are two. */
  pairs: number;
  /** Time that a batch is to take, ms; it takes longer where one operation does. */
  batchMs: number;
  /**
   * Which side is started first, before the others in their order: who is second was measured to be
   * slower, so it has to change.
   */
  first: Side;
  /** Determines the order in each round. */
  seed: number;
  /** How long a side may go without progress while it is its turn, ms. @default Infinity */
  limitMs?: number;
  /**
   * Whether each side's batches have as many units as take the time, where the sides are different
   * stores; by default all have the same, so that all databases get the same keys.
   */
  ownUnits?: boolean;
  /**
   * How long all rounds may take with the ways between, ms, where they are a part of something that has
   * a time of its own: on a machine that is busy with other things the ways take most. @default Infinity
   */
  mostMs?: number;
}

/** One of those that play: 0, 1, …. */
export type Side = number;

/** How the runs of a duet ended, in the order of the sides. */
export interface DuetOutcome {
  outcomes: RunOutcome[];
  /** How the turns went; `null` of a duet that was not played to its end. */
  records: DuetRecord[] | null;
}

/** Rounds that warm up in turns, after the warming up at once, and are not kept. */
const PAIRS_BEFORE = 4;
/** Share of a batch that is run before it, to fill the caches. */
const LEAD = 1 / 4;
/**
 * How long a warm-up by units may go on, ms, by the pace that was seen in its first second: a side that is
 * silent for as long would count as one that hangs.
 */
const MOST_WARMUP_MS = 60_000;
/** A duet cannot go on: a side's process has ended, failed or was ended. It says why itself. */
class BrokenOff extends Error {
  readonly side: Side;

  constructor(side: Side) {
    super();
    this.side = side;
  }
}

/**
 * Plays a duet: starts all processes, lets them take turns, and ends them. Where one of them fails
 * or falls silent, the others are ended as well, and count as interrupted.
 *
 * @param specs What each is told; two of them or more.
 * @param onLine Called with each line of a side as it comes; what it throws ends all.
 * @param signal Ends all.
 */
export async function runDuet(
  specs: readonly RunSpec[],
  plan: DuetPlan,
  onLine: (side: Side, line: MeasuredLine) => void,
  signal: AbortSignal,
): Promise<DuetOutcome> {
  if (signal.aborted) return { outcomes: specs.map(() => INTERRUPTED), records: null };
  const random = new Random(plan.seed);
  const others = [...specs.keys()].filter((side) => side !== plan.first);
  const started = [plan.first, ...others]
    .map((side) => new Player(side, specs[side]!, plan, onLine));
  const players: Players = started.toSorted((a, b) => a.side - b.side);
  const kill = () => players.forEach((player) => player.process.kill());
  signal.addEventListener("abort", kill, { once: true });
  let broken: BrokenOff | undefined;
  let records: DuetOutcome["records"] = null;
  try {
    records = await play(players, plan, random);
  } catch (error) {
    if (!(error instanceof BrokenOff)) throw error;
    broken = error;
  } finally {
    signal.removeEventListener("abort", kill);
    await Promise.all(players.map((player) => player.process.end()));
  }
  const outcomes = await Promise.all(players.map(async ({ side, process }) => {
    const outcome = await process.outcome(signal);
    if (broken === undefined || broken.side === side) return outcome;
    const { left } = outcome;
    return { ...INTERRUPTED, ...(left !== undefined && { left }) };
  }));
  return { outcomes, records };
}

const INTERRUPTED: RunOutcome = { state: "interrupted" };

/** A run that is measured for itself before its process takes turns with others. */
export interface StayingRun {
  /** Begins it. */
  begin(): { spec: RunSpec; limitMs: number; onLine: (line: MeasuredLine) => void };
  /** Takes how its own measuring ended; its process may live, and use its database. */
  measured(outcome: RunOutcome): void;
  /** Its process has ended. @param left The process, where it takes no signal. */
  gone(left: number | undefined): void;
}

/** What one of them did in the turns. */
type TurnsOfOne = Pick<
  RatioSideRecord,
  "iterations" | "ns" | "latency" | "awaitedNs" | "turnsNotQuiet"
>;

/** How the turns went of runs that stayed. */
export type TurnsAfter =
  | { state: "ended"; sides: TurnsOfOne[]; handoverNs: number }
  | { state: "failed"; error: string; side: Side }
  | { state: "interrupted" };

/**
 * Measures runs one after the other, each for itself, whose processes stay, idle, and then take turns.
 * Where one of them fails there are no turns, but the others are measured.
 *
 * @param runs In the order in which they are measured.
 * @param signal Ends all.
 * @returns How the turns went; `null` where there were none.
 */
export async function runThenTurns(
  runs: readonly StayingRun[],
  plan: Omit<DuetPlan, "first" | "limitMs" | "warmupMs">,
  signal: AbortSignal,
): Promise<TurnsAfter | null> {
  const players: Player[] = [];
  const kill = () => players.forEach((player) => player.process.kill());
  signal.addEventListener("abort", kill, { once: true });
  let turns: TurnsAfter | null = null;
  try {
    let whole = true;
    for (const [side, run] of runs.entries()) {
      if (signal.aborted) return null;
      const { spec, limitMs, onLine } = run.begin();
      const told = { ...spec, turnsAfter: true };
      const player = new Player(side, told, { limitMs }, (_, line) => onLine(line));
      players.push(player);
      const outcome = await player.measure(signal);
      run.measured(outcome);
      whole &&= outcome.state === "ended";
    }
    if (!whole) await Promise.all(players.map((player) => player.close()));
    else turns = await takeTurns(players, plan, signal);
  } finally {
    signal.removeEventListener("abort", kill);
    await Promise.all(players.map((player) => player.process.end()));
    for (const { side, process } of players) {
      runs[side]!.gone((await process.outcome(signal)).left);
    }
  }
  return turns;
}

/** Lets processes take turns that have been measured. */
async function takeTurns(
  players: Players,
  plan: Omit<DuetPlan, "first" | "limitMs" | "warmupMs">,
  signal: AbortSignal,
): Promise<TurnsAfter> {
  const sides = players.map((): TurnsOfOne => ({
    iterations: 0,
    ns: [],
    awaitedNs: 0,
    turnsNotQuiet: 0,
  }));
  for (const player of players) {
    const side = sides[player.side]!;
    player.tellTo((line) => {
      if (line.kind === "sample") {
        side.iterations = line.iterations;
        side.ns.push(line.ns);
      } else if (line.kind === "latency") {
        const { kind: _, ...latency } = line;
        side.latency = latency;
      }
    });
  }
  try {
    const records = await play(players, { ...plan, first: 0, warmupMs: 0 }, new Random(plan.seed));
    for (const [side, { awaitedNs, turnsNotQuiet }] of records.entries()) {
      Object.assign(sides[side]!, { awaitedNs, turnsNotQuiet });
    }
    return { state: "ended", sides, handoverNs: records[0]!.handoverNs };
  } catch (error) {
    if (!(error instanceof BrokenOff)) throw error;
    const { side, process } = players[error.side]!;
    await process.end();
    const outcome = await process.outcome(signal);
    return outcome.state === "failed"
      ? { state: "failed", error: outcome.error, side }
      : { state: "interrupted" };
  }
}

function drawOrder(players: Players, random: Random): Side[] {
  return random.shuffle([...players.keys()]);
}

/** A side's process, which is asked and answers. */
class Player {
  readonly side: Side;
  readonly process: RunProcess;
  readonly #lines: AsyncGenerator<ProcessLine, void>;
  #onLine: (side: Side, line: MeasuredLine) => void;

  constructor(
    side: Side,
    spec: RunSpec,
    { limitMs }: Pick<DuetPlan, "limitMs">,
    onLine: (side: Side, line: MeasuredLine) => void,
  ) {
    this.side = side;
    const told = spec.turnsAfter ? spec : { ...spec, inTurns: true };
    this.process = new RunProcess(told, "piped", limitMs);
    this.#lines = this.process.lines();
    this.#onLine = onLine;
  }

  /** Waits for a line of a kind; what comes before it goes into the journal. */
  async await<Kind extends ProcessLine["kind"]>(
    kind: Kind,
  ): Promise<Extract<ProcessLine, { kind: Kind }>> {
    while (true) {
      const { value: line } = await this.#lines.next();
      if (line === undefined || line.kind === "failure") throw new BrokenOff(this.side);
      if (line.kind === kind) return line as Extract<ProcessLine, { kind: Kind }>;
      if (isMeasured(line)) this.#onLine(this.side, line);
    }
  }

  /** Says to whom what it measures is told from now on. */
  tellTo(onLine: (line: MeasuredLine) => void): void {
    this.#onLine = (_, line) => onLine(line);
  }

  /** Waits until it has been measured for itself. It lives on, where that ended well. */
  async measure(signal: AbortSignal): Promise<RunOutcome> {
    let closing: ClosingLine;
    try {
      closing = await this.await("closing");
    } catch (error) {
      if (!(error instanceof BrokenOff)) throw error;
      await this.process.end();
      return await this.process.outcome(signal);
    }
    this.process.goOn();
    return { state: "ended", closing };
  }

  /** Lets it close, as far as it lives. */
  async close(): Promise<void> {
    try {
      await this.process.tell();
      await this.await("closing");
    } catch (error) {
      if (!(error instanceof BrokenOff)) throw error;
    }
  }

  /** Gives it a turn. */
  async take(turn: TurnAsked): Promise<TurnLine> {
    await this.process.tell(turn);
    return await this.await("turn");
  }

  /** Takes what it measured into the journal. */
  keep({ kind: _, workNs: __, awaitedNs, quiet, ...sample }: TurnLine, turn: number): void {
    this.#onLine(this.side, {
      kind: "sample",
      ...sample,
      turn,
      ...(awaitedNs > 0 && { awaitedNs }),
      ...(!quiet && { quiet }),
    });
  }
}

/** Those who play, in the order of their sides. */
type Players = readonly Player[];

/** Lets all warm up, then take turns, and then close. */
async function play(
  players: Players,
  plan: DuetPlan,
  random: Random,
): Promise<DuetRecord[]> {
  const all = <T>(act: (player: Player) => Promise<T>) => Promise.all(players.map(act));
  await all((player) => player.await("ready"));
  const units = await playBefore(players, plan, random, await warmUp(all, plan));
  const asked = units.map((own): TurnAsked => ({ units: own, lead: leadOf(own), kept: true }));
  const handovers: number[] = [];
  const records = players.map(({ side }): DuetRecord => ({
    startedFirst: side === plan.first,
    handoverNs: 0,
    awaitedNs: 0,
    turnsNotQuiet: 0,
    ...(players.length > 2 && { together: players.length }),
  }));
  const limit = new RoundLimit(players.length * plan.pairs * plan.batchMs);
  const began = performance.now();
  let last = began;
  const { mostMs = Infinity } = plan;
  for (let pair = 0; pair < plan.pairs; pair++) {
    if (limit.isReached() || (pair >= LEAST_ROUNDS && last - began > mostMs)) break;
    let worked = 0;
    for (const [place, side] of drawOrder(players, random).entries()) {
      const turn = await players[side]!.take(asked[side]!);
      players[side]!.keep(turn, players.length * pair + place);
      const now = performance.now();
      handovers.push((now - last) * 1e6 - turn.workNs);
      last = now;
      worked += turn.workNs;
      records[side]!.awaitedNs += turn.awaitedNs;
      if (!turn.quiet) records[side]!.turnsNotQuiet++;
    }
    limit.played(worked);
  }
  await all((player) => player.process.tell());
  await all((player) => player.await("closing"));
  for (const record of records) record.handoverNs = Math.max(0, Math.round(median(handovers)));
  return records;
}

/**
 * Lets all warm up at once, with the same operations: 1, 2, 4, … of them until the time is up and each
 * has done what it has to, unless its operations take so long that it would for minutes. Time alone would
 * leave caches the emptier the busier the machine is.
 *
 * @returns Time of a unit of each, ns.
 */
async function warmUp(
  all: <T>(act: (player: Player) => Promise<T>) => Promise<T[]>,
  { warmupMs, warmupUnits = 0 }: DuetPlan,
): Promise<number[]> {
  const start = performance.now();
  for (let units = 1, done = 0;; units *= 2) {
    const turns = await all((player) => player.take({ units, lead: 0, kept: false }));
    done += units;
    const isKnown = turns.every(({ ns }) => ns > 0);
    const passedMs = performance.now() - start;
    const leftMs = (warmupUnits - done) / done * passedMs;
    const isEndless = passedMs >= LEAST_LIMIT_MS && leftMs > MOST_WARMUP_MS;
    if (passedMs >= warmupMs && (leftMs <= 0 || isEndless) && isKnown) {
      return turns.map(({ ns }) => ns / units);
    }
  }
}

/**
 * Lets all warm up in turns, as they will be measured.
 *
 * @param unitNs Time of a unit of each so far, ns.
 * @returns Units of a batch of each. They are the same for all, so that all databases get the same keys,
 * unless the sides are different stores. A batch that is longer than a slice of the scheduler's is interrupted each time on a busy machine,
 * so what counts is the shortest time that was seen, the one without an interruption.
 */
async function playBefore(
  players: Players,
  { batchMs, ownUnits = false }: DuetPlan,
  random: Random,
  unitNs: readonly number[],
): Promise<number[]> {
  let known = [...unitNs];
  const unitsOf = () => {
    const slowest = Math.max(...known);
    return known.map((own) => Math.max(1, Math.round(batchMs * 1e6 / (ownUnits ? own : slowest))));
  };
  const start = performance.now();
  for (let pair = 0; pair < PAIRS_BEFORE; pair++) {
    // Batches of one slow operation each can be no shorter.
    if (pair > 0 && performance.now() - start > LEAST_LIMIT_MS) break;
    const units = unitsOf();
    const seen = [...known];
    for (const side of drawOrder(players, random)) {
      const own = units[side]!;
      const { ns } = await players[side]!.take({ units: own, lead: leadOf(own), kept: false });
      if (ns > 0) seen[side] = ns / own;
    }
    // Of sides that are alike, a round counts whose slower one was not interrupted.
    const isShorter = Math.max(...seen) < Math.max(...known);
    known = ownUnits
      ? known.map((own, side) => Math.min(own, seen[side]!))
      : isShorter
      ? seen
      : known;
  }
  return unitsOf();
}

function leadOf(units: number): number {
  return Math.round(units * LEAD);
}
