import assert from "node:assert/strict";
import { type Quality, QUALITY_PARTS, type Sessions } from "../analysis/mod.ts";
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
  looks: {
    confidence: 0.95,
    most: 1000,
    rows: [
      { data: "calm", assumed: true, within: 0, wrong: 0.03, plain: 0.25, right: null },
      { data: "calm", assumed: true, within: 0.1, wrong: 0.001, plain: 0.01, right: 0.98 },
      { data: "wild", assumed: true, within: 0, wrong: 0.08, plain: 0.3, right: null },
      { data: "odd", assumed: false, within: 0, wrong: 0.4, plain: 0.8, right: null },
    ].map((row) => ({ ...row, planned: 8, sessions: 2000, held: 0.96, looks: 3.4, runs: 61.3 })),
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

type Session = Sessions["sessions"][number];

function session(
  part: Session["part"],
  verdict: "regressed" | "unchanged",
  change = 0.11,
): Session {
  return {
    part,
    startedAt: "2025-12-10T01:00:00.000Z",
    seconds: 58.4,
    mostSeconds: 60,
    seed: 1,
    version: "0.1.0",
    commit: "0123456789abcdef",
    machine: "node-a (Example CPU, 2 logical processors, linux 6.8)",
    load: { load1: 4, others: 0.7, steal: 0 },
    rows: [{
      id: "raw/a",
      metric: "mean",
      pairs: 20,
      verdict,
      change: { value: change, low: change - 0.01, high: change + 0.01 },
      adjustedP: 0.001,
      spread: 0.04,
      unpaired: 0.4,
    }],
  };
}

function sessions(part: Session["part"], called: number, of: number, change?: number): Sessions {
  const each = Array.from(
    { length: of },
    (_, i) => session(part, i < called ? "regressed" : "unchanged", change),
  );
  return { sessions: each, cut: false };
}

const write = (real: Parameters<typeof buildQualityReport>[1]) =>
  toMarkdown(buildQualityReport(QUALITY, real));

Deno.test("buildQualityReport() says skipped, and why, of sessions that were not measured", () => {
  const skipped = (text: string) => text.match(/^skipped: .* `deno task quality:real [\w-]+` /gm);
  assert.equal(skipped(write({ skipped: "there is no file" }))?.length, 4);
  const text = write({ sessions: { ...sessions("copy", 0, 1), cut: true } });
  assert.equal(skipped(text)?.length, 3);
  assert.match(text, /^The last line of the sessions' file was cut off/m);
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

Deno.test("buildQualityReport() holds injected slow-downs to their bounds, and says the load beside", () => {
  const text = write({ sessions: sessions("slow-10", 18, 20) });
  assert.match(
    text,
    /^20 sessions, .* on node-a \(Example CPU, 2 logical processors, linux 6\.8\), with Tidemark at 0123456789ab\.$/m,
  );
  assert.match(
    text,
    /^\| `raw\/a` \| busy \| 18 of 20 \| 19 of 20: broken \| \+11% \| 8% to 12%: kept \| 58 \| 20 \| 4\.0% \| 40% \| 70% \| 4\.0 \|$/m,
  );
  assert.match(
    write({ sessions: sessions("slow-5", 19, 20, 0.07) }),
    /\| 19 of 20 \| 19 of 20: kept \| \+7\.0% \| 4% to 6%: broken \|/,
  );
  assert.match(
    write({ sessions: sessions("slow-10", 3, 3) }),
    /\| 3 of 3 \| 19 of 20; too few to tell \| \+11% \| 8% to 12%; too few to tell \|/,
  );
});

Deno.test("buildQualityReport() holds sessions of a quiet, a busy and an overloaded machine to the bounds each", () => {
  const on = (load1: number, others: number, called: number) =>
    sessions("slow-10", called, 20).sessions
      .map((each) => ({ ...each, load: { load1, others, steal: 0 } }));
  const all = [...on(9, 0.9, 3), ...on(1.2, 0.04, 20), ...on(3, 0.5, 19)];
  const text = write({ sessions: { sessions: all, cut: false } });
  assert.deepEqual(text.match(/^\| `raw\/a` \| \w+ \| \d+ of 20 \| 19 of 20: \w+ /gm), [
    "| `raw/a` | quiet | 20 of 20 | 19 of 20: kept ",
    "| `raw/a` | busy | 19 of 20 | 19 of 20: kept ",
    "| `raw/a` | overloaded | 3 of 20 | 19 of 20: broken ",
  ]);
  assert.match(
    text,
    /^Whatever the machine did, the slow-down was called in 42 of 60 sessions: raw\/a in 42 of 60\. /m,
  );
  assert.match(
    text,
    / Whatever the machine did, the median estimate is of raw\/a \+11% in 60 sessions \(8% to 12%: kept\)\. /,
  );
});

Deno.test("buildQualityReport() says in its summary what real sessions came to, of the parts that were measured", () => {
  const summary = (all: Session[]) =>
    write({ sessions: { sessions: all, cut: false } }).match(/^- On real machines .*$/gm);
  const quiet = { load1: 1, others: 0.02, steal: 0 };
  assert.equal(summary([]), null);
  assert.deepEqual(
    summary([
      ...sessions("slow-10", 5, 6).sessions,
      ...sessions("slow-10", 2, 2).sessions.map((each) => ({ ...each, load: quiet })),
      ...sessions("identical", 1, 3).sessions,
    ]),
    [
      "- On real machines a slow-down of 10% was called in 7 of 8 sessions (quiet: 2 of 2; busy: 5 of 6).",
      "- On real machines 1 of 3 comparisons of identical code had a false verdict.",
    ],
  );
  assert.deepEqual(summary(sessions("copy", 0, 1).sessions), [
    "- On real machines a copy of the library was called improved or regressed in 0 of 1 session.",
  ]);
});

Deno.test("buildQualityReport() counts sessions that their verdict ended, and slow-downs called improved", () => {
  const ended = (seconds: number, verdict: "regressed" | "improved" | "inconclusive") => {
    const [each] = sessions("slow-10", 1, 1).sessions;
    return { ...each!, seconds, rows: [{ ...each!.rows[0]!, verdict }] };
  };
  const of = (all: Session[]) => write({ sessions: { sessions: all, cut: false } });
  assert.match(
    of([ended(21, "regressed"), ended(30, "inconclusive"), ended(58.4, "regressed")]),
    /in 2 of 3 sessions: .*\. 1 of 3 sessions ended when the row was decided, with at least 10% of the time left\.$/m,
  );
  const none = of([ended(58.4, "regressed"), ended(30, "inconclusive")]);
  assert.match(none, / No session was decided with at least 10% of the time left\.$/m);
  assert.ok(!none.includes("it was called improved"));
  assert.match(of([ended(21, "improved")]), / In 1 session it was called improved\. /);
});

Deno.test("buildQualityReport() counts false verdicts of identical code by how busy the machine was", () => {
  const text = write({ sessions: sessions("identical", 2, 100, 0) });
  assert.match(text, /^\| busy \| 100 \| 100 \| 2 \| /m);
  assert.match(
    text,
    /^In all, 2 of 100 comparisons had a false verdict; at most 1 of 100: broken\.$/m,
  );
  assert.match(text, /^- 2025-12-10 01:00 UTC: raw\/a mean time by /m);
  assert.match(
    write({ sessions: sessions("identical", 0, 99) }),
    /at most 1 of 100: too few to tell/,
  );
  assert.match(
    write({ sessions: sessions("copy", 0, 20, 0.02) }),
    /^\| `raw\/a` \| busy \| 0 of 20 \| \+2\.0% \| -1% to 1%: broken \|/m,
  );
});

Deno.test("buildQualityReport() holds searches for a commit to their error rate", () => {
  const text = write({ skipped: "-" });
  assert.match(text, /^\| calm \| 1,000 \| 99\.0% ± 0\.6 \| 1\.0% ± 0\.6 \| 90 \| 8\.1 \|$/m);
  assert.match(text, /^- Of 2 kinds of noise, in 1 a search names the commit in 19 of 20/m);
});

Deno.test("buildQualityReport() holds targets until sure to what is promised", () => {
  const text = write({ skipped: "-" });
  assert.match(text, /^## Targets until sure$/m);
  assert.match(
    text,
    /^\| calm \| 8 \| 10% \| 0\.1% .* \| 1\.0% .* \| 98\.0% .* \| 96\.0% .* \| 3\.4 \| 61 \|$/m,
  );
  assert.match(
    text,
    /^- .*: in 2 of 3 situations they decide what is not so in 5% .* in 8% at most, .* in 30%\.$/m,
  );
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
