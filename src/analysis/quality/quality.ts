/** Intervals, the gate and the judging of histories, measured by simulation. */
import { simulateCoverage } from "./coverage.ts";
import type { CoverageRow } from "./coverage_row.ts";
import { type HistoryQuality, simulateHistories } from "./histories.ts";
import {
  type AdviceRow,
  type FalseVerdictRow,
  type PowerRow,
  simulateAdvice,
  simulateFalseVerdicts,
  simulatePower,
} from "./verdicts.ts";

/** How much is simulated. */
interface QualityOptions {
  /** @default 1 */
  seed?: number;
  /** Repetitions of the simulations of coverage; the slow ones take an eighth. @default 2000 */
  coverage?: number;
  /** Repetitions for each false-verdict rate; families take a tenth. @default 8000 */
  falseVerdicts?: number;
  /** Repetitions for each point of a power curve. @default 1000 */
  power?: number;
  /** Years of 60 series for each rate of false shifts; what costs more takes fewer. @default 100 */
  histories?: number;
}

/** Everything that was simulated. */
export interface Quality {
  seed: number;
  coverage: CoverageRow[];
  falseVerdicts: FalseVerdictRow[];
  power: PowerRow[];
  advice: AdviceRow[];
  history: HistoryQuality;
}

/** Runs all simulations. The same options give the same figures. */
export function simulateQuality(
  { seed = 1, coverage = 2000, falseVerdicts = 8000, power = 1000, histories = 100 }:
    QualityOptions = {},
): Quality {
  return {
    seed,
    coverage: simulateCoverage(seed, coverage),
    falseVerdicts: simulateFalseVerdicts(seed, falseVerdicts),
    power: simulatePower(seed, power),
    advice: simulateAdvice(seed, power),
    history: simulateHistories(seed, histories),
  };
}
