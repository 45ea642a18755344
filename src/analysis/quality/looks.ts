/** How often benches are wrong and right that go on until their targets are decided, and what that takes. */
import {
  confidenceAtLook,
  derive,
  mean,
  quantileOverRuns,
  Random,
  runsAtNextLook,
} from "../../stats/mod.ts";
import { judgeBound } from "../targets.ts";

/** Sessions of one kind, of one target each. */
export interface LooksRow {
  /** How runs are off, in words. */
  data: string;
  /** Whether runs know nothing of each other, and all are of one kind, as intervals take them to. */
  assumed: boolean;
  /** Runs before the first look. */
  planned: number;
  /** How far the truth is within the bound, as a fraction; 0: on it. */
  within: number;
  sessions: number;
  /** Share that decided what is not so; of the truth on the bound, anything. */
  wrong: number;
  /** Likewise, had each look taken a plain interval. */
  plain: number;
  /** Share that decided what is so; `null` of the truth on the bound. */
  right: number | null;
  /** Share in which the interval at the end held the truth. */
  held: number;
  /** Mean looks, and mean runs at the end. */
  looks: number;
  runs: number;
}

/** What was simulated of benches that go on. */
export interface LooksQuality {
  confidence: number;
  /** Runs at most. */
  most: number;
  rows: LooksRow[];
}

const CONFIDENCE = 0.95;
const MOST = 1000;
const PLANNED = [3, 5, 8, 10, 20];
/** Runs before the first look where it is asked what that takes: those of the profile baseline. */
const USUAL = 8;

/** Draws by what factor each run of a session is off. */
type Draw = (random: Random) => () => number;

const t3 = (random: Random) =>
  random.normal() /
  Math.sqrt((random.normal() ** 2 + random.normal() ** 2 + random.normal() ** 2) / 3);

/** The logarithms of all have a mean of 0. */
const DATA: { data: string; draw: Draw; spread?: number; assumed?: false }[] = [
  ...[0.02, 0.1, 0.3].map((spread) => ({
    data: `lognormal, ${spread * 100} %`,
    spread,
    draw: (random: Random) => () => Math.exp(spread * random.normal()),
  })),
  {
    data: "Student's t, 3 degrees of freedom, scale 10 %",
    draw: (random) => () => Math.exp(0.1 * t3(random)),
  },
  {
    data: "lognormal, 10 %, one run in ten 3 times slower",
    assumed: false,
    draw: (random) => {
      const away = Math.log(3);
      return () =>
        Math.exp(0.1 * random.normal() + (random.uniform() < 0.1 ? away : 0) - 0.1 * away);
    },
  },
  {
    data: "10 %, each run correlated 0.6 with the next",
    assumed: false,
    draw: (random) => {
      let wave = random.normal();
      return () => {
        wave = 0.6 * wave + 0.8 * random.normal();
        return Math.exp(0.1 * wave);
      };
    },
  },
];
/** How many spreads the truth is within the bound where it is asked what that takes. */
const SPREADS_WITHIN = [0.1, 0.25, 0.5, 1, 2];

/**
 * @param sessions Of each kind.
 * @param kinds Kinds of data, from the first on. @default all
 */
export function simulateLooks(
  seed: number,
  sessions: number,
  kinds: number = DATA.length,
): LooksQuality {
  const rows = DATA.slice(0, kinds).flatMap(({ data, draw, spread, assumed = true }) => {
    const cases = [
      ...PLANNED.map((planned) => ({ planned, within: 0 })),
      ...spread === undefined
        ? []
        : SPREADS_WITHIN.map((times) => ({ planned: USUAL, within: times * spread })),
    ];
    return cases.map(({ planned, within }): LooksRow => {
      const random = new Random(derive(seed, "looks", data, String(planned), String(within)));
      const told = Array.from(
        { length: sessions },
        () => session({ draw: draw(random), planned, within }),
      );
      const share = (is: (one: Session) => boolean) => told.filter(is).length / sessions;
      return {
        data,
        assumed,
        planned,
        within,
        sessions,
        wrong: share(({ decided }) => decided === "missed" || within === 0 && decided === "met"),
        plain: share(({ plain }) => plain),
        right: within === 0 ? null : share(({ decided }) => decided === "met"),
        held: share(({ held }) => held),
        looks: mean(told.map(({ looks }) => looks)),
        runs: mean(told.map(({ runs }) => runs)),
      };
    });
  });
  return { confidence: CONFIDENCE, most: MOST, rows };
}

/** How a session ended. */
interface Session {
  decided: ReturnType<typeof judgeBound>;
  /** Whether plain intervals would have decided what is not so. */
  plain: boolean;
  held: boolean;
  looks: number;
  runs: number;
}

/** Measures until the target is decided: a time of 1, that is to be at most so much more. */
function session(
  { draw, planned, within }: { draw: () => number; planned: number; within: number },
): Session {
  const target = { bound: "atMost", value: 1 + within } as const;
  const values: number[] = [];
  // A plain look that says anything ends it; here others go on without it.
  let plain: ReturnType<typeof judgeBound> = "inconclusive";
  for (let look = 1, runs = planned;; look++, runs = runsAtNextLook(runs, MOST)) {
    while (values.length < runs) values.push(draw());
    if (plain === "inconclusive") plain = judgeBound(target, quantileOverRuns(values));
    const confidence = confidenceAtLook(CONFIDENCE, look);
    const interval = quantileOverRuns(values, { confidence });
    const decided = judgeBound(target, interval);
    if (decided === "inconclusive" && runs < MOST) continue;
    return {
      decided,
      plain: plain === "missed" || within === 0 && plain === "met",
      held: interval.low <= 1 && 1 <= interval.high,
      looks: look,
      runs,
    };
  }
}
