import assert from "node:assert/strict";
import { setStyled, toTerminal, withoutStyles } from "../format/mod.ts";
import * as fc from "fast-check";
import { anyResult } from "../analysis/_testing/arbitrary_result.ts";
import { analyse } from "../analysis/mod.ts";
import { judgedResult, threeStores, troubledResult } from "../analysis/_testing/sample_result.ts";
import type { Result } from "../result/schema.ts";
import { toConsole } from "./console.ts";

/** What is printed, with or without colours. */
function printed(result: Result, colours: boolean): string {
  setStyled(colours);
  try {
    return toTerminal(toConsole(result, analyse(result, { resamples: 500 })));
  } finally {
    setStyled(false);
  }
}

Deno.test("toConsole() prints blocks, metrics, verdicts and notes", async (t) => {
  await t.assertSnapshot(printed(threeStores(), false), { serializer: (text) => text });
});

Deno.test("toConsole() prints a troubled result", async (t) => {
  await t.assertSnapshot(printed(troubledResult(), false), { serializer: (text) => text });
});

Deno.test("toConsole() colours verdicts when colours are on, and says the same without", () => {
  const coloured = printed(judgedResult(), true);
  assert.ok(coloured.includes("\u001b[31m✗ missed\u001b[39m"));
  assert.ok(coloured.includes("\u001b[32m✓ met\u001b[39m"));
  // deno-lint-ignore no-control-regex
  assert.equal(coloured.replace(/\u001b\[\d+m/g, ""), printed(judgedResult(), false));
});

Deno.test("toConsole() lets no control character of any result through", () => {
  fc.assert(
    fc.property(anyResult, (result) => {
      const text = printed(result, false);
      assert.ok(!/(?!\n)\p{Cc}|\p{Cf}/u.test(text));
      assert.ok(text.endsWith("\n"));
    }),
    { seed: 1, numRuns: 60 },
  );
});

Deno.test("toConsole() breaks lines between words at any width", () => {
  const result = threeStores();
  const analysis = analyse(result, { resamples: 50 });
  const words = (text: string) => text.split(/\s+/);
  for (const columns of [40, 60, 80, 120]) {
    for (const verbose of [false, true]) {
      const text = withoutStyles(toConsole(result, analysis, { columns, verbose }));
      const long = text.split("\n").filter((line) => line.length > columns)
        // criterion's own text is as it is.
        .filter((line) => !/^(\w+\/| {24}|Found | {2}\d+ \()/.test(line))
        .filter((line) => words(line.trim()).length > 1);
      assert.deepEqual(long, [], `${columns}`);
    }
  }
});

Deno.test("toConsole() has criterion's blocks where they are asked for, and nowhere else", () => {
  const result = threeStores();
  const analysis = analyse(result, { resamples: 50 });
  const [brief, whole] = [false, true].map((verbose) =>
    withoutStyles(toConsole(result, analysis, { verbose }))
  );
  assert.doesNotMatch(brief!, /time: {3}\[|outliers among/);
  assert.match(whole!, /time: {3}\[.*\n.*thrpt: {2}\[/);
  // One line for each metric.
  const rows = brief!.split("\n").filter((line) => /^ {2}\w+\/\w+ {2}/.test(line));
  const shown = analysis.benchmarks.flatMap(({ kind, metrics }) =>
    metrics.filter(({ metric }) => kind === "latency" || metric === "throughput")
  );
  assert.equal(rows.length, shown.length);
});
