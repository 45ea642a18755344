import assert from "node:assert/strict";
import { type Quality, QUALITY_PARTS, type Sessions } from "../analysis/mod.ts";
import { sampleResult, sampleStore } from "../analysis/_testing/sample_result.ts";
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
      told: 0.02,
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
  verdicts: [{
    data: "2 % between runs",
    design: "interleaved",
    runs: 10,
    rows: 1,
    repetitions: 8000,
    withThreshold: 0.03,
    withoutThreshold: 0.04,
    inconclusive: 0.5,
    warning: null,
  }],
  power: [{ spread: 0.02, design: "separate", runs: 10, called: [0, 0, 0.5, 1, 1, 1, 1] }],
  advice: [{
    rows: 1,
    spread: 0.02,
    effect: 0.1,
    pilot: 5,
    repetitions: 100,
    runs: null,
    called: null,
  }],
  histories: {
    nights: 365,
    youngNights: 50,
    seriesOfHistory: 60,
    threshold: 9.5,
    falseShifts: [
      {
        data: "quiet",
        most: 0.01,
        series: 6000,
        share: 0.004,
        young: 0.001,
        atOnePercent: 9,
        lastNight: 0,
      },
      {
        data: "spiky",
        most: 0.02,
        series: 6000,
        share: 0.03,
        young: 0.001,
        atOnePercent: 11,
        lastNight: 1,
      },
      {
        data: "close",
        most: 0.01,
        series: 600,
        share: 0.01,
        young: 0.001,
        atOnePercent: 9.5,
        lastNight: 0,
      },
      {
        data: "odd",
        most: null,
        series: 600,
        share: 0.5,
        young: 0.001,
        atOnePercent: 30,
        lastNight: 0,
      },
    ],
    shifts: [
      {
        change: "3σ",
        data: "spiky",
        most: 4,
        series: 600,
        median: 5,
        p90: Infinity,
        in30: 0.8,
        in50: 0.85,
        within1: 0.7,
        within3: 0.75,
        second: 0,
        lastNight: 0.1,
      },
      {
        change: "creep",
        data: "spiky",
        most: 50,
        series: 600,
        median: 33,
        p90: 40,
        in30: 0.4,
        in50: 1,
        within1: null,
        within3: null,
        second: null,
        lastNight: 0,
      },
    ],
    falseNights: [
      {
        data: "quiet",
        assumed: true,
        history: "14 to 19",
        nights: 10_000,
        outside: 0.004,
        called: 0.003,
      },
      {
        data: "quiet",
        assumed: true,
        history: "20 and more",
        nights: 10_000,
        outside: 0.01,
        called: 0.009,
      },
    ],
    anomalies: [{ data: "spiky", spikes: 1000, found: 0.99, usual: 20_000, wrong: 0.0001 }],
  },
  sequential: {
    rows: 15,
    looks: [16, 22, 30],
    cases: [
      {
        data: "calm",
        assumed: true,
        effect: 0,
        threshold: 0.05,
        comparisons: 1000,
        wrong: 0.002,
        called: null,
        overlooked: null,
        pairs: 22.4,
        open: 0.001,
        estimate: null,
      },
      {
        data: "calm",
        assumed: true,
        effect: 0.1,
        threshold: 0.05,
        comparisons: 1000,
        wrong: 0.002,
        called: 0.99,
        overlooked: 0,
        pairs: 22.4,
        open: 0.001,
        estimate: { mean: 0.102, median: 0.101 },
      },
      {
        data: "wild",
        assumed: true,
        effect: 0.1,
        threshold: 0.05,
        comparisons: 1000,
        wrong: 0.002,
        called: 0.5,
        overlooked: 0.2,
        pairs: 22.4,
        open: 0.001,
        estimate: { mean: 0.11, median: 0.1 },
      },
      {
        data: "odd",
        assumed: false,
        effect: 0,
        threshold: 0.05,
        comparisons: 1000,
        wrong: 0.04,
        called: null,
        overlooked: null,
        pairs: 22.4,
        open: 0.001,
        estimate: null,
      },
    ],
  },
  bisection: {
    commits: 64,
    effect: 0.1,
    error: 0.05,
    rows: [
      {
        data: "calm",
        assumed: true,
        searches: 1000,
        found: 0.99,
        wrong: 0.01,
        pairs: 90,
        builds: 8.14,
      },
      {
        data: "wild",
        assumed: true,
        searches: 1000,
        found: 0.8,
        wrong: 0.01,
        pairs: 400,
        builds: 8,
      },
      {
        data: "odd",
        assumed: false,
        searches: 1000,
        found: 0.9,
        wrong: 0.1,
        pairs: 130,
        builds: 8,
      },
    ],
  },
  controls: {
    pairs: 20,
    pairSpread: 0.06,
    machine: [
      {
        data: "walks",
        most: 0.01,
        series: 6000,
        without: 0.93,
        withControl: 0.004,
        machines: 0.99,
      },
      {
        data: "runs",
        most: 0.01,
        series: 6000,
        without: 1,
        withControl: 0.03,
        machines: 0.9,
      },
    ],
    store: [{
      change: "5 % slower",
      data: "the machine walks",
      most: 3,
      series: 600,
      median: 4,
      p90: 6,
      in30: 1,
      in50: 1,
      within1: 1,
      within3: 1,
      second: 0,
      lastNight: 0,
    }],
  },
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

