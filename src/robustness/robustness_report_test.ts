import assert from "node:assert/strict";
import { toMarkdown } from "../report/mod.ts";
import type { FuzzRow, TortureRow } from "./counts.ts";
import { EARLIER, FOUND } from "./known.ts";
import { buildRobustnessReport } from "./robustness_report.ts";
import { TARGETS } from "./targets/all.ts";
import { STEPS } from "./torture/all.ts";

const fuzz: FuzzRow = {
  target: "journal",
  what: "a journal",
  group: "own",
  date: "2026-01-02",
  commit: "0123456789",
  seed: 3,
  minutes: 10,
  inputs: 12_345,
  accepted: 345,
  refused: 11_999,
  findings: 1,
  peakRssMb: 123,
};
const step: TortureRow = {
  step: "kills",
  what: "signals",
  date: "2026-01-02",
  commit: null,
  seed: 1,
  form: "full",
  counts: { SIGKILL: 40 },
  inTime: true,
  seconds: 99,
  state: "held",
  why: "",
};

Deno.test("buildRobustnessReport() has every count of the tasks, and says what was not run", () => {
  const none = toMarkdown(buildRobustnessReport({ fuzz: [], torture: [], releases: [] }));
  assert.equal(none.match(/has (not )?been run\./g)?.length, 3);
  const text = toMarkdown(buildRobustnessReport({
    fuzz: [fuzz],
    torture: [
      step,
      { ...step, step: "late", inTime: false },
      { ...step, step: "skipped", state: "skipped", why: "only root may" },
      { ...step, step: "failed", state: "failed", why: "Error: lost\nat x" },
    ],
    releases: [{
      release: "9.10.0",
      command: "deno task x",
      counts: { opens: 7 },
      state: "held",
      why: "",
    }],
  }));
  for (
    const words of [
      "12,345",
      "11,999",
      "SIGKILL: 40",
      "held, as often as there was time for",
      "skipped: only root may",
      "failed: Error: lost |",
      "opens: 7",
    ]
  ) {
    assert.ok(text.includes(words), words);
  }
});

Deno.test("what was found has names of fuzzers and steps that there are", () => {
  const names = new Set([...TARGETS, ...STEPS].map(({ name }) => name));
  for (const text of [...EARLIER.flat(), ...FOUND]) {
    for (const [, list] of text.matchAll(/--only ([\w,-]+)/g)) {
      for (const name of list!.split(",")) assert.ok(names.has(name), name);
    }
  }
});
