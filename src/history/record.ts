/** A night as a line of a node's file, `nodes/NODE.jsonl`. */
import * as v from "valibot";
import { NightRecord } from "../result/mod.ts";
import { folderOf } from "./folder_of.ts";

const Text = v.string();

/** Whether a text names something in a folder, and nothing elsewhere. */
function isFileName(text: string): boolean {
  return text !== "" && text !== "." && text !== ".." && !/[/\\\0]/.test(text);
}

/** Whether a line's folder is the one that its night makes, or a later one of the same name. */
function isInItsFolder(
  line: Pick<NightRecord, "night" | "node" | "result"> & { folder: string },
): boolean {
  const own = folderOf(line);
  return line.folder === own || /^-\d{1,9}$/.test(line.folder.slice(own.length)) &&
      line.folder.startsWith(own);
}

/**
 * A line of a node's file: a record, when it was added, and where its files were put. The folder is
 * removed with all in it when the night is thinned, and its files are published: a line can name no
 * other than its own.
 */
export const NightLine = v.pipe(
  v.looseObject({
    ...NightRecord.entries,
    addedAt: Text,
    /** Folder of the files, relative to the history's directory. */
    folder: v.pipe(
      Text,
      v.check((text) => !/(^|\/)\.{0,2}(\/|$)/.test(text), "it leaves the history"),
    ),
    /** Names of what was put there. */
    files: v.array(v.pipe(Text, v.check(isFileName, "it is no file's name"))),
  }),
  v.forward(
    v.partialCheck(
      [["night"], ["node"], ["result"], ["folder"]],
      isInItsFolder,
      "it is not the folder of the line's night, node and result",
    ),
    ["folder"],
  ),
);
export type NightLine = v.InferOutput<typeof NightLine>;
