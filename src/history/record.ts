/** A night as a line of a node's file, `nodes/NODE.jsonl`. */
import * as v from "valibot";
import { NightRecord } from "../result/mod.ts";

const Text = v.string();

/** A line of a node's file: a record, when it was added, and where its files were put. */
export const NightLine = v.looseObject({
  ...NightRecord.entries,
  addedAt: Text,
  /** Folder of the files, relative to the history's directory. */
  folder: v.pipe(
    Text,
    v.check((text) => !/(^|\/)\.{0,2}(\/|$)/.test(text), "it leaves the history"),
  ),
  /** Names of what was put there. */
  files: v.array(Text),
});
export type NightLine = v.InferOutput<typeof NightLine>;
