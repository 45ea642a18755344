/**
 * The form of an analysis as programs get it by `--json`, from which its JSON Schema is written. The
 * interfaces of model.ts say what each field means; the last lines hold the two to each other.
 */
import * as v from "valibot";
import {
  BenchmarkRecord,
  ENGINE_EVENT_NAMES,
  FigureRecord,
  LOAD_BEGINNINGS,
  MetricName,
  SLOW_CAUSES,
  StoreRecord,
  TargetRecord,
  WorkloadRecord,
} from "../result/mod.ts";
import { LOAD_OPERATION_NAMES, OPERATION_NAMES, OPERATIONS } from "../workload/mod.ts";
import { type Analysis, MISSING_VALUES } from "./model.ts";

const Text = v.string();
const Num = v.number();
const Flag = v.boolean();
const NullText = v.nullable(Text);
const NullNum = v.nullable(Num);
const NullFlag = v.nullable(Flag);

const Range = v.object({ value: Num, low: Num, high: Num });
const ShownRange = v.object({ ...Range.entries, apart: v.exactOptional(v.array(Num)) });

const Estimate = v.object({
  ...ShownRange.entries,
  confidence: Num,
  standardError: Num,
  n: Num,
  method: v.picklist(["runs", "samples", "order-statistic"]),
});

const Operation = WorkloadRecord.entries.operation;
const Kind = BenchmarkRecord.entries.kind;

/** What is said, of the topics that its place has. */
function remarks<const Topics extends readonly [string, ...string[]]>(topics: Topics) {
  return v.array(v.object({
    id: Text,
    topic: v.picklist(topics),
    severity: v.picklist(["info", "warn"]),
    about: v.array(Text),
    condition: Text,
    numbers: v.record(Text, Num),
    text: Text,
    why: v.exactOptional(Text),
    mend: v.exactOptional(Text),
  }));
}

const Outliers = v.object({
  lowSevere: Num,
  lowMild: Num,
  highMild: Num,
  highSevere: Num,
  total: Num,
  samples: Num,
});

const Store = v.object({
  store: Text,
  description: v.nullable(StoreRecord),
  differences: v.array(Text),
  benchmarks: v.array(Text),
});

const Metric = v.object({
  metric: MetricName,
  estimate: v.nullable(Estimate),
  point: v.exactOptional(Num),
  made: v.exactOptional(v.object({ of: v.picklist(["samples", "runs"]), values: v.array(Num) })),
  missing: v.exactOptional(v.picklist(MISSING_VALUES)),
  reason: NullText,
  basis: NullText,
  pooled: v.exactOptional(Num),
});

const Criterion = v.object({
  run: Num,
  of: Num,
  time: Estimate,
  elements: Num,
  outliers: Outliers,
  estimates: v.object({
    mean: Estimate,
    median: Estimate,
    stdDev: Estimate,
    medianAbsDev: Estimate,
    slope: v.nullable(Estimate),
  }),
  distribution: v.object({ from: Num, to: Num, counts: v.array(Num) }),
});

const Spanned = v.object({ value: Num, least: Num, most: Num });
const NullSpanned = v.nullable(Spanned);

const Ends = { value: Num, low: Num, high: Num, confidence: Num };
const SoakStretch = v.object({ first: NullNum, last: NullNum, change: v.nullable(v.object(Ends)) });
const NullSlope = v.nullable(v.object({ ...Ends, effective: Num }));

