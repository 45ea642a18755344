/** A world of which a test knows everything: no process, no machine, and a clock of its own. */
import type { CompanyRecord, EnvironmentRecord, PressureRecord } from "../../result/mod.ts";
import type { MemoryGroup } from "../../native/mod.ts";
import type { DuetOutcome, DuetPlan, Side, StayingRun, TurnsAfter } from "../duet.ts";
import type { Presence } from "../company.ts";
import type { MeasuredLine, RunOutcome } from "../process.ts";
import type { RunSpec } from "../spec.ts";
import type { World } from "../world.ts";

/** Plays a run: what its process would print and how it would end. */
export type Play = (
  spec: RunSpec,
  onLine: (line: MeasuredLine) => void,
) => RunOutcome | Promise<RunOutcome>;

/** When the clock of a {@linkcode FakeWorld} begins. */
export const BEGINNING = "2026-11-22T01:02:03.000Z";

/** The machine. */
export const MACHINE: EnvironmentRecord = {
  os: "linux",
  kernel: "6.1.0",
  arch: "x86_64",
  cpu: { model: "Example 3000", logical: 8, governor: "performance", turbo: false, virtual: false },
  memoryBytes: 16_000_000_000,
  data: {
    filesystem: "ext4",
    mountOptions: "rw",
    device: "nvme0n1",
    rotational: false,
    scheduler: "none",
    freeBytes: 1e11,
  },
  transparentHugePages: "madvise",
  swapBytes: 0,
  runtime: { deno: "2.9.6", v8: "14.0.0", typescript: "5.9.0" },
  host: "bench-1",
};

/** A run that ends well: it makes a database, takes two samples, and says what it used. */
export const measuresWell: Play = (spec, onLine) => {
  Deno.mkdirSync(spec.database);
  onLine({
    kind: "run-opened",
    store: {
      store: spec.store,
      engine: "none",
      version: "1",
      library: "none",
      api: "sync",
      durability: "none",
      network: false,
      options: {},
    },
    clock: { costNs: 25, stepNs: 1 },
  });
  onLine({ kind: "sample", iterations: 10, ns: 1000, atNs: 0 });
  onLine({ kind: "sample", iterations: 10, ns: 1010, atNs: 1000 });
  return {
    state: "ended",
    closing: {
      kind: "closing",
      warmup: { iterations: 3, ns: 300 },
      facts: { estimatedKeys: 10 },
      properties: {},
      peakRssBytes: 5e7,
      cpuSeconds: 0.25,
    },
  };
};

/** Its clock goes on by a second whenever somebody looks at it. */
export class FakeWorld implements World {
  /** What the runs' processes were told, in order. */
  readonly specs: RunSpec[] = [];
  /** The data directories that were looked at. */
  readonly looked: string[] = [];
  readonly #play: Play;
  #ms: number;

  constructor(play: Play = measuresWell, beginning = BEGINNING) {
    this.#play = play;
    this.#ms = Date.parse(beginning);
  }

  now(): Date {
    const now = new Date(this.#ms);
    this.#ms += 1000;
    return now;
  }

  async requireProcess(): Promise<void> {}

  async runProcess(
    spec: RunSpec,
    onLine: (line: MeasuredLine) => void,
    signal: AbortSignal,
  ): Promise<RunOutcome> {
    this.specs.push(spec);
    const outcome = await this.#play(spec, onLine);
    return signal.aborted ? { state: "interrupted" } : outcome;
  }

  /** Plays all runs, one after the other; where one of them does not end, none counts. */
  async runDuet(
    specs: readonly RunSpec[],
    { first }: DuetPlan,
    onLine: (side: Side, line: MeasuredLine) => void,
    signal: AbortSignal,
  ): Promise<DuetOutcome> {
    const outcomes: RunOutcome[] = [];
    const others = [...specs.keys()].filter((side) => side !== first);
    for (const side of [first, ...others]) {
      outcomes[side] = await this.runProcess(specs[side]!, (line) => onLine(side, line), signal);
    }
    const whole = outcomes.every(({ state }) => state === "ended");
    const record = { handoverNs: 200_000, awaitedNs: 0, turnsNotQuiet: 0 };
    return {
      outcomes: outcomes.map((outcome) =>
        whole || outcome.state === "failed" ? outcome : { state: "interrupted" }
      ),
      records: whole ? specs.map((_, side) => ({ startedFirst: first === side, ...record })) : null,
    };
  }

  /** Plays all runs, one after the other, and then turns in which each takes as long as its place says. */
  async runThenTurns(
    runs: readonly StayingRun[],
    { pairs }: Pick<DuetPlan, "pairs">,
    signal: AbortSignal,
  ): Promise<TurnsAfter | null> {
    let whole = true;
    for (const run of runs) {
      if (signal.aborted) break;
      const { spec, onLine } = run.begin();
      const outcome = await this.runProcess(spec, onLine, signal);
      whole &&= outcome.state === "ended";
      run.measured(outcome);
      run.gone(outcome.left);
    }
    if (!whole || signal.aborted) return null;
    return this.turns ?? {
      state: "ended",
      handoverNs: 200_000,
      sides: runs.map((_, side) => ({
        iterations: 10,
        ns: Array.from({ length: pairs }, () => 1000 * (side + 1)),
        awaitedNs: 0,
        turnsNotQuiet: 0,
      })),
    };
  }

  /** How turns go that come after the measuring. @default well */
  turns: TurnsAfter | undefined;

  environment(dataDirectory: string): EnvironmentRecord {
    this.looked.push(dataDirectory);
    return MACHINE;
  }

  watchPressure(): (ownSeconds: number | null) => PressureRecord {
    return (ownSeconds) => ({ load1: 0.5, steal: 0, busyOthers: ownSeconds === null ? null : 0 });
  }

  /** What it says of other benches on the machine. */
  company: CompanyRecord = { others: [], unchecked: null };

  enterMachine(): Presence {
    return { before: this.company, leave: () => this.company };
  }

  /** How much each group of memory may have. */
  readonly limits: number[] = [];
  /** Whether there can be groups. */
  hasGroups = true;

  makeMemoryGroup(bytes: number): MemoryGroup | string {
    this.limits.push(bytes);
    if (!this.hasGroups) return "no memory cgroup is mounted";
    return { version: 2, folder: "/group", remove: () => void this.limits.push(-bytes) };
  }

  commit(): string {
    return "0123456789abcdef0123456789abcdef01234567";
  }
}
