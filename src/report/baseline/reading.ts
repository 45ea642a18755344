import { formatPercent, formatPercentBound, joinWords } from "../../format/mod.ts";
import type { Analysis } from "../../analysis/mod.ts";
import type { Result } from "../../result/mod.ts";
import { LEAST_SAMPLES, shareMissed } from "../../stats/mod.ts";
import { type Block, heading, list, status, strong } from "../document.ts";

/** What the words, marks and figures of a report mean. */
export function reading(_result: Result, { confidence, resamples }: Analysis): Block[] {
  const level = formatPercentBound(confidence);
  const missed = joinWords(
    [3, 5, 10].map((runs) => `${formatPercent(shareMissed(runs))} at ${runs}`),
  );
  const drawn = resamples.toLocaleString("en-US");
  return [
    heading(2, "How to read this page", { apart: "how-to-read" }),
    list([
      [
        strong("Intervals"),
        ` stand in brackets after a value: 10.4 µs (10.1–10.8). They are at ${level} confidence, ` +
        "each on its own, so of many rows some miss the true value. With three runs or more they " +
        "come from the differences between runs, which are fresh processes with fresh databases; " +
        `else from inside the runs (${drawn} resamples of the samples), and the report says that they hold inside ` +
        "those runs only.",
      ],
      [
        status("met"),
        ": the whole interval is on the good side of the target. ",
        status("met in one run"),
        ": the same in fewer than three runs, which say nothing of the next one. ",
        status("missed"),
        ": none of it is. ",
        status("inconclusive"),
        ": the bound lies inside the interval, and more runs may settle it.",
      ],
      [
        strong("p50, p90, p99, p99.9"),
        " are the latencies that 50%, 90%, 99% and 99.9% of a run's single operations did not exceed. They " +
        "are read from histograms of every operation, and have no value where fewer than ten operations of a " +
        "run lie beyond them: that is said to be too few operations. Of several runs it is the geometric mean of the runs' own: that of a typical run, " +
        "with the interval of the same.",
      ],
      [
        strong("What few runs cannot show"),
        ": a mode that a share of all runs is in is missed altogether by R runs in one of twenty benches " +
        `where the share is 1 − 0.05^(1/R): ${missed}. No interval over these runs knows of it. So it is of ` +
        "samples.",
      ],
      [
        strong("Pooled"),
        " is the quantile of all runs' operations together. It is larger the more the runs differ, since " +
        "the slowest run has most of the tail, and has no interval.",
      ],
      [
        strong("Runs or samples in the place of an interval"),
        ": they differ so much (the interval's ends lie more than tenfold apart), or are so few (of samples " +
        `fewer than ${LEAST_SAMPLES}), that it would say nothing.`,
      ],
      [
        strong("The mean time"),
        " comes from batches that were timed as a whole, so the clock is hardly in it; a latency is one " +
        "operation by itself, and includes a reading of the clock, and so does the service mean of a load, " +
        "which is that of its single operations. Of several operations in flight the mean time is the wall " +
        "time for each of them, which is less than the latency of one.",
      ],
      [
        strong("Outliers"),
        " are samples beyond Tukey's fences, 1.5 (mild) or 3 (severe) times the distance between the " +
        "quartiles outside them, each run by its own. They are counted and never dropped.",
      ],
      [
        strong("Figures"),
        " have one colour for each store throughout. A log scale has the same distance from 1 to 10 " +
        "as from 10 to 100. Under each figure stand how to read it and its numbers. On the HTML page, a figure of " +
        "samples tells the value of the one under the pointer.",
      ],
      [
        strong("Rows of the comparison"),
        " were measured by different people on different machines: network, durability, clients and " +
        "value size stand beside them, because they explain more than the systems do.",
      ],
    ]),
  ];
}
