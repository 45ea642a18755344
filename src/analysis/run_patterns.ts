/** Runs for which the interval over them does not mean what it says, told of beside their numbers. */
import type { RunRecord } from "../result/mod.ts";
import { runPatterns } from "../stats/mod.ts";
import { formatFactor, plural } from "../format/mod.ts";
import type { Remark } from "../remark/mod.ts";

/**
 * What the times of a benchmark's runs look like, in the order in which they were measured.
 *
 * @param times Of the runs, ns for one operation.
 */
export function patternRemarks(
  id: string,
  runs: readonly RunRecord[],
  times: readonly number[],
): Remark<"measurement">[] {
  const order = runs.map((run, index) => ({ run, time: times[index]! }))
    .toSorted((a, b) => a.run.position - b.run.position);
  const { farOff, modes, drift } = runPatterns(order.map(({ time }) => time));
  const remarks: Remark<"measurement">[] = [];
  const tell = (
    what: string,
    condition: string,
    numbers: Record<string, number>,
    text: string,
  ) => {
    remarks.push({
      id: what,
      topic: "measurement",
      severity: "warn",
      about: [id],
      condition,
      numbers,
      text,
    });
  };
  if (farOff !== null) {
    const { run } = order[farOff.place]!.run;
    const factor = formatFactor(farOff.factor);
    tell(
      "run-far-off",
      "one run's time is farther from the nearest other's than Dixon's test allows at 99 %",
      { run, factor: farOff.factor },
      `Run ${run} of ${id} took ${factor} the time of the run nearest to it, and the others lie close ` +
        "together: the interval takes all runs for of one kind, and holds the mean less often than it " +
        "says.",
    );
  }
  if (modes !== null) {
    const [lower, upper] = [modes.lower, plural(modes.upper, "run")];
    const factor = formatFactor(modes.factor);
    tell(
      "run-modes",
      "the runs' times lie in two groups with a gap in between that 1 % of normal ones have",
      { lower: modes.lower, upper: modes.upper, factor: modes.factor },
      `The runs of ${id} lie in two groups, ${lower} faster and ${upper} ${factor} as slow or slower, ` +
        "with none in between: the interval is of their mean, which no run has.",
    );
  }
  if (drift !== null) {
    const factor = formatFactor(drift.factor);
    tell(
      "session-drift",
      "the runs' times follow a line over the session (p < 0.005)",
      { factor: drift.factor, p: drift.p },
      `Over the session the runs of ${id} changed to ${factor} of their time: the machine changed ` +
        "meanwhile, the interval takes the runs for independent of their order, and holds the mean less " +
        "often than it says.",
    );
  }
  return remarks;
}