const Load = v.object({
  clients: v.object({ counted: Num, beside: Num }),
  share: NullSpanned,
  offered: NullNum,
  queued: NullSpanned,
  conflicts: NullSpanned,
  missed: NullNum,
  processAmplification: NullSpanned,
  deviceAmplification: NullSpanned,
  lsmAmplification: NullSpanned,
  userAmplification: NullSpanned,
  deviceReads: NullSpanned,
  spaceAmplification: NullSpanned,
  hitRatio: NullSpanned,
  stalled: NullSpanned,
  grouped: NullSpanned,
  inFlight: v.exactOptional(Flag),
  native: v.exactOptional(Num),
  events: v.exactOptional(v.array(v.object({
    kind: v.picklist(ENGINE_EVENT_NAMES),
    count: Num,
    share: Spanned,
  }))),
  eventsLost: v.exactOptional(Num),
  multiGet: v.exactOptional(v.picklist(["call", "gets"])),
  slow: v.nullable(v.object({
    operations: Num,
    hiccups: v.nullable(v.object({ wakes: Num, late: Num, share: Num, longest: Num })),
    compactions: v.nullable(v.array(v.object({
      levels: v.object({ from: Num, to: Num }),
      count: Num,
      bytes: Num,
      ns: Num,
      operations: Num,
    }))),
    causes: v.array(v.object({
      cause: v.picklist(SLOW_CAUSES),
      operations: Num,
      held: NullNum,
      share: Num,
      anyway: NullNum,
      odds: v.nullable(v.object({
        value: Num,
        low: Num,
        high: Num,
        confidence: Num,
        blocks: Num,
      })),
    })),
    main: v.nullable(v.object({
      cause: v.picklist(SLOW_CAUSES),
      share: Num,
      chance: NullNum,
      beyond: Num,
    })),
  })),
  operations: v.array(v.object({
    operation: v.picklist(LOAD_OPERATION_NAMES),
    count: Num,
    p50: Num,
    p99: Num,
  })),
  soaks: v.array(v.object({
    run: Num,
    windows: Num,
    ns: Num,
    stretchNs: Num,
    scheduled: Flag,
    rate: SoakStretch,
    p99: SoakStretch,
    worst: v.object({ atNs: Num, rate: Num }),
    silent: Num,
    rssAnHour: NullSlope,
    filesAnHour: NullSlope,
    ownAnHour: NullSlope,
    amplificationAnHour: NullSlope,
  })),
  cached: v.object({
    dataBytes: NullNum,
    fileBytes: v.nullable(Spanned),
    blockCacheBytes: NullNum,
    before: v.nullable(Spanned),
    after: v.nullable(Spanned),
  }),
  begins: v.nullable(v.picklist(LOAD_BEGINNINGS)),
  atRest: Flag,
});

const Benchmark = v.object({
  id: Text,
  store: Text,
  name: Text,
  kind: Kind,
  operation: Operation,
  elements: Num,
  runs: v.object({
    planned: Num,
    ended: Num,
    interrupted: Num,
    failed: Num,
    use: v.picklist(["ended", "interrupted", "none"]),
    used: v.array(Num),
  }),
  failures: v.array(v.object({ run: Num, error: Text })),
  samples: Num,
  observations: Num,
  metrics: v.array(Metric),
  criterion: v.nullable(Criterion),
  outliers: Outliers,
  spread: v.object({ betweenRuns: NullNum, withinRuns: NullNum }),
  steadiness: v.array(v.object({
    run: Num,
    steady: NullFlag,
    drift: NullNum,
    warmUp: NullNum,
    range: NullNum,
  })),
  load: v.exactOptional(Load),
  remarks: remarks(["measurement"]),
});

const Share = v.object({
  benchmark: Text,
  calibration: NullText,
  sameLoop: Flag,
  floorNs: NullNum,
  share: NullNum,
  javascriptNs: v.exactOptional(Num),
  javascriptShare: v.exactOptional(Num),
  clockNs: NullNum,
  clockStepNs: NullNum,
  clockShare: NullNum,
  crossingNs: NullNum,
  crossingShare: NullNum,
});

const Target = v.object({
  target: TargetRecord,
  store: Text,
  benchmark: Text,
  operation: Operation,
  planned: Flag,
  runs: Num,
  verdict: v.picklist(["met", "met in one run", "missed", "inconclusive"]),
  reason: NullText,
  estimate: v.nullable(Estimate),
  point: v.exactOptional(Num),
  factor: v.nullable(Range),
  margin: v.nullable(Range),
});

