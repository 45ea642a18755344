/** A line of a history, and what all commands make of a history that has it. */
import assert from "node:assert/strict";
import { judgeHistory } from "../../analysis/mod.ts";
import { openHistory } from "../../history/mod.ts";
import { nightAt, sampleNight } from "../../history/_testing/sample_night.ts";
import { siteOptions } from "../../night/mod.ts";
import { pagesOf } from "../../night/pages.ts";
import { historyToConsole } from "../../report/mod.ts";
import { linesOf } from "../samples.ts";
import type { FuzzTarget } from "../target.ts";

function night(day: number): Record<string, unknown> {
  const record = sampleNight({ night: nightAt(day), value: 100 + day % 3 });
  const { night, node, result } = record;
  return {
    ...record,
    addedAt: `${night}T02:00:00.000Z`,
    folder: `nights/${night}/${node}/${result}`,
    files: ["result.json", "report.html"],
  };
}

const missing = {
  ...night(3),
  benchmarks: [],
  stores: [],
  files: [],
  missing: "it was unreachable",
};

/** The target. */
export const historyLine: FuzzTarget = {
  name: "history",
  what: "`nodes/NODE.jsonl`: records, series, judgement, pages, `history thin`, an addition",
  seeds: () => [
    linesOf([0, 1, 2].map(night)),
    linesOf([night(0), missing, night(5)]),
    linesOf(Array.from({ length: 20 }, (_, day) => night(day))),
  ],
  read(input, folder) {
    const directory = `${folder}/history`;
    openHistory(directory, { create: true }).close();
    Deno.mkdirSync(`${directory}/nodes`);
    Deno.writeFileSync(`${directory}/nodes/node01.jsonl`, input);
    for (const day of [0, 1]) {
      const place = `${directory}/nights/${nightAt(day)}/node01/${nightAt(day)}T010000Z-baseline-1`;
      Deno.mkdirSync(place, { recursive: true });
      Deno.writeTextFileSync(`${place}/report.html`, "<p>");
    }
    using history = openHistory(directory);
    const lines = history.records();
    assert.equal(history.rebuild(), lines.length);
    const judgement = judgeHistory(history.series());
    historyToConsole(judgement);
    const options = siteOptions(history, {
      out: `${folder}/site`,
      title: "History",
      url: null,
      reports: null,
      version: "0",
    });
    for (const { name } of pagesOf(history, judgement, options)) {
      assert.ok(!name.startsWith("/") && !name.split("/").includes(".."), `the page is ${name}`);
    }
    const node = "node02";
    history.add(sampleNight({ night: nightAt(0), node }), [
      { name: "result.json", content: { text: "{}" } },
    ]);
    assert.equal(history.records().length, lines.length + 1);
    history.thin({ nights: 0, weeks: 0 });
    assert.equal(history.records().length, lines.length + 1, "thinning takes no line");
  },
};
