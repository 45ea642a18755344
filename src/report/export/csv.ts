/** Results as CSV (RFC 4180, UTF-8, lines ended by CRLF). */
import type { Analysis } from "../../analysis/mod.ts";
import type { Result } from "../../result/mod.ts";

/** What a cell can be; `null` is left empty. */
type Cell = string | number | boolean | null;

const SAMPLE_COLUMNS = [
  "benchmark",
  "store",
  "name",
  "kind",
  "elements",
  "run",
  "position",
  "state",
  "superseded",
  "sample",
  "iterations",
  "ns",
  "at_ns",
];

/**
 * Every sample of a result, also of runs that no figure is made of, which `state` and `superseded`
 * tell apart. Times are nanoseconds.
 */
export function toSamplesCsv({ benchmarks, runs }: Result): string {
  const known = new Map(benchmarks.map((benchmark) => [benchmark.id, benchmark]));
  return csv(
    SAMPLE_COLUMNS,
    runs.flatMap((run) =>
      run.samples.map(({ iterations, ns, atNs }, sample) => {
        const benchmark = known.get(run.benchmark);
        return [
          run.benchmark,
          benchmark?.store ?? null,
          benchmark?.name ?? null,
          benchmark?.kind ?? null,
          benchmark?.elements ?? null,
          run.run,
          run.position,
          run.state,
          run.superseded ?? false,
          sample,
          iterations,
          ns,
          atNs,
        ];
      })
    ),
  );
}

const METRIC_COLUMNS = [
  "benchmark",
  "store",
  "name",
  "kind",
  "operation",
  "metric",
  "unit",
  "value",
  "low",
  "high",
  "confidence",
  "standard_error",
  "n",
  "method",
  "pooled",
  "reason",
];

/**
 * Every metric of an analysis with its interval, or with the reason why there is none; a value that
 * has no interval stands alone. `pooled` is a quantile of the operations of all runs together, which
 * is another number. Times are nanoseconds for one operation, rates are operations a second.
 */
export function toMetricsCsv({ benchmarks }: Analysis): string {
  return csv(
    METRIC_COLUMNS,
    benchmarks.flatMap((benchmark) =>
      benchmark.metrics.map(({ metric, estimate, point, pooled, reason }) => [
        benchmark.id,
        benchmark.store,
        benchmark.name,
        benchmark.kind,
        benchmark.operation,
        metric,
        metric === "throughput" ? "ops/s" : "ns",
        ...(estimate === null ? [point ?? null, null, null, null, null, null, null] : [
          estimate.value,
          estimate.low,
          estimate.high,
          estimate.confidence,
          estimate.standardError,
          estimate.n,
          estimate.method,
        ]),
        pooled ?? null,
        reason,
      ])
    ),
  );
}

function csv(columns: readonly string[], rows: readonly Cell[][]): string {
  return [columns, ...rows].map((row) => `${row.map(cellText).join(",")}\r\n`).join("");
}

/**
 * What a spreadsheet takes for a formula, also behind white space and what is not seen, which some
 * strip: it shows one after an apostrophe. The forms of full width are taken for the same signs.
 */
const FORMULA = /^[\s\p{C}]*[=+\-@|%\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/u;

/** A terminal's control sequence (CSI of ECMA-48), which some programs take out of a text. */
// deno-lint-ignore no-control-regex -- an escape is what it looks for.
const CONTROL_SEQUENCE = new RegExp("(?:\\u001b\\[|\\u009b)[0-?]*[ -/]*[@-~]", "g");

function cellText(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell !== "string") return String(cell);
  const text = FORMULA.test(cell.replace(CONTROL_SEQUENCE, "")) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