Deno.test("buildQualityReport() says skipped of each part that was not simulated, and how it is", () => {
  const text = toMarkdown(buildQualityReport({ seed: 1 }, { skipped: "-" }));
  for (const part of QUALITY_PARTS) {
    const skipped =
      `skipped: that part was not simulated; \`deno task quality ${part}\` simulates it`;
    assert.equal(text.split(skipped).length, 2, part);
  }
  assert.ok(!write({ skipped: "-" }).includes("that part was not simulated"));
});

Deno.test("buildQualityReport() tells what a control makes of it, in its section and the summary", () => {
  const text = write({ skipped: "-" });
  assert.match(text, /^### With a control$/m);
  assert.match(text, /^- With a control, of 2 kinds of machines .* 1 give as few/m);
  assert.match(text, /^- Broken: machine runs, with a control: 3\.00% ± 0\.44, promised 1%\.$/m);
  assert.match(text, /^\| walks \| 6,000 \| 93\.00% .* at most 1%: kept \|/m);
  assert.match(text, /^- Late: with a control, 5 % slower: 4 nights\.$/m);
});

Deno.test("buildQualityReport() names what is outside of the bounds", () => {
  const text = write({ skipped: "-" });
  assert.match(text, /^- Outside: p50 over runs, lognormal, 3 runs of 10: 90\.0% ± 1\.3\.$/m);
  assert.match(
    text,
    /^- Runs that their interval fits are warned of falsely in 2\.0% to 2\.0% of cases/m,
  );
  assert.match(text, /^- More: 2 % between runs, 10 runs, 1 row: 3\.0% ± 0\.4\.$/m);
});

Deno.test("buildQualityReport() holds histories to what is promised, beyond the error", () => {
  const text = write({ skipped: "-" });
  assert.match(text, /^\| quiet \| 6,000 \| 0\.40% ± 0\.16 \| at most 1%: kept \|/m);
  assert.match(text, /^\| spiky \| 6,000 \| 3\.00% ± 0\.44 \| at most 2%: broken \|/m);
  assert.match(text, /^\| close \| 600 \| 1\.00% ± 0\.81 \| at most 1%: not to be told \|/m);
  assert.match(text, /^\| odd \| 600 \| 50\.00% ± 4\.08 \| – \|/m);
  assert.match(text, /^\| 3σ \| spiky \| 600 \| 5 nights \| at most 4: broken \| never \|/m);
  assert.match(text, /^\| creep \| spiky \| 600 \| 33 nights \| at most 50: kept \|/m);
  assert.match(text, /^- Of 3 kinds of years .*, 1 keep it beyond the error/m);
  assert.match(text, /^- Broken: spiky: 3\.00% ± 0\.44, promised 2%\.$/m);
  assert.match(text, /^- Not to be told: close: 1\.00% ± 0\.81, promised 1%\.$/m);
  assert.match(text, /^- Late: 3σ, spiky: 5 nights\.$/m);
  assert.match(text, /^- More: quiet, after 20 and more nights: 0\.90% ± 0\.19\.$/m);
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

Deno.test("buildQualityReport() holds searches for a commit to their error rate", () => {
  const text = write({ skipped: "-" });
  assert.match(text, /^\| calm \| 1,000 \| 99\.0% ± 0\.6 \| 1\.0% ± 0\.6 \| 90 \| 8\.1 \|$/m);
  assert.match(text, /^- Of 2 kinds of noise, in 1 a search names the commit in 19 of 20/m);
});

Deno.test("buildQualityReport() holds comparisons until sure to what is promised", () => {
  const text = write({ skipped: "-" });
  assert.match(text, /^## Comparisons until sure$/m);
  assert.match(
    text,
    /^\| calm \| 10% \| 5% \| 1,000 \| 0\.2% ± 0\.3 \| 99\.0% .* \| 10\.2% \| 10\.1% \|$/m,
  );
  assert.match(
    text,
    /of 1 kinds of noise, 1 give false .*; of 2 slow-downs, 1 are called in 19 of 20/,
  );
  assert.match(text, /reads \+2\.0% to \+10% of itself off in the mean\.$/m);
});
