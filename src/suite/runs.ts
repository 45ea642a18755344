/** Runs that a suite asks for of one benchmark. */
import * as v from "valibot";

/** Runs of a benchmark that nobody can ask for more of. */
export const MOST_RUNS = 1000;

/** Such a number, as the fields of a benchmark have it. */
export const OwnRuns = v.pipe(
  v.number(),
  v.check(
    (value) => Number.isInteger(value) && value >= 1 && value <= MOST_RUNS,
    `give a whole number of runs from 1 to ${MOST_RUNS}`,
  ),
);
