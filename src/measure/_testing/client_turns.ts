/**
 * Clients of one server beside each other. Each of them has the server to itself in its turn, every
 * round has all of them in another order, and they are compared within rounds: machines such as these
 * change their pace by a factor of two within seconds.
 */
import { median, testOverPairs } from "../../stats/mod.ts";

/** What a client did in its turn. */
export interface Done {
  operations: number;
  seconds: number;
}

/** Somebody who takes turns. */
export interface Contestant {
  name: string;
  /** The least share of its operations a second that ours has to reach; absent for ours. */
  bound?: number;
  /** Takes a turn of so many seconds, or of so many operations, whichever it can be told. */
  turn(seconds: number, operations: number): Promise<Done>;
}

/** Operations of a client's first turn, before its pace is known. */
const FIRST_OPERATIONS = 1000;

/**
 * Lets all take turns, the first of them being ours, and prints a line for each of the others.
 *
 * @param title What is done.
 * @throws {Error} Where a turn fails.
 */
export async function compareInTurns(
  title: string,
  contestants: readonly Contestant[],
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<void> {
  const paces = contestants.map((): number[] => []);
  // The first round warms up, and tells the paces.
  for (let round = 0; round <= rounds; round++) {
    for (let place = 0; place < contestants.length; place++) {
      // Forwards and backwards, beginning with another one each time.
      const step = round % 2 === 0 ? place : contestants.length - 1 - place;
      const i = (step + round) % contestants.length;
      const known = paces[i]!.at(-1);
      const operations = Math.ceil((known ?? 0) * seconds) || FIRST_OPERATIONS;
      const done = await contestants[i]!.turn(seconds, operations);
      const pace = done.operations / done.seconds;
      if (round <= 1) paces[i]!.length = 0;
      paces[i]!.push(pace);
    }
  }
  const [ours, ...others] = paces as [number[], ...number[][]];
  others.forEach((theirs, i) => {
    const { name, bound = 0 } = contestants[i + 1]!;
    const { ratio } = testOverPairs(ours.map((pace, round) => pace / theirs[round]!));
    const verdict = ratio.low >= bound ? "met" : ratio.high < bound ? "missed" : "inconclusive";
    console.log(
      `${title.padEnd(12)} ${name.padEnd(10)} ${median(theirs).toFixed(0).padStart(9)} ` +
        `${median(ours).toFixed(0).padStart(9)} ${ratio.value.toFixed(3).padStart(7)} ` +
        `[${ratio.low.toFixed(2)} to ${ratio.high.toFixed(2)}] ${bound} ${verdict}`,
    );
  });
}

/** The head of the lines. */
export const TURNS_HEAD = "             beside      theirs/s    ours/s   ratio [95 %]        bound";
