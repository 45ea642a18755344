/**
 * The report.tsv that RocksDB's `tools/benchmark.sh` writes since 7.0: a header, then a row for each
 * test, times in µs.
 */
import { hasUnseen } from "../format/mod.ts";
import type { StatedRecord, WorkloadRecord } from "../result/mod.ts";
import { notNegative, type Place, positive } from "./figures.ts";
import { Damage } from "./damage.ts";
import { cannotImport, shown } from "./import_error.ts";
import type { Imported, ImportedBenchmark, KnownStore } from "./imported.ts";
import { namesText } from "./named.ts";
import { linesOf, type TextFile } from "./text_file.ts";
import { utcOf, zonelessWarning } from "./stated_date.ts";

/** The columns of every version that is known; later ones added to the end. */
const COLUMNS = [
  ..."ops_sec mb_sec lsm_sz blob_sz c_wgb w_amp c_mbps c_wsecs c_csecs b_rgb b_wgb usec_op".split(
    " ",
  ),
  ..."p50 p99 p99.9 p99.99 pmax uptime stall% Nstall u_cpu s_cpu rss test date version".split(" "),
];
const LATER = ["job_id", "githash"];

/** Whether a text looks like this format. */
export function isBenchmarkSh(text: string): boolean {
  return /^(# )?ops_sec(\t| - operations per second)/m.test(text);
}

/**
 * Reads a report.tsv. Each row is what one db_bench printed, so that rows of the same test are runs:
 * the first ones of all tests are one output, the second ones another, and so on.
 *
 * @throws {ResultError} Where the columns are those of another version, a row is not whole, or a
 * figure is none.
 */
export function parseBenchmarkSh({ path, name, text, modified }: TextFile): Imported[] {
  let columns: string[] | undefined;
  const zero: string[] = [];
  const failed: string[] = [];
  const damage = new Damage();
  const rows = new Map<string, Row[]>();
  for (const [index, line] of linesOf(text).entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const place = { path, line: index + 1 };
    if (columns === undefined && !line.includes("\t")) {
      damage.add(cannotImport(path, "no row of a report.tsv; take the line out", place));
      continue;
    }
    const fields = line.split("\t");
    if (columns === undefined || fields[0] === "ops_sec") {
      columns = requireColumns(fields, place);
      continue;
    }
    if (fields[0] === "failed") {
      const test = fields.slice(1).find((field) => field.trim() !== "") ?? "";
      failed.push(`${hasUnseen(test) ? "a test" : test} (line ${place.line})`);
      continue;
    }
    const own = columns;
    const read = damage.orNull(() => readRow(own, fields, place));
    if (read === null) continue;
    const { test, cells } = read;
    // db_bench cuts rates off to whole numbers, and the row has no time beside it.
    if (/^0(\.0+)?$/.test(cells.get("ops_sec")!)) {
      zero.push(`${test} in line ${place.line} is left out: its rate is printed as 0.`);
      continue;
    }
    // Its figures are read here already, so that one that is none costs its row alone.
    if (damage.orNull(() => benchmarksOf(test, { place, cells }, null)) === null) continue;
    rows.set(test, [...(rows.get(test) ?? []), { place, cells }]);
  }
  const failures = failed.length === 0
    ? []
    : [`Failed, as benchmark.sh says, and left out: ${namesText(failed)}.`];
  if (rows.size === 0) {
    if (damage.first !== undefined) throw damage.first;
    const [why] = [...failures, ...zero];
    if (why !== undefined) throw cannotImport(path, `${why.replace(/\.$/, "")}; measure again`);
    throw cannotImport(path, "it has no row; name the report.tsv of a benchmark.sh that ended");
  }
  const warnings = [
    "benchmark.sh writes a rate without the number of operations: each sample stands for one " +
    "second at that rate.",
    "benchmark.sh writes neither keys nor sizes nor durability, but for what the names of tests say.",
    ...failures,
    ...zero,
    ...damage.notes(name),
    ...warningsOf(rows),
  ];
  const most = Math.max(...[...rows.values()].map((own) => own.length));
  return Array.from({ length: most }, (_, run) => {
    const own = [...rows].flatMap(([test, all]) =>
      all[run] === undefined ? [] : [[test, all[run]]]
    );
    return outputOf(own as [string, Row][], { name, modified, warnings });
  });
}

/** A line's cells by their columns, and its test. */
function readRow(columns: readonly string[], fields: readonly string[], place: Place) {
  if (fields.length !== columns.length) {
    throw cannotImport(
      place.path,
      `the row has ${fields.length} fields and the header ${columns.length}; ` +
        "take the file as benchmark.sh wrote it",
      place,
    );
  }
  const cells = new Map(columns.map((column, at) => [column, fields[at]!.trim()]));
  const test = cells.get("test")!;
  if (test === "" || hasUnseen(test)) {
    throw cannotImport(place.path, `a test cannot have the name ${shown(test)}; mend it`, place);
  }
  return { test, cells };
}

/** A row by its columns' names, and where it stands. */
interface Row {
  place: Place;
  cells: Map<string, string>;
}

/** What has to be said of rows that are taken for runs of one thing. */
function warningsOf(rows: ReadonlyMap<string, Row[]>): string[] {
  const all = [...rows.values()].flat();
  const warnings: string[] = [];
  const versions = new Set(all.map(({ cells }) => cells.get("version")!));
  if (versions.size > 1) {
    warnings.push(
      `Rows of ${versions.size} versions of RocksDB are in one file, as if they were one.`,
    );
  }
  for (const [test, own] of rows) {
    const sizes = own.map(({ cells }) => cells.get("lsm_sz")!).filter((size) => gigabytes(size) > 0)
      .sort((a, b) => gigabytes(a) - gigabytes(b));
    const [least, most] = [sizes[0], sizes.at(-1)];
    if (least === undefined || most === undefined || hasUnseen(least + most)) continue;
    if (gigabytes(most) <= MOST_GROWTH * gigabytes(least)) continue;
    warnings.push(
      `Rows of ${test} are of LSM trees of ${least} to ${most}, as if they were one.`,
    );
  }
  if (all.some(({ cells }) => utcOf(cells.get("date")!) !== null)) {
    warnings.push(zonelessWarning("benchmark.sh"));
  }
  return warnings;
}

/** Trees of which one is this many times the other are not the same thing to measure. */
const MOST_GROWTH = 2;

/** `50GB` as a number; 0 where it is none. */
function gigabytes(size: string): number {
  const [, value, unit] = size.match(/^(\d+(?:\.\d+)?)([KMGT]?)B$/) ?? [];
  return Number(value ?? 0) * { "": 1e-9, K: 1e-6, M: 1e-3, G: 1, T: 1e3 }[unit ?? ""]!;
}

/** The rows of one round of tests, as an output. */
function outputOf(
  rows: readonly [test: string, row: Row][],
  { name, modified, warnings }: Pick<Imported, "modified" | "warnings"> & { name: string },
): Imported {
  const versions = new Set(rows.map(([, { cells }]) => cells.get("version")!));
  const [version] = versions;
  const known = versions.size === 1 && version !== undefined && /^\d[\w.]*$/.test(version);
  const dates = rows.map(([, { cells }]) => utcOf(cells.get("date")!));
  const times = dates.flatMap((date) => date ?? []).sort((a, b) => a.getTime() - b.getTime());
  const dated = times.length === dates.length;
  return {
    tool: "benchmark.sh",
    toolVersion: known ? version : null,
    files: [name],
    startedAt: dated ? times[0]! : null,
    endedAt: dated ? times.at(-1)! : null,
    modified,
    environment: {},
    benchmarks: rows.flatMap(([test, row]) => benchmarksOf(test, row, known ? version : null)),
    warnings,
  };
}

function requireColumns(fields: string[], place: Place): string[] {
  const columns = fields.map((field) => field.trim());
  const wanted = [...COLUMNS, ...LATER.slice(0, Math.max(0, columns.length - COLUMNS.length))];
  const at = wanted.findIndex((column, index) => columns[index] !== column);
  if (at >= 0 || columns.length !== wanted.length) {
    const column = at < 0 ? wanted.length : at;
    const found = columns[column];
    const what = found === undefined ? "missing" : shown(found);
    const instead = at < 0 ? "" : ` in place of ${wanted[at]}`;
    throw cannotImport(
      place.path,
      "its columns are those of another version of benchmark.sh " +
        `(column ${column + 1} is ${what}${instead}); import db_bench's own output instead`,
      place,
    );
  }
  return columns;
}

function benchmarksOf(
  test: string,
  { place, cells }: Row,
  version: string | null,
): ImportedBenchmark[] {
  const store: KnownStore | null = version === null ? null : {
    engine: "RocksDB",
    version,
    library: "db_bench",
    api: "sync",
    durability: null,
    network: false,
    options: {},
  };
  const shared = {
    sampling: "flat",
    elements: 1,
    workload: workloadOf(test),
    ...(store === null ? {} : { store }),
  } as const;
  const cell = (column: string) => cells.get(column)!;
  const rate = positive(cell("ops_sec"), `ops_sec of ${test}`, place);
  const micros = positive(cell("usec_op"), `usec_op of ${test}`, place);
  return [
    {
      ...shared,
      name: test,
      kind: "throughput",
      samples: [{ iterations: rate, ns: 1e9, atNs: null }],
    },
    {
      ...shared,
      name: `${test}/latency`,
      kind: "latency",
      samples: [{ iterations: 1, ns: micros * 1e3, atNs: null }],
      stated: { mean: micros * 1e3, ...statedOf(cell, test, place) },
    },
  ];
}

const QUANTILES: [column: string, field: keyof StatedRecord][] = [
  ["p50", "p50"],
  ["p99", "p99"],
  ["p99.9", "p999"],
  ["p99.99", "p9999"],
  ["pmax", "max"],
];

function statedOf(cell: (column: string) => string, test: string, place: Place): StatedRecord {
  const stated: Record<string, number> = {};
  let before = 0;
  for (const [column, field] of QUANTILES) {
    // benchmark.sh leaves empty what it did not find in the log.
    if (cell(column) === "") continue;
    const value = 1e3 * notNegative(cell(column), `${column} of ${test}`, place);
    // p50 has a decimal and p99 none, so the next one may be less by its rounding.
    if (value + 1e3 < before) {
      throw cannotImport(
        place.path,
        `${column} of ${test} is below the percentile before it; take the file as it was written`,
        place,
      );
    }
    before = value;
    stated[field as string] = value;
  }
  return stated;
}

/** What the name of a test says: `overwrite.t16.s0`, `fillseq.wal_disabled.v400`. */
function workloadOf(test: string): Partial<WorkloadRecord> {
  const [name = "", ...parts] = test.split(".");
  const number = (letter: string) => {
    const part = parts.find((part) => new RegExp(`^${letter}\\d{1,9}$`).test(part));
    return part === undefined ? undefined : Number(part.slice(1));
  };
  const [clients, valueBytes] = [number("t"), number("v")];
  const operation = /^(fillseq|filluniquerandom|bulkload|overwrite|overwritesome)$/.test(name)
    ? "put"
    : /^(readrandom|multireadrandom)$/.test(name)
    ? "get"
    : /^(fwdrange|revrange)$/.test(name)
    ? "scan"
    : null;
  return {
    operation,
    ...(name === "fillseq" ? { order: "sequential" as const, clients: 1 } : {}),
    ...(clients === undefined ? {} : { clients }),
    ...(valueBytes === undefined ? {} : { valueBytes }),
  };
}
