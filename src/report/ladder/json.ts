/** A ladder for programs. */
import type { Ladder } from "../../analysis/mod.ts";
import type { Result } from "../../result/mod.ts";

/** Version of the form of {@linkcode ladderToJson}'s output. */
const LADDER_VERSION = 1;

/** Writes a ladder as indented JSON: every row with its numbers and verdict, and what tells the result. */
export function ladderToJson(
  { id, startedAt, endedAt, complete, tool, command, seed, profile, environment, suite }: Result,
  ladder: Ladder,
): string {
  const { name, title } = suite;
  return JSON.stringify(
    {
      schema: "tidemark.ladder",
      version: LADDER_VERSION,
      result: {
        id,
        startedAt,
        endedAt,
        complete,
        suite: { name, title },
        tool,
        command,
        seed,
        profile,
        environment,
      },
      ladder,
    },
    null,
    2,
  );
}