const Ratio = v.object({
  name: Text,
  operation: Operation,
  metric: MetricName,
  kind: Kind,
  store: Text,
  base: Text,
  ratio: Estimate,
  pairing: v.exactOptional(v.object({
    pairs: Num,
    spread: Num,
    unpaired: Num,
    p: Num,
    adjustedP: Num,
  })),
});

const Compared = v.object({
  system: Text,
  version: NullText,
  operation: v.picklist(OPERATION_NAMES.map((name) => OPERATIONS[name].word)),
  throughput: v.nullable(ShownRange),
  latency: v.nullable(ShownRange),
  p99: v.nullable(ShownRange),
  durability: NullText,
  network: NullFlag,
  clients: NullNum,
  valueBytes: NullNum,
  hardware: NullText,
  setup: NullText,
  source: Text,
  approximate: Flag,
  measuredHere: Flag,
  littlesLaw: v.nullable(v.object({ expectedNs: Num, statedNs: Num, factor: Num, holds: Flag })),
});

const Control = v.object({
  id: Text,
  metric: MetricName,
  ratio: v.nullable(Estimate),
  pairs: Num,
  reason: NullText,
});

const Decomposed = v.object({
  benchmark: Text,
  store: Text,
  name: Text,
  operation: Operation,
  runs: Num,
  inFlight: Num,
  cluster: v.object({
    servers: NullNum,
    leads: v.nullable(Flag),
    newest: Flag,
    cable: v.nullable(v.object({ kind: Text, delayMs: Num, jitterMs: Num, loss: Num })),
  }),
  wayNs: NullNum,
  totalNs: Num,
  parts: v.array(v.object({
    part: v.picklist(
      ["client", "network", "grpc", "round", "fsync", "apply", "range", "handler"],
    ),
    ns: Num,
  })),
  sumNs: Num,
  missing: Num,
  agrees: Flag,
  untold: v.array(v.picklist(["apply", "range", "server"])),
  requests: Num,
  others: Num,
  gap: v.object({ ns: Num, atNs: Num }),
  retries: Num,
  beside: v.object({
    cpuNs: Num,
    syncsEach: NullNum,
    followersFsyncNs: NullNum,
    commitNs: NullNum,
    commitShare: NullNum,
    leaderChanges: Num,
    slowApplies: Num,
  }),
  unread: v.exactOptional(Text),
});

const Outcome = v.picklist(["supported", "refuted", "inconclusive"]);

const Claim = v.object({
  name: Text,
  hypothesis: Text,
  outcome: Outcome,
  evidence: v.array(v.object({
    store: Text,
    benchmark: Text,
    metric: MetricName,
    figureId: NullText,
    figure: v.nullable(FigureRecord),
    published: v.nullable(Range),
    live: v.nullable(v.object({
      system: Text,
      version: Text,
      store: Text,
      benchmark: Text,
      value: Range,
    })),
    counts: Flag,
    estimate: v.nullable(Estimate),
    margin: v.nullable(Range),
    outcome: Outcome,
    reason: NullText,
  })),
  limits: v.array(Text),
  remarks: remarks(["figures"]),
});

/** An analysis. */
export const AnalysisShape = v.object({
  result: Text,
  confidence: Num,
  resamples: Num,
  withoutCriterion: v.exactOptional(v.literal(true)),
  stores: v.array(Store),
  benchmarks: v.array(Benchmark),
  calibration: v.array(Benchmark),
  harness: v.array(Share),
  decompositions: v.exactOptional(v.array(Decomposed)),
  targets: v.array(Target),
  ratios: v.array(Ratio),
  comparison: v.array(Compared),
  claims: v.array(Claim),
  findings: remarks(["targets", "performance", "stores", "servers", "data", "measurement"]),
  caveats: remarks(["environment", "workload", "measurement"]),
  controls: v.exactOptional(v.array(Control)),
});

/** Fails to compile where a field of the one is not one of the other, or of another type. */
type Same<A, B> = [A] extends [B] ? [B] extends [A] ? true : never : never;
true satisfies Same<v.InferOutput<typeof AnalysisShape>, Analysis>;
