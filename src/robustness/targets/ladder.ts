/** A result over several releases, in turns and not, as `report` reads it. */
import assert from "node:assert/strict";
import { isLadder, judgeLadder } from "../../analysis/mod.ts";
import { sampleLadder, sampleLadderInTurns } from "../../analysis/ladder/_testing/sample_ladder.ts";
import { RESULT_FILE } from "../../disk/mod.ts";
import { buildLadderReport, ladderToJson, toHtml, toMarkdown } from "../../report/mod.ts";
import { readResult, type Result } from "../../result/mod.ts";
import { CONTROL } from "../control.ts";
import type { FuzzTarget } from "../target.ts";

/** Few benchmarks and samples, so that many can be read in a second. */
function shortened(result: Result): Result {
  const names = new Set(
    [...new Set(result.benchmarks.map(({ name }) => name))].slice(0, 2),
  );
  const benchmarks = result.benchmarks.filter(({ name }) => names.has(name));
  const ids = new Set(benchmarks.map(({ id }) => id));
  return {
    ...result,
    benchmarks,
    runs: result.runs.filter(({ benchmark }) => ids.has(benchmark))
      .map((run) => ({ ...run, samples: run.samples.slice(0, 12) })),
  };
}

const rungs = [
  { name: "7.8.3", factor: 1, options: { "block_size": "4096", "ttl": "0" } },
  { name: "8.11.4", factor: 0.8, options: { "block_size": "4096", "ttl": "1" } },
  { name: "10.4.2", factor: 1.1, compiler: "GCC 13.2.0" },
];

/** The target. */
export const ladder: FuzzTarget = {
  name: "ladder",
  what: "`result.json` over several releases, one after the other and in turns, and its report",
  seeds: () =>
    [
      sampleLadder(rungs, 3, 1, 300),
      sampleLadderInTurns(rungs, 3, { groups: [["7.8.3", "8.11.4", "10.4.2"]] }),
    ].map((result) => JSON.stringify(shortened(result))),
  read(input, folder) {
    Deno.writeFileSync(`${folder}/${RESULT_FILE}`, input);
    const result = readResult(`${folder}/${RESULT_FILE}`);
    // The report of one that is none any more is the other fuzzer's.
    if (!isLadder(result)) return;
    const judged = judgeLadder(result);
    const document = buildLadderReport(result, judged);
    assert.doesNotMatch(toMarkdown(document), CONTROL, "the Markdown has control characters");
    assert.doesNotMatch(toHtml(document), CONTROL, "the page has control characters");
    JSON.parse(ladderToJson(result, judged));
  },
};
