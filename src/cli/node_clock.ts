/** The clock of the node that a result was measured on, as the record of its bench over nodes has it. */
import { basename, dirname, resolve } from "node:path";
import { ClusterError, isOff, offText, readSession } from "../cluster/mod.ts";
import { RESULT_FILE } from "../disk/mod.ts";
import type { Result } from "../result/mod.ts";
import { UsageError } from "./usage_error.ts";

/**
 * What is to be said of a result whose node had another time than the machine that asked it to measure.
 *
 * @param path Of the result, or of its directory.
 * @returns A sentence, `null` where its clock was right or is not known.
 * @throws {UsageError} Where its night is another one by the right time.
 */
export function nodeClockNote(path: string, { startedAt }: Result): string | null {
  const whole = resolve(path);
  const folder = basename(whole) === RESULT_FILE ? dirname(whole) : whole;
  const clock = clockIn(dirname(folder), basename(folder));
  if (clock === null || !isOff(clock)) return null;
  const right = new Date(Date.parse(startedAt) - clock.aheadSeconds * 1000).toISOString();
  const [told, night] = [startedAt, right].map((time) => time.slice(0, 10));
  const off = offText(clock);
  if (told === night) return `${path} has the times of its node's clock, which was ${off}`;
  throw new UsageError(
    `Cannot tell the night of ${path}: its node's clock was ${off}, and says ${told} for ${night}; ` +
      `name it with --night ${night}`,
  );
}

/** How far a node's clock was off, by the record in the folder that has the node's. */
function clockIn(session: string, node: string) {
  try {
    return readSession(session).rows.find((row) => row.node === node)?.clock ?? null;
  } catch (error) {
    // Most results are of no bench over nodes.
    if (error instanceof ClusterError) return null;
    throw error;
  }
}
