/** A directory of results by date and node, and what they say over the nights. */
import type { DatabaseSync } from "node:sqlite";
import * as v from "valibot";
import { fileReason, isThere, syncPath } from "../disk/mod.ts";
import { printable } from "../format/mod.ts";
import { FIRST_ISSUE, issueText, NightNote, NightRecord, type NightSeries } from "../result/mod.ts";
import { HistoryError } from "./error.ts";
import {
  type IndexedLine,
  indexedLines,
  indexInMemory,
  lacksSpace,
  nodeFile,
  NODES,
  openIndex,
  readLine,
  type Staleness,
  stalenessOf,
  writeIndex,
} from "./index_file.ts";
import { appendLine } from "./lines.ts";
import { LockedError, withLock } from "./lock.ts";
import type {
  Added,
  History,
  HistoryOptions,
  NightFile,
  SeriesFilter,
  Thinned,
  ThinRule,
} from "./model.ts";
import { folderBytes, placeFiles, removeFolder } from "./night_files.ts";
import { MOST_NOTE_LETTERS, notesFile, readNotes } from "./notes.ts";
import { claimHistory } from "./place.ts";
import type { NightLine } from "./record.ts";
import { nightsBetween, readSeries } from "./series.ts";
import { applyRule } from "./thin_rule.ts";

/** How far a node's clock may be ahead, ms. */
const AHEAD_MS = 86_400_000;

/** How long a reader waits to bring the index up to date before it makes one for itself, ms. */
const READER_PATIENCE_MS = 200;

/**
 * Opens a history:
 *
 * ```text
 * history.json                         what makes the directory a history
 * nodes/node01.jsonl                   the truth: a line a result, kept for ever
 * notes.jsonl                          what people said of nights, a line each
 * nights/2026-11-22/node01/RESULT/     result.json, report.html, …, until they are thinned
 * index.sqlite                         made anew from the lines whenever it is not right
 * lock                                 held by the process that writes
 * ```
 *
 * Reading takes no lock but to bring the index up to date; where the directory may only be read, its
 * device is full, or another process is writing, the index is made in memory.
 *
 * @throws {HistoryError} Where the directory is no history, or cannot become one.
 */
export function openHistory(directory: string, options: HistoryOptions = {}): History {
  const { create = false, now = () => new Date().toISOString(), patienceMs = 30_000 } = options;
  const id = claimHistory(directory, create, patienceMs);
  return new OpenHistory(directory, id, now, patienceMs);
}

class OpenHistory implements History {
  readonly directory: string;
  readonly id: string;
  readonly #now: () => string;
  readonly #patienceMs: number;
  #index: DatabaseSync | undefined;

  constructor(directory: string, id: string, now: () => string, patienceMs: number) {
    this.directory = directory;
    this.id = id;
    this.#now = now;
    this.#patienceMs = patienceMs;
  }

