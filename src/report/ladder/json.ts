/** A ladder for programs. */
import type { Ladder } from "../../analysis/mod.ts";
import type { Result } from "../../result/mod.ts";
import { resultHead } from "../json.ts";

/** Version of the form of {@linkcode ladderToJson}'s output. */
const LADDER_VERSION = 1;

/** Writes a ladder as indented JSON: every row with its numbers and verdict, and what tells the result. */
export function ladderToJson(result: Result, ladder: Ladder): string {
  return JSON.stringify(
    {
      schema: "tidemark.ladder",
      version: LADDER_VERSION,
      result: resultHead(result),
      ladder,
    },
    null,
    2,
  );
}
