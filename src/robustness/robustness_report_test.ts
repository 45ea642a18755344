import assert from "node:assert/strict";
import { toMarkdown } from "../report/mod.ts";
import { type FuzzRow, keepCounts, readCounts, type TortureRow } from "./counts.ts";
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

Deno.test("buildRobustnessReport() adds a fuzzer's runs of several seeds, and shows each", () => {
  const later = { seed: 4, minutes: 50, processorMinutes: 50.1, findings: 0, peakRssMb: 99 };
  const runs = [fuzz, { ...fuzz, ...later, commit: null }];
  const text = toMarkdown(buildRobustnessReport({ fuzz: runs, torture: [], releases: [] }));
  for (
    const row of [
      "Altogether 60 minutes in 2 runs",
      "| journal | a journal | 2 | 60 | 24,690 | 690 | 23,998 | 1 | 123 |",
      "| journal | 3 | `0123456` | 2026-01-02 | 10 on the clock | 12,345 | 345 | 11,999 | 1 | 123 |",
      "| journal | 4 | not known | 2026-01-02 | 50.1 | 12,345 | 345 | 11,999 | 0 | 99 |",
    ]
  ) {
    assert.ok(text.includes(row), row);
  }
});

Deno.test("keepCounts() keeps runs apart that are not the same, and replaces the one that is", () => {
  const folder = Deno.makeTempDirSync();
  try {
    const path = `${folder}/counts.json`;
    const keep = (row: FuzzRow) =>
      keepCounts(
        path,
        row,
        ({ target }) => target,
        ["suite", "journal"],
        (one, other) => one.seed === other.seed,
      );
    keep(fuzz);
    keep({ ...fuzz, seed: 4 });
    keep({ ...fuzz, inputs: 7 });
    keep({ ...fuzz, target: "suite" });
    keep({ ...fuzz, target: "gone" });
    const rows = readCounts<FuzzRow[]>(path)!;
    assert.deepEqual(
      rows.map(({ target, seed, inputs }) => [target, seed, inputs]),
      [["suite", 3, 12_345], ["journal", 4, 12_345], ["journal", 3, 7]],
    );
  } finally {
    Deno.removeSync(folder, { recursive: true });
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