  nodes(): string[] {
    return [...new Set(indexedLines(this.#current()).map(({ node }) => node))].sort();
  }

  nights(): string[] {
    const lines = indexedLines(this.#current());
    return lines.length === 0 ? [] : nightsBetween(lines[0]!.night, lines.at(-1)!.night);
  }

  record(night: string, node: string): NightLine | null {
    const lines = indexedLines(this.#current(), node, night);
    const line = lines.findLast(({ missing }) => missing === null) ?? lines.at(-1);
    return line === undefined ? null : readLine(this.directory, line);
  }

  records(): NightLine[] {
    return indexedLines(this.#current()).map((line) => readLine(this.directory, line));
  }

  series(filter: SeriesFilter = {}): NightSeries[] {
    return readSeries(this.#current(), filter, (path) => this.#hasFile(path));
  }

  add(record: NightRecord, files: readonly NightFile[]): Added {
    const parsed = v.safeParse(NightRecord, record, FIRST_ISSUE);
    if (!parsed.success) {
      throw new HistoryError(
        `Cannot add ${record.result} to the history: ${issueText(parsed.issues)}`,
      );
    }
    requireKeepable(record);
    const now = this.#now();
    if (Date.parse(record.night) > Date.parse(now) + AHEAD_MS) {
      throw new HistoryError(
        `Cannot add ${record.result} to the history: the night ${record.night} is yet to come; ` +
          "check the clock, or name another night",
      );
    }
    return this.#write(() => {
      const lines = indexedLines(this.#current({ locked: true }), record.node);
      if (lines.length === 0) this.#requireOwnName(record);
      const known = lines.find(({ digest }) => digest === record.digest);
      if (known !== undefined && known.night !== record.night) {
        throw new HistoryError(
          `Cannot add ${record.result} to the history as ${record.night}: it is there already, as ` +
            `${known.night} of ${known.node}`,
        );
      }
      const others = lines
        .filter((line) => line.night === record.night && line !== known)
        .map((line) => readLine(this.directory, line));
      if (known !== undefined) {
        return { state: "known", line: readLine(this.directory, known), others };
      }
      return { state: "added", line: this.#append(record, files, lines, now), others };
    });
  }

  /** Where a node is new: one whose name differs by case alone is most likely the same, and the same file elsewhere. */
  #requireOwnName({ node, result }: NightRecord): void {
    const twin = this.nodes().find((name) => name.toLowerCase() === node.toLowerCase());
    if (twin === undefined) return;
    throw new HistoryError(
      `Cannot add ${result} to the history as of ${node}: it has the node ${twin}, which differs by ` +
        "capital letters alone; use that name, or quite another",
    );
  }

  #append(
    record: NightRecord,
    files: readonly NightFile[],
    lines: readonly IndexedLine[],
    now: string,
  ): NightLine {
    // The files first: a line never points to what was not copied.
    const taken = new Set(lines.map(({ folder }) => folder));
    const folder = placeFiles(this.directory, record, files, taken);
    const line: NightLine = {
      ...record,
      addedAt: now,
      folder,
      files: files.map(({ name }) => name),
    };
    const path = nodeFile(this.directory, record.node);
    try {
      Deno.mkdirSync(`${this.directory}/${NODES}`, { recursive: true });
      appendLine(path, line);
      syncPath(`${this.directory}/${NODES}`);
    } catch (error) {
      removeFolder(this.directory, folder);
      throw error;
    }
    return line;
  }

  notes(): NightNote[] {
    return readNotes(this.directory);
  }

  note(notes: Parameters<History["note"]>[0]): void {
    const addedAt = this.#now();
    const lines = notes.map((note): NightNote => {
      const line = { schema: "tidemark.night-note", version: 1, ...note, addedAt };
      const parsed = v.safeParse(NightNote, line, FIRST_ISSUE);
      if (!parsed.success) {
        throw new HistoryError(`Cannot add a note: ${issueText(parsed.issues)}`);
      }
      const { text } = parsed.output;
      const { length } = text;
      if (length === 0 || length > MOST_NOTE_LETTERS || !text.isWellFormed()) {
        throw new HistoryError(
          `Cannot add a note of ${length} letters: write 1 to ${MOST_NOTE_LETTERS}`,
        );
      }
      return parsed.output;
    });
    this.#write(() => {
      // What is damaged already is said before anything is added behind it.
      readNotes(this.directory);
      for (const line of lines) appendLine(notesFile(this.directory), line);
      syncPath(this.directory);
    });
  }

  rebuild(): number {
    return this.#write(() => {
      this.close();
      writeIndex(this.directory, "other");
      return indexedLines(this.#current({ locked: true })).length;
    });
  }

  thin(rule: ThinRule = {}, { dryRun = false }: { dryRun?: boolean } = {}): Thinned {
    const thin = (locked: boolean): Thinned => {
      const lines = indexedLines(this.#current({ locked }));
      const newest = lines.at(-1)?.night;
      if (newest === undefined) return { removed: [], spared: [], kept: 0, keptBytes: 0 };
      const placed = lines.flatMap((line) => {
        const bytes = folderBytes(this.directory, line.folder);
        return bytes === null ? [] : [{ line: readLine(this.directory, line), bytes }];
      });
      const said = applyRule(placed, newest, rule);
      const removed = said.filter(({ remove }) => remove)
        .map(({ line, bytes }) => ({ line, bytes }));
      if (!dryRun) { for (const { line } of removed) removeFolder(this.directory, line.folder); }
      return {
        removed,
        spared: said.flatMap(({ line, spared }) =>
          spared === null ? [] : [{ line, reason: spared }]
        ),
        kept: said.length - removed.length,
        keptBytes: said.reduce((sum, { remove, bytes }) => remove ? sum : sum + bytes, 0),
      };
    };
    return dryRun ? thin(false) : this.#write(() => thin(true));
  }

  close(): void {
    this.#index?.close();
    this.#index = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #write<T>(action: () => T): T {
    return withLock(this.directory, this.#patienceMs, action);
  }

  /**
   * An index that has every line that is whole now.
   *
   * @param locked Whether this process holds the lock.
   */
  #current({ locked = false } = {}): DatabaseSync {
    if (this.#index !== undefined && stalenessOf(this.directory, this.#index) === "current") {
      return this.#index;
    }
    this.close();
    // Another process may have brought it up to date.
    const staleness = this.#open();
    if (staleness === "current") return this.#index!;
    const update = () => {
      this.close();
      const staleness = this.#open();
      this.close();
      if (staleness !== "current") writeIndex(this.directory, staleness);
    };
    try {
      if (locked) update();
      else withLock(this.directory, READER_PATIENCE_MS, update);
    } catch (error) {
      const { cause } = error as Error;
      // What is asked, and what is to be added, needs the lines and no file of the index.
      const full = error instanceof HistoryError && lacksSpace(cause);
      const forgiven = error instanceof LockedError ||
        error instanceof HistoryError && mayNotWrite(cause);
      if (!full && (locked || !forgiven)) throw error;
      this.#index = indexInMemory(this.directory);
      return this.#index;
    }
    this.#open();
    return this.#index ??= indexInMemory(this.directory);
  }

  /** Whether there is something at a path relative to the directory. */
  #hasFile(path: string): boolean {
    try {
      return isThere(`${this.directory}/${path}`);
    } catch (error) {
      throw new HistoryError(`Cannot read ${this.directory}/${path}: ${fileReason(error)}`, {
        cause: error,
      });
    }
  }

  /** Opens the index's file where there is a whole one. */
  #open(): Staleness {
    this.#index = openIndex(this.directory);
    return this.#index === undefined ? "other" : stalenessOf(this.directory, this.#index);
  }
}

/**
 * Refuses names that no index and no UTF-8 file keeps as they are: two of them may become one, and the
 * history would then be in the way of every node's.
 */
function requireKeepable({ result, benchmarks, stores }: NightRecord): void {
  const names = [result, ...benchmarks.map(({ id }) => id), ...stores.map(({ store }) => store)];
  const name = names.find((name) => name.includes("\0") || !name.isWellFormed());
  if (name === undefined) return;
  const [what, odd] = [result, name].map(printable);
  throw new HistoryError(
    `Cannot add ${what} to the history: the name "${odd}" holds a NUL or half a surrogate pair; ` +
      "name it anew",
  );
}

/** Whether something failed since the directory may only be read. */
function mayNotWrite(cause: unknown): boolean {
  if (cause instanceof Deno.errors.NotCapable || cause instanceof Deno.errors.PermissionDenied) {
    return true;
  }
  return cause instanceof Error && "code" in cause && cause.code === "EROFS";
}
