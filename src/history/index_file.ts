/**
 * The index: the lines of all nodes in a form that is read fast. Nothing is in it that the lines do
 * not have. The file is never written in its place: it is made or brought up to date under another
 * name and then renamed, so that who reads it sees one whole state, and a killed process leaves the
 * one before.
 */
import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { fileReason, isNotThere, replaceBy, REPORT_HTML_FILE } from "../disk/mod.ts";
import { HistoryError } from "./error.ts";
import { parseLines, type PlacedLine, readBytes, readLines } from "./lines.ts";
import type { NightLine } from "./record.ts";

/** The index's file. */
const INDEX_FILE = "index.sqlite";

/** The folder of the nodes' files. */
export const NODES = "nodes";
const SUFFIX = ".jsonl";

/** Changes with the tables: an index of another version is made anew. */
const INDEX_VERSION = 5;

const TABLES = `
  PRAGMA user_version = ${INDEX_VERSION};
  -- What of a node's file is indexed. Its last line's digest tells whether the file has only grown.
  CREATE TABLE file (
    node TEXT PRIMARY KEY, size INTEGER, changed INTEGER,
    last_start INTEGER, last_end INTEGER, last_digest TEXT
  );
  CREATE TABLE line (
    id INTEGER PRIMARY KEY, node TEXT, night TEXT, started INTEGER, result TEXT, digest TEXT,
    start INTEGER, "end" INTEGER, folder TEXT, report INTEGER, measured_commit TEXT,
    missing TEXT
  );
  CREATE INDEX line_place ON line (node, night);
  CREATE TABLE series (
    id INTEGER PRIMARY KEY, node TEXT, benchmark TEXT, metric TEXT, better TEXT,
    UNIQUE (node, benchmark, metric)
  );
  -- What many values have in common.
  CREATE TABLE context (
    id INTEGER PRIMARY KEY, library TEXT, conditions TEXT, estimator TEXT
  );
  CREATE TABLE point (
    series INTEGER, line INTEGER, value REAL, low REAL, high REAL, runs INTEGER, reason TEXT,
    context INTEGER, control TEXT, PRIMARY KEY (series, line)
  ) WITHOUT ROWID;
`;

/** The path of a node's file. */
export function nodeFile(directory: string, node: string): string {
  return `${directory}/${NODES}/${node}${SUFFIX}`;
}

/** A node's file as it is now. */
interface FileState {
  node: string;
  size: number;
  /** When it was last changed, ms. */
  changed: number;
}

/** The nodes' files, in order of the names. */
function nodeFiles(directory: string): FileState[] {
  try {
    return [...Deno.readDirSync(`${directory}/${NODES}`)].map(({ name }) => name)
      .filter((name) => name.endsWith(SUFFIX)).sort().map((name) => {
        const { size, mtime } = Deno.statSync(`${directory}/${NODES}/${name}`);
        return { node: name.slice(0, -SUFFIX.length), size, changed: mtime?.getTime() ?? 0 };
      });
  } catch (error) {
    if (isNotThere(error)) return [];
    throw new HistoryError(`Cannot read ${directory}/${NODES}: ${fileReason(error)}`, {
      cause: error,
    });
  }
}

/** Opens an index that is whole; `undefined` where there is none, or it is not. */
export function openIndex(directory: string): DatabaseSync | undefined {
  const path = `${directory}/${INDEX_FILE}`;
  let database: DatabaseSync | undefined;
  try {
    // SQLite would take a missing file for an empty database.
    Deno.statSync(path);
    database = new DatabaseSync(path, { readOnly: true });
    const version = database.prepare("PRAGMA user_version").get()?.user_version;
    const check = database.prepare("PRAGMA quick_check(1)").get()?.quick_check;
    if (version === INDEX_VERSION && check === "ok") return database;
  } catch {
    // Whatever is wrong with it: the lines have everything, and it is made anew.
  }
  database?.close();
  return undefined;
}

/** What has to be done to an index for it to have all lines. */
export type Staleness = "current" | "grown" | "other";

/** Compares an index with the nodes' files by their sizes and times. */
export function stalenessOf(directory: string, index: DatabaseSync): Staleness {
  const indexed = new Map(
    index.prepare("SELECT node, size, changed FROM file").all()
      .map((row) => [row.node as string, row]),
  );
  let staleness: Staleness = "current";
  for (const { node, size, changed } of nodeFiles(directory)) {
    const row = indexed.get(node);
    indexed.delete(node);
    if (row !== undefined && row.size === size && row.changed === changed) continue;
    if (row !== undefined && (size <= Number(row.size) || !hasOnlyGrown(directory, index, node))) {
      return "other";
    }
    staleness = "grown";
  }
  // The lines of a file that is gone must not be shown.
  return indexed.size > 0 ? "other" : staleness;
}

