import type { FactsRecord } from "../result/mod.ts";

/**
 * Holds a run to it that its engine did all of its work: what fails in the background is told by no
 * call.
 *
 * @throws {Error} Where the engine counts flushes or compactions that failed.
 */
export function requireNoBackgroundErrors({ backgroundErrors = 0 }: FactsRecord): void {
  if (backgroundErrors === 0) return;
  const jobs = backgroundErrors === 1 ? "a flush or compaction" : "flushes and compactions";
  throw new Error(
    `The engine failed in the background: ${jobs} met an error (background errors: ` +
      `${backgroundErrors}); is the device full, or does it fail?`,
  );
}
