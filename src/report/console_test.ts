import assert from "node:assert/strict";
import { setStyled, toTerminal } from "../format/mod.ts";
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
