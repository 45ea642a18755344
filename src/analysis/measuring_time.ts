/** When a result was measured. */
import type { Result } from "../result/mod.ts";

/**
 * When the measuring began (ISO 8601).
 *
 * @returns `null` where another tool did not say it: when its files were last changed is when they
 * were copied or checked out, and no fact about the measuring.
 */
export function measuredFrom({ startedAt, imported }: Result): string | null {
  return imported?.times === "files" ? null : startedAt;
}
