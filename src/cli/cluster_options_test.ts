import assert from "node:assert/strict";
import { seconds } from "./cluster_options.ts";

Deno.test("seconds() reads seconds with their unit or without", () => {
  const texts = { "0": 0, "30": 30, "30s": 30, "2min": 120, "1.5 min": 90, "24h": 86_400 };
  for (const [text, expected] of Object.entries(texts)) {
    assert.equal(seconds("--patience", text), expected, text);
  }
});

Deno.test("seconds() refuses what is no whole seconds up to a day", () => {
  for (const text of ["", "-1", "1.5", "500ms", "25h", "86401", "2m", "soon"]) {
    assert.throws(() => seconds("--patience", text), {
      name: "UsageError",
      message: `Cannot take ${JSON.stringify(text)} for --patience: give whole seconds up to a ` +
        "day, e.g. 30, 30s or 2min",
    });
  }
});
