/** Names of what holds several benches: a bench over nodes, a night. */
import { benchId } from "./session.ts";

/** A suite's name, as far as it can be a part of a file's: of `suites/mine.ts` it is `mine`. */
export function suiteWord(suite: string): string {
  return suite.replace(/^.*\//, "").replace(/\.ts$/, "").replaceAll(/[^A-Za-z0-9_-]/g, "-");
}

/**
 * An id as a bench's, and like no other: two machines may begin in the same second, and then meet
 * on a third.
 *
 * @param suite By name or by file.
 */
export function sessionId(suite: string, startedAt: Date): string {
  return `${benchId(suiteWord(suite), startedAt)}-${crypto.randomUUID().slice(0, 4)}`;
}
