/** Intervals, the gate and the judging of histories, measured by simulation: part by part. */
import * as v from "valibot";
import { FIRST_ISSUE, issueText } from "../../result/mod.ts";
import { type BisectionQuality, simulateBisections } from "./bisections.ts";
import { type ControlQuality, simulateControls } from "./controls.ts";
import { simulateCoverage } from "./coverage.ts";
import type { CoverageRow } from "./coverage_row.ts";
import { type HistoryQuality, simulateHistories } from "./histories.ts";
import { type LooksQuality, simulateLooks } from "./looks.ts";
import { type SequentialQuality, simulateSequential } from "./sequential.ts";
import {
  type AdviceRow,
  type FalseVerdictRow,
  type PowerRow,
  simulateAdvice,
  simulateFalseVerdicts,
  simulatePower,
} from "./verdicts.ts";

/** What each part gives. */
export interface QualityParts {
  coverage: CoverageRow[];
  verdicts: FalseVerdictRow[];
  power: PowerRow[];
  advice: AdviceRow[];
  looks: LooksQuality;
  sequential: SequentialQuality;
  histories: HistoryQuality;
  controls: ControlQuality;
  bisection: BisectionQuality;
}

/** The name of a part. */
export type QualityPart = keyof QualityParts;

/** What was simulated, each part where it was. */
export interface Quality extends Partial<QualityParts> {
  seed: number;
}

/** How much is simulated of each part where nothing else is asked for. */
const PARTS: { [P in QualityPart]: { most: number; simulate: Simulation<P> } } = {
  /** Repetitions; the slow ones take an eighth. */
  coverage: { most: 2000, simulate: simulateCoverage },
  /** Repetitions for each rate; families take a tenth. */
  verdicts: { most: 8000, simulate: simulateFalseVerdicts },
  /** Repetitions for each point of a curve. */
  power: { most: 1000, simulate: simulatePower },
  advice: { most: 1000, simulate: simulateAdvice },
  /** Sessions of each kind. */
  looks: { most: 2000, simulate: simulateLooks },
  /** Comparisons of each kind; identical code four times as many. */
  sequential: { most: 300, simulate: simulateSequential },
  /** Years of 60 series for each rate of false shifts; what costs more takes fewer. */
  histories: { most: 100, simulate: simulateHistories },
  controls: { most: 20, simulate: simulateControls },
  /** Searches of each kind. */
  bisection: { most: 1000, simulate: simulateBisections },
};

type Simulation<P extends QualityPart> = (seed: number, repetitions: number) => QualityParts[P];

/** The parts, in the order of the report. */
export const QUALITY_PARTS = Object.keys(PARTS) as QualityPart[];

/**
 * Simulates a part. The same seed and the same repetitions give the same figures.
 *
 * @param repetitions How much is simulated. @default as much as the report has of it
 */
export function simulatePart<P extends QualityPart>(
  part: P,
  seed: number,
  repetitions: number = PARTS[part].most,
): QualityParts[P] {
  return PARTS[part].simulate(seed, repetitions);
}

/** Counts whoever changes what a part gives: older figures are simulated anew. */
const VERSION = 1;

const QualityFile = v.looseObject({
  schema: v.literal("tidemark.quality"),
  version: v.literal(VERSION),
  seed: v.number(),
  ...v.partial(v.object({
    coverage: v.array(v.looseObject({ interval: v.string(), coverage: v.number() })),
    verdicts: v.array(v.looseObject({ data: v.string(), withThreshold: v.number() })),
    power: v.array(v.looseObject({ called: v.array(v.number()) })),
    advice: v.array(v.looseObject({ rows: v.number() })),
    looks: v.looseObject({ rows: v.array(v.looseObject({ wrong: v.number() })) }),
    sequential: v.looseObject({ cases: v.array(v.looseObject({ wrong: v.number() })) }),
    histories: v.looseObject({ falseShifts: v.array(v.looseObject({ share: v.number() })) }),
    controls: v.looseObject({ machine: v.array(v.looseObject({ without: v.number() })) }),
    bisection: v.looseObject({ rows: v.array(v.looseObject({ found: v.number() })) }),
  })).entries,
});

/** A median delay that nothing reached is infinite, for which JSON has no number. */
const NEVER = "never";

/** The figures as a file's text, of which {@linkcode parseQuality} reads the same again. */
export function qualityText(quality: Quality): string {
  const file = { schema: "tidemark.quality", version: VERSION, ...quality };
  return JSON.stringify(file, (_, value) => value === Infinity ? NEVER : value, 1) + "\n";
}

/**
 * Reads what was simulated.
 *
 * @throws {RangeError} Where it is no such file, or one of another version; the message says where.
 */
export function parseQuality(text: string): Quality {
  let json: unknown;
  try {
    json = JSON.parse(text, (_, value) => value === NEVER ? Infinity : value);
  } catch {
    throw new RangeError("it is not JSON");
  }
  const parsed = v.safeParse(QualityFile, json, FIRST_ISSUE);
  if (!parsed.success) throw new RangeError(issueText(parsed.issues));
  const { schema: _, version: __, ...quality } = parsed.output;
  return quality as unknown as Quality;
}
