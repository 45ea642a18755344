/** A bench that is long enough to be ended in the middle, and what it must then have kept. */
import assert from "node:assert/strict";
import { readJournal, readResult } from "../../../result/mod.ts";
import { isThere, run, TINY } from "./tidemark.ts";

/** A plan that takes more than two seconds, most of them measuring. */
const FLAGS = ["--out", "out", "--store", "level", "--filter", "read", "--runs", "2"];
/** The arguments of the bench, whose result is in `out`. */
export const INTERRUPTED_BENCH: readonly string[] = [TINY, "--profile", "quick", ...FLAGS];
/** Two runs, and one of calibration. */
const PLANNED = 3;

/** Samples in the lines of its journal that are whole; none where there is no journal. */
export function samplesInJournal(cwd: string): string[] {
  const path = `${cwd}/out/journal.jsonl`;
  if (!isThere(path)) return [];
  return Deno.readTextFileSync(path).split("\n").slice(0, -1)
    .map((line) => JSON.parse(line)).filter(({ kind }) => kind === "sample")
    .map(({ iterations, ns, atNs }) => `${iterations} ${ns} ${atNs}`);
}

/** Samples in its result. */
export function samplesInResult(cwd: string): string[] {
  return readResult(`${cwd}/out/result.json`).runs.flatMap(({ samples }) => samples)
    .map(({ iterations, ns, atNs }) => `${iterations} ${ns} ${atNs}`);
}

/** Resumes, and expects all that was there before to be there still, and the plan to be done. */
export async function expectResumed(cwd: string, before: string[]): Promise<void> {
  const { code, err } = await run("bench", ["--resume", "out"], { cwd });
  assert.equal(code, 0, err);
  const result = readResult(`${cwd}/out/result.json`);
  assert.equal(result.complete, true);
  const counted = result.runs.filter(({ superseded }) => !superseded);
  assert.equal(counted.length, PLANNED);
  assert.ok(counted.every(({ state }) => state === "ended"));
  assert.deepEqual(samplesInResult(cwd).slice(0, before.length), before, "no sample is lost");
  assert.equal(readJournal(`${cwd}/out/journal.jsonl`).torn, false);
  assert.equal(isThere(`${cwd}/out/data`), false, "no database is left");
}
