/**
 * What people said of nights: a line each in a file of the history's own, only ever appended, as the
 * nights' lines are.
 */
import * as v from "valibot";
import { fileReason, isNotThere, readRegularText } from "../disk/mod.ts";
import { FIRST_ISSUE, issueText, NightNote } from "../result/mod.ts";
import { damagedLine, HistoryError } from "./error.ts";

/** The file. */
const NOTES = "notes.jsonl";
/** The largest one that is read; a note has some hundred bytes. */
const MOST_NOTES_BYTES = 16 * 1024 * 1024;
/** Letters of a note's text at most: it stands in tables. */
export const MOST_NOTE_LETTERS = 1000;

/** The path of the notes. */
export function notesFile(directory: string): string {
  return `${directory}/${NOTES}`;
}

/**
 * All notes, in the order in which they were added. A last line that is unfinished, as of a process that
 * was killed while it wrote, is forgiven.
 *
 * @throws {HistoryError} Where a line is damaged, or the file cannot be read.
 */
export function readNotes(directory: string): NightNote[] {
  const path = notesFile(directory);
  let text: string;
  try {
    text = readRegularText(path, MOST_NOTES_BYTES);
  } catch (error) {
    if (isNotThere(error)) return [];
    throw new HistoryError(`Cannot read ${path}: ${fileReason(error)}`, { cause: error });
  }
  const lines = text.split("\n");
  return lines.flatMap((line, at) => {
    if (line === "") return [];
    let json: unknown;
    try {
      json = JSON.parse(line);
    } catch {
      if (at === lines.length - 1) return [];
      throw damaged(path, at, "it is not JSON");
    }
    const parsed = v.safeParse(NightNote, json, FIRST_ISSUE);
    if (!parsed.success) throw damaged(path, at, issueText(parsed.issues));
    return [parsed.output];
  });
}

const damaged = (path: string, at: number, reason: string) =>
  damagedLine("note", `${path}, line ${at + 1}`, reason);
