/** How often a control tells the machine from the store, in made-up years. */
import type { NightSeries } from "../../result/mod.ts";
import { derive, Random } from "../../stats/mod.ts";
import { toldShifts } from "../history/control.ts";
import { judgeHistory } from "../history/judge.ts";
import {
  drawYear,
  FIRST_CHANGE,
  LAST_CHANGE,
  NIGHTS,
  type Noise,
  SERIES,
  type ShiftRow,
  simulateShift,
  SPREAD,
} from "./histories.ts";

/** Years in which the machine changes and the store does not. */
interface MachineRow {
  data: string;
  /** The share of years that may have a shift which is called the store's. */
  most: number;
  series: number;
  /** Share of series with a lasting shift of the values, which is what is told without a control. */
  without: number;
  /** Share of series with a lasting shift that is told as the store's. */
  withControl: number;
  /** Of the shifts of the values, the share that is told as the machine's. */
  machines: number;
}

/** What was simulated of controls. */
export interface ControlQuality {
  /** Pairs of processes of a night, and how far their ratios spread. */
  pairs: number;
  pairSpread: number;
  machine: MachineRow[];
  /** Changes of the store on a machine that wanders. */
  store: ShiftRow[];
}

const PAIRS = 20;
/** As measured between pairs of processes on a busy machine: 5 to 7 %. */
const PAIR_SPREAD = 0.06;
const RATIO: Noise = { spread: PAIR_SPREAD / Math.sqrt(PAIRS) };
const DAY_MS = 86_400_000;
const FIRST_NIGHT = Date.UTC(2024, 0, 1);

/** What the machine does to both sides of a pair, as factors of a year's nights. */
type Machine = (random: Random) => (night: number) => number;

function walking(step: number): Machine {
  return (random) => {
    let log = 0;
    const levels = Array.from({ length: NIGHTS }, () => Math.exp(log += step * random.normal()));
    return (night) => levels[night]!;
  };
}

function stepping(size: number): Machine {
  return (random) => {
    const first = FIRST_CHANGE + random.below(LAST_CHANGE - FIRST_CHANGE);
    return (night) => night < first ? 1 : 1 + size;
  };
}

function simulateMachine(seed: number, series: number): MachineRow[] {
  const cases: [string, Machine][] = [
    ["steady", () => () => 1],
    ["walks by 0.1 % a night", walking(0.001)],
    ["walks by 0.2 % a night", walking(0.002)],
    ["walks by 0.5 % a night", walking(0.005)],
    ["8 % slower from one night on", stepping(0.08)],
  ];
  return cases.map(([data, machine]) => {
    const random = new Random(derive(seed, "controls", data));
    const counts = { without: 0, withControl: 0, shifts: 0, machines: 0 };
    for (let i = 0; i < series; i++) {
      const year = drawYear({ spread: SPREAD }, machine(random), random).values;
      const ratios = drawYear(RATIO, () => 1, random).values;
      const [judged] = judgeHistory([seriesOf(year, ratios)]).series;
      if (judged!.shifts.length > 0) counts.without++;
      const told = toldShifts(judged!);
      if (told.some(({ cause }) => cause === "store" || cause === undefined)) counts.withControl++;
      counts.shifts += judged!.shifts.length;
      counts.machines += judged!.shifts.filter(({ cause }) => cause === "machine").length;
    }
    return {
      data,
      most: 0.01,
      series,
      without: counts.without / series,
      withControl: counts.withControl / series,
      machines: counts.shifts === 0 ? 1 : counts.machines / counts.shifts,
    };
  });
}

function seriesOf(values: Float64Array, ratios: Float64Array): NightSeries {
  return {
    node: "node01",
    benchmark: "raw/read",
    metric: "mean",
    better: "lower",
    points: Array.from(values, (value, n) => ({
      night: new Date(FIRST_NIGHT + n * DAY_MS).toISOString().slice(0, 10),
      value,
      low: null,
      high: null,
      runs: 10,
      reason: null,
      commit: null,
      library: null,
      conditions: null,
      report: null,
      control: {
        what: "raw",
        ratio: ratios[n]!,
        low: null,
        high: null,
        pairs: PAIRS,
        reason: null,
      },
    })),
  };
}

/** @param histories Years of 60 series. */
export function simulateControls(seed: number, histories: number): ControlQuality {
  const series = histories * SERIES;
  const data = "the machine walks as it likes";
  const changes = [[0.05, 3], [-0.05, 3], [0.1, 3], [0.03, null]] as const;
  return {
    pairs: PAIRS,
    pairSpread: PAIR_SPREAD,
    machine: simulateMachine(seed, series),
    store: changes.map(([size, most]) => {
      const name = `${Math.abs(size) * 100} % ${size > 0 ? "slower" : "faster"}`;
      // The machine cancels from the ratio, which is what is judged.
      return simulateShift(
        { name, level: () => 1 + size, most },
        data,
        RATIO,
        series,
        new Random(derive(seed, "control shift", name)),
      );
    }),
  };
}
