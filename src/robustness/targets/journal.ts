/** A bench's journal, and the result that is made of it. */
import assert from "node:assert/strict";
import { JOURNAL_FILE } from "../../disk/mod.ts";
import { benchResult, missingRuns, saveBenchResult } from "../../result/mod.ts";
import { journalOf, sampleJournals, smallResult, smallTroubledResult } from "../samples.ts";
import type { FuzzTarget } from "../target.ts";
import { useResult } from "../use_result.ts";

const sound = smallResult(2);

/** The target. */
export const journal: FuzzTarget = {
  name: "journal",
  what: "`journal.jsonl`, its result, its reports and a comparison",
  seeds: () => [journalOf(smallResult()), journalOf(smallTroubledResult()), ...sampleJournals()],
  read(input, folder, random) {
    Deno.writeFileSync(`${folder}/${JOURNAL_FILE}`, input);
    const result = benchResult(folder);
    requireSamples(input, result.runs.flatMap(({ samples }) => samples));
    missingRuns(result);
    saveBenchResult(folder);
    useResult(result, sound, random);
  },
};

/** Asserts that no sample was lost, made up, or counted twice. */
function requireSamples(input: Uint8Array, samples: readonly { ns: number }[]): void {
  const lines = new TextDecoder().decode(input).split("\n").slice(0, -1);
  const written = lines.flatMap((line) => {
    try {
      const record = JSON.parse(line);
      return record.kind === "sample" ? [record.ns] : [];
    } catch {
      // A torn line, at the end.
      return [];
    }
  });
  assert.deepEqual(samples.map(({ ns }) => ns), written, "the samples are those of the lines");
}