/** Whether the last indexed line still stands where it stood. */
function hasOnlyGrown(directory: string, index: DatabaseSync, node: string): boolean {
  const row = index.prepare("SELECT * FROM file WHERE node = ?").get(node)!;
  const last = readBytes(
    nodeFile(directory, node),
    Number(row.last_start),
    Number(row.last_end),
  );
  return digestOf(last) === row.last_digest;
}

function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * Makes the index anew, or brings one up to date that has only to grow, and puts it in its place.
 * Nobody else may write the history meanwhile.
 *
 * @param from `grown`: the lines that are new are added to a copy of the index.
 * @throws {HistoryError} Where a line is damaged, or a file cannot be read or written.
 */
export function writeIndex(directory: string, from: "grown" | "other"): void {
  const path = `${directory}/${INDEX_FILE}`;
  const make = (temporary: string) => {
    if (from === "grown") Deno.copyFileSync(path, temporary);
    const database = new DatabaseSync(temporary);
    try {
      // What is written here has no reader, and is thrown away where it does not come to its end.
      database.exec("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
      if (from === "other") database.exec(TABLES);
      indexLines(directory, database);
    } finally {
      database.close();
    }
  };
  try {
    replaceBy(path, make, { alone: true });
  } catch (error) {
    if (error instanceof HistoryError) throw error;
    throw indexError(directory, "write", error);
  }
}

/** Whether an index could not be written since its device is full, or a quota used up. */
export function lacksSpace(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  // Deno's errors of SQLite have no number where a statement was not prepared.
  if (error.code === "ERR_SQLITE_ERROR") return /database or disk is full/.test(error.message);
  return error.code === "ENOSPC" || error.code === "EDQUOT";
}

/** What SQLite says of a row that cannot be kept: SQLITE_CONSTRAINT, _MISMATCH and _TOOBIG. */
const UNKEEPABLE = /constraint failed|datatype mismatch|string or blob too big/;

/** Why an index cannot be written, without the words of the library that keeps it. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error && "code" in error && error.code === "ERR_SQLITE_ERROR")) {
    return fileReason(error);
  }
  if (lacksSpace(error)) return fileReason(Object.assign(new Error(), { code: "ENOSPC" }));
  return UNKEEPABLE.test(error.message)
    ? "a line of it has what no index can keep; take that line out of nodes/, and run history rebuild"
    : "its device does not keep what is written; check the device, and run history rebuild";
}

/** What an index cannot do, in one line. */
function indexError(directory: string, what: "write" | "make", error: unknown): HistoryError {
  const reason = reasonOf(error);
  return new HistoryError(`Cannot ${what} the index of the history ${directory}: ${reason}`, {
    cause: error,
  });
}

/** Makes an index in memory, for a history that may only be read. */
export function indexInMemory(directory: string): DatabaseSync {
  const database = new DatabaseSync(":memory:");
  try {
    database.exec(TABLES);
    indexLines(directory, database);
    return database;
  } catch (error) {
    database.close();
    if (error instanceof HistoryError) throw error;
    throw indexError(directory, "make", error);
  }
}

/** Adds the lines to an index that are not in it yet. */
function indexLines(directory: string, database: DatabaseSync): void {
  const add = lineAdder(database);
  const known = database.prepare(
    "SELECT last_start, last_end, last_digest FROM file WHERE node = ?",
  );
  const note = database.prepare("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?)");
  database.exec("BEGIN");
  for (const { node, size, changed } of nodeFiles(directory)) {
    const path = nodeFile(directory, node);
    const row = known.get(node);
    const from = Number(row?.last_end ?? 0);
    let last: { placed: PlacedLine; bytes: Uint8Array } | undefined;
    for (const line of readLines(path, node, from, size)) {
      add(line.placed);
      last = line;
    }
    if (last === undefined) {
      note.run(
        node,
        size,
        changed,
        row?.last_start ?? 0,
        from,
        row?.last_digest ?? digestOf(new Uint8Array()),
      );
    } else {
      const { start, end } = last.placed;
      note.run(node, size, changed, start, end, digestOf(last.bytes));
    }
  }
  database.exec("COMMIT");
}

function lineAdder(database: DatabaseSync): (placed: PlacedLine) => void {
  const addLine = database.prepare("INSERT INTO line VALUES (NULL,?,?,?,?,?,?,?,?,?,?,?)");
  const addPoint = database.prepare("INSERT OR REPLACE INTO point VALUES (?,?,?,?,?,?,?,?,?)");
  const seriesId = interned(
    database,
    "SELECT id, node, benchmark, metric, better FROM series",
    "INSERT INTO series VALUES (NULL,?,?,?,?)",
    3,
  );
  const contextId = interned(
    database,
    "SELECT id, library, conditions, estimator FROM context",
    "INSERT INTO context VALUES (NULL,?,?,?)",
    3,
  );
  return ({ line, start, end }) => {
    const { lastInsertRowid: id } = addLine.run(
      line.node,
      line.night,
      // When it was begun is not known: before every one of which it is.
      line.times === "files" ? 0 : Date.parse(line.startedAt) || 0,
      line.result,
      line.digest,
      start,
      end,
      line.folder,
      line.files.includes(REPORT_HTML_FILE) ? 1 : 0,
      line.commit,
      line.missing ?? null,
    );
    const libraries = new Map(line.stores.map(({ store, library }) => [store, library]));
    for (const { id: benchmark, store, conditions, estimator, metrics } of line.benchmarks) {
      const context = contextId(libraries.get(store) ?? null, conditions, estimator ?? null);
      for (const { metric, better, value, low, high, runs, reason, control } of metrics) {
        const series = seriesId(line.node, benchmark, metric, better);
        // One column, which most nights leave empty.
        const held = control === undefined
          ? null
          : JSON.stringify({ ...control, what: line.control ?? "" });
        addPoint.run(series, id, value, low, high, runs, reason, context, held);
      }
    }
  };
}

/**
 * Gives rows of a table ids, the same to the same.
 *
 * @param keys How many of the columns after the id tell rows apart.
 */
function interned(database: DatabaseSync, select: string, insert: string, keys: number) {
  const keyOf = (columns: unknown[]) => JSON.stringify(columns.slice(0, keys));
  const statement = database.prepare(insert);
  const ids = new Map<string, number>();
  for (const row of database.prepare(select).all()) {
    const [id, ...columns] = Object.values(row);
    ids.set(keyOf(columns), Number(id));
  }
  return (...columns: (string | null)[]): number => {
    const key = keyOf(columns);
    let id = ids.get(key);
    if (id === undefined) {
      id = Number(statement.run(...columns).lastInsertRowid);
      ids.set(key, id);
    }
    return id;
  };
}

/** A line as the index has it. */
export interface IndexedLine {
  id: number;
  node: string;
  night: string;
  /** When the result was begun, ms; 0 where only the times of its files are known. */
  started: number;
  result: string;
  digest: string;
  start: number;
  end: number;
  folder: string;
  /** Whether a report was added with it. */
  report: boolean;
  commit: string | null;
  /** Why there is no result; `null` where there is one. */
  missing: string | null;
}

/**
 * All lines, or a node's, or those of one of its nights: by night and node, those of one night by
 * start, then by addition.
 */
export function indexedLines(index: DatabaseSync, node?: string, night?: string): IndexedLine[] {
  return index.prepare(
    `SELECT * FROM line WHERE (?1 IS NULL OR node = ?1) AND (?2 IS NULL OR night = ?2)
     ORDER BY night, node, started, id`,
  ).all(node ?? null, night ?? null).map((row) => ({
    id: Number(row.id),
    node: String(row.node),
    night: String(row.night),
    started: Number(row.started),
    result: String(row.result),
    digest: String(row.digest),
    start: Number(row.start),
    end: Number(row.end),
    folder: String(row.folder),
    report: row.report === 1,
    commit: row.measured_commit as string | null,
    missing: row.missing as string | null,
  }));
}

/** The whole line that the index points to. */
export function readLine(directory: string, { node, start, end }: IndexedLine): NightLine {
  const path = nodeFile(directory, node);
  const [placed] = parseLines(readBytes(path, start, end), path, node, start).lines;
  if (placed === undefined) {
    throw new HistoryError(
      `Cannot read the night in ${path}, at byte ${start}: the file was changed by hand; rebuild ` +
        "the index with history rebuild",
    );
  }
  return placed.line;
}
