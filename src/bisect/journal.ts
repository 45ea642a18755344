/** A search's journal: what was asked for, and what happened, a line of JSON each. */
import * as v from "valibot";
import {
  appendWhole,
  fileReason,
  openLocked,
  type OutputFile,
  readRegularText,
} from "../disk/mod.ts";
import { BisectError } from "./error.ts";

/** Its name in a search's folder. */
export const BISECT_FILE = "bisect.jsonl";

const MOST_BYTES = 16 * 1024 * 1024;
const Text = v.string();
const Num = v.pipe(v.number(), v.finite());
const Commit = v.pipe(v.number(), v.integer(), v.minValue(0));

/** The first line: all of it decides what is measured, and a resume has to ask for the same. */
export const BisectPlan = v.object({
  kind: v.literal("plan"),
  schema: v.literal("tidemark.bisect"),
  version: v.literal(1),
  /** The good one, and those after it, oldest first. */
  commits: v.pipe(v.array(Text), v.minLength(2)),
  command: Text,
  plugin: v.nullable(Text),
  suite: Text,
  benchmark: Text,
  error: Num,
  seed: Num,
});
export type BisectPlan = v.InferOutput<typeof BisectPlan>;

/** Something that happened; what is kept besides is for a reader. */
export const BisectLine = v.variant("kind", [
  v.object({
    kind: v.literal("measured"),
    base: Commit,
    candidate: Commit,
    logs: v.pipe(v.array(Num), v.minLength(1)),
    why: Text,
  }),
  v.object({ kind: v.literal("skipped"), commit: Commit, reason: Text }),
]);
export type BisectLine = v.InferOutput<typeof BisectLine>;

/** A search's journal, open to be gone on with. */
export class BisectJournal implements Disposable {
  readonly #file: OutputFile;
  #end: number;
  /** What happened so far. */
  readonly lines: BisectLine[];

  private constructor(file: OutputFile, lines: BisectLine[], end: number) {
    this.#file = file;
    this.lines = lines;
    this.#end = end;
  }

  /**
   * Begins a journal.
   *
   * @param folder A new or empty one.
   * @throws {BisectError} Where it cannot be written.
   */
  static begin(folder: string, plan: BisectPlan): BisectJournal {
    const journal = new BisectJournal(opened(`${folder}/${BISECT_FILE}`, true), [], 0);
    journal.#append(plan);
    return journal;
  }

  /**
   * Goes on with a journal.
   *
   * @throws {BisectError} Where there is none, another plan is asked for, or another process writes it.
   */
  static resume(folder: string, plan: BisectPlan): BisectJournal {
    const path = `${folder}/${BISECT_FILE}`;
    const { lines, end } = read(path, plan);
    const file = opened(path, false);
    try {
      // A line that a killed process left unfinished.
      file.truncateSync(end);
    } catch (error) {
      file.close();
      throw new BisectError(`Cannot write ${path}: ${fileReason(error)}`, "usage", {
        cause: error,
      });
    }
    return new BisectJournal(file, lines, end);
  }

  /** Writes down what happened. */
  add(line: BisectLine): void {
    this.#append(line);
    this.lines.push(line);
  }

  #append(line: BisectPlan | BisectLine): void {
    const bytes = new TextEncoder().encode(`${JSON.stringify(line)}\n`);
    appendWhole(this.#file, bytes, this.#end);
    this.#end += bytes.length;
  }

  /** Closes it. */
  [Symbol.dispose](): void {
    this.#file.close();
  }
}

function opened(path: string, createNew: boolean): OutputFile {
  try {
    const file = openLocked(path, createNew ? { createNew, append: true } : { append: true });
    if (file !== null) return file;
  } catch (error) {
    throw new BisectError(`Cannot write ${path}: ${fileReason(error)}`, "usage", { cause: error });
  }
  throw new BisectError(`Cannot write ${path}: another process is at it; wait for its end`);
}

/** The plan's fields, in words. */
const ASKED = {
  commits: "GOOD and BAD",
  command: "--run",
  plugin: "--plugin",
  suite: "--suite",
  benchmark: "--filter",
  error: "--error",
} as const satisfies Partial<Record<keyof BisectPlan, string>>;

function read(path: string, plan: BisectPlan): { lines: BisectLine[]; end: number } {
  let text: string;
  try {
    text = readRegularText(path, MOST_BYTES);
  } catch (error) {
    throw new BisectError(`Cannot read ${path}: ${fileReason(error)}`, "usage", { cause: error });
  }
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  const [first, ...rest] = whole.split("\n").slice(0, -1);
  const damaged = (line: number) =>
    new BisectError(`Cannot go on with ${path}: line ${line} is damaged; begin anew`);
  const parsed = v.safeParse(BisectPlan, json(first ?? ""));
  if (!parsed.success) throw damaged(1);
  for (const [field, name] of Object.entries(ASKED)) {
    const [kept, asked] = [parsed.output, plan].map((one) =>
      JSON.stringify(one[field as keyof typeof ASKED])
    );
    if (kept === asked) continue;
    throw new BisectError(
      `Cannot go on with ${path}: it was begun with another ${name}; give the same call again`,
    );
  }
  const lines = rest.map((line, at) => {
    const parsed = v.safeParse(BisectLine, json(line));
    const most = plan.commits.length - 1;
    const isWrong = !parsed.success ||
      (parsed.output.kind === "skipped"
        ? parsed.output.commit > most
        : parsed.output.base >= parsed.output.candidate || parsed.output.candidate > most);
    if (isWrong) throw damaged(at + 2);
    return parsed.output;
  });
  return { lines, end: new TextEncoder().encode(whole).length };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
