import assert from "node:assert/strict";
import type { Quality, Sessions } from "../analysis/mod.ts";
import { sampleResult, sampleStore } from "../analysis/sample_result.ts";
import { toMarkdown } from "./markdown.ts";
import { buildQualityReport } from "./quality_report.ts";

const QUALITY: Quality = {
  seed: 1,
  coverage: [
    {
      interval: "mean or rate over runs",
      data: "normal",
      runs: 3,
      n: 10,
      repetitions: 2000,
      coverage: 0.95,
      printed: "plainly",
    },
    {
      interval: "p50 over runs",
      data: "lognormal",
      runs: 3,
      n: 10,
      repetitions: 2000,
      coverage: 0.9,
      printed: "plainly",
    },
  ],
  falseVerdicts: [{
    data: "2 % between runs",
    design: "interleaved",
    runs: 10,
    rows: 1,
    repetitions: 8000,
    withThreshold: 0.03,
    withoutThreshold: 0.04,
    warning: null,
  }],
  power: [{ spread: 0.02, design: "separate", runs: 10, called: [0, 0, 0.5, 1, 1, 1, 1] }],
  advice: [{ spread: 0.02, effect: 0.1, pilot: 5, runs: null, called: null }],
};

const { environment, tool, profile } = sampleResult({ runs: 1, stores: [sampleStore("raw", 1)] });
const head = {
  startedAt: "2025-12-10T01:00:00.000Z",
  endedAt: "2025-12-10T01:12:00.000Z",
  tool,
  environment,
  profile: { ...profile, runs: 10 },
  stores: ["raw"],
};
const row = (verdict: "regressed" | "unchanged", advised: number) => ({
  id: "raw/a",
  metric: "mean" as const,
  runs: 10,
  verdict,
  change: { value: 0.11, low: 0.1, high: 0.12 },
  adjustedP: 0.001,
  spread: 0.02,
  advised,
});
const pair = (verdict: "regressed" | "unchanged", advised = 5) => ({
  base: "a",
  candidate: "b",
  startedAt: head.startedAt,
  seed: 1,
  rows: [row(verdict, advised)],
});

function sessions(advised: number, called: number): Sessions {
  const of = (n: number, verdict: "regressed" | "unchanged") =>
    Array.from({ length: n }, () => pair(verdict));
  return {
    schema: "tidemark.quality-sessions",
    version: 1,
    noise: {
      ...head,
      separate: [...of(2, "regressed"), ...of(38, "unchanged")],
      interleaved: of(40, "unchanged"),
    },
    slowDown: {
      ...head,
      burn: 0.1,
      pilot: pair("unchanged", advised),
      sessions: [...of(called, "regressed"), ...of(20 - called, "unchanged")],
    },
  };
}

const write = (real: Parameters<typeof buildQualityReport>[1]) =>
  toMarkdown(buildQualityReport(QUALITY, real));

Deno.test("buildQualityReport() says skipped, and why, when no session was measured", () => {
  const text = write({ skipped: "there is no file" });
  assert.equal(
    text.match(/^skipped: there is no file; `deno task quality:real` measures it$/gm)?.length,
    2,
  );
});

Deno.test("buildQualityReport() names what is outside of the bounds", () => {
  const text = write({ skipped: "-" });
  assert.match(text, /^- Outside: p50 over runs, lognormal, 3 runs of 10: 90\.0% ± 1\.3\.$/m);
  assert.match(text, /^- More: 2 % between runs, 10 runs, 1 row: 3\.0% ± 0\.4\.$/m);
});

Deno.test("buildQualityReport() holds real sessions to their bounds, and names the machine", () => {
  const text = write({ sessions: sessions(5, 18) });
  assert.match(text, /on node-a \(Example CPU 3\.0 GHz, 8 logical processors, linux 6\.1\.0\)/);
  assert.match(
    text,
    /^\| sessions by themselves, .* \| 40 \| 40 \| 2 \| at most 1 of 40: broken \|$/m,
  );
  assert.match(text, /^\| interleaved sessions \| 40 \| 40 \| 0 \| at most 1 of 40: kept \|$/m);
  assert.match(text, /^- sessions by themselves, .*, pair 1: raw\/a mean time by \+11%$/m);
  assert.match(text, /\| 18 of 20 \| 19 of 20: broken \|$/m);
  assert.match(write({ sessions: sessions(5, 19) }), /\| 19 of 20 \| 19 of 20: kept \|$/m);
  assert.match(
    write({ sessions: sessions(11, 3) }),
    /\| 11 \| .* \| 3 of 20 \| none: it was said that more runs are needed \|$/m,
  );
});
