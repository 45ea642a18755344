/** Histories with many writers, readers, odd clocks and many years. */
import assert from "node:assert/strict";
import { openHistory } from "../../history/mod.ts";
import { nightAt, sampleNight } from "../../history/_testing/sample_night.ts";
import { run, start, until } from "../../cli/e2e/_testing/tidemark.ts";
import { smallResult } from "../samples.ts";
import type { TortureContext, TortureStep } from "./step.ts";

const HISTORY = "history";

function writeNight(cwd: string, day: number, startedAt?: string): string {
  const night = nightAt(day);
  const result = smallResult(day + 1);
  result.id = `${night}T010000Z-baseline-${day}`;
  result.environment.host = "node01";
  result.startedAt = startedAt ?? `${night}T01:00:00.000Z`;
  result.profile = { ...result.profile, runs: 1 };
  const folder = `night-${day}`;
  Deno.mkdirSync(`${cwd}/${folder}`);
  Deno.writeTextFileSync(`${cwd}/${folder}/result.json`, JSON.stringify(result));
  // A report beside it is quicker than to make one.
  Deno.writeTextFileSync(`${cwd}/${folder}/report.html`, "<!DOCTYPE html><p>its report");
  return folder;
}

const linesOf = (cwd: string) =>
  Deno.readTextFileSync(`${cwd}/${HISTORY}/nodes/node01.jsonl`).trimEnd().split("\n")
    .map((line): { night: string; folder: string } => JSON.parse(line));

/** Many `history add` at once, with readers between them. */
export const manyWriters: TortureStep = {
  name: "writers",
  what: "20 history add at once, with readers; kills of writers",
  seconds: { quick: 15, full: 150 },
  async run({ form, folder: cwd, random, count, goOn }) {
    const writers = form === "quick" ? 4 : 20;
    const nights = Array.from({ length: writers }, (_, day) => writeNight(cwd, day));
    // One begins the history, so that a reader has one.
    const first = await run("history", ["add", nights[0]!, "--history", HISTORY], { cwd });
    assert.equal(first.code, 0, first.err);
    const adding = nights.slice(1).map((night) =>
      run("history", ["add", night, "--history", HISTORY], { cwd })
    );
    const reading = Array.from(
      { length: form === "quick" ? 1 : 4 },
      () => run("history", ["show", "--json", "--history", HISTORY], { cwd }),
    );
    for (const { code, err } of await Promise.all(adding)) assert.equal(code, 0, err);
    for (const { code, out, err } of await Promise.all(reading)) {
      assert.equal(code, 0, err);
      JSON.parse(out);
      count("readers between them");
    }
    const lines = linesOf(cwd);
    assert.equal(new Set(lines.map(({ night }) => night)).size, writers);
    assert.equal(lines.length, writers);
    count("history add at once", writers - 1);
    // Writers that are killed leave what was there.
    let kept = lines.length;
    for (let kill = 0; goOn(kill, form === "quick" ? 1 : 6); kill++) {
      const day = 100 + kill;
      const { process, ended } = start("history", [
        "add",
        writeNight(cwd, day),
        "--history",
        HISTORY,
      ], { cwd });
      await new Promise((resolve) => setTimeout(resolve, random.uniform() * 2500));
      try {
        process.kill("SIGKILL");
      } catch {
        // It was faster.
      }
      await ended;
      const now = linesOf(cwd);
      assert.ok(now.length === kept || now.length === kept + 1);
      kept = now.length;
      count("kills of a writer");
    }
    const again = await run("history", ["rebuild", "--history", HISTORY], { cwd });
    assert.equal(again.code, 0, again.err);
    for (const { folder } of linesOf(cwd)) Deno.statSync(`${cwd}/${HISTORY}/${folder}/result.json`);
  },
};

/** Two nights at once, and readers of pages that are published again and again. */
export const nightsAtOnce: TortureStep = {
  name: "nights",
  what: "two nights at once; a reader during publish",
  seconds: { quick: 15, full: 100 },
  async run({ form, folder: cwd, count, goOn }) {
    const tiny = new URL("../../cli/e2e/_testing/tiny_suite.ts", import.meta.url).pathname;
    const night = (date: string) =>
      start("nightly", [
        tiny,
        ...["--profile", "smoke", "--store", "level", "--host", "node01", "--out", "out"],
        ...["--night", date, "--publish", "www"],
      ], { cwd });
    for (let times = 0; goOn(times, form === "quick" ? 1 : 3); times++) {
      const all = [night(nightAt(2 * times)), night(nightAt(2 * times + 1))];
      let over = false;
      void Promise.all(all.map(({ ended }) => ended)).then(() => over = true, () => over = true);
      let reads = 0;
      await until("both nights are over", () => {
        reads += readPages(`${cwd}/www/latest`) ? 1 : 0;
        return over;
      }, 140);
      const codes = (await Promise.all(all.map(({ ended }) => ended))).map(({ code, err }) => {
        if (code !== 0) assert.match(err, /another one is under way/);
        return code;
      });
      // The second one is refused, or came when the first one was over.
      assert.ok(codes.includes(0), codes.join());
      count("pairs of nights");
      count("reads while pages were published", reads);
    }
    using history = openHistory(`${cwd}/out/history`);
    count("nights that were kept", history.records().length);
  },
};

/** Reads pages as a visitor does: whole ones, or none yet. */
function readPages(folder: string): boolean {
  let real: string;
  try {
    // A web server resolves the link once for a request.
    real = Deno.realPathSync(folder);
  } catch {
    return false;
  }
  for (const page of ["index.html", "summary.md", "feed.xml"]) {
    const text = Deno.readTextFileSync(`${real}/${page}`);
    assert.ok(page !== "index.html" || text.trimEnd().endsWith("</html>"), "half a page");
  }
  return true;
}

/** Clocks that go back, and days of 23 and 25 hours. */
export const clocks: TortureStep = {
  name: "clocks",
  what: "clocks that go back, and daylight saving",
  seconds: { quick: 10, full: 100 },
  async run({ form, folder: cwd, random, count, goOn }: TortureContext) {
    // A clock that goes back within a process, and from one night to the next.
    let now = Date.UTC(2026, 2, 1);
    {
      using history = openHistory(`${cwd}/back`, {
        create: true,
        now: () => new Date(now).toISOString(),
      });
      for (let day = 0; day < (form === "quick" ? 30 : 300); day++) {
        now += (random.uniform() - 0.4) * 2 * 86_400_000;
        const night = new Date(now).toISOString().slice(0, 10);
        const record = sampleNight({ night, id: String(day) });
        const { line } = history.add(record, [{ name: "result.json", content: { text: "{}" } }]);
        assert.equal(line.night, night);
        count("additions by a clock that goes back and forth");
      }
      const all = history.series();
      for (const { points } of all) {
        const dates = points.map(({ night }) => night);
        assert.deepEqual(dates, dates.toSorted(), "nights are in order");
      }
      const future = nightAt(5000);
      assert.throws(() => history.add(sampleNight({ night: future }), []), {
        name: "HistoryError",
      });
    }
    // The hour that is there twice, and the one that is not there, in both halves of the world.
    const moments = [
      "2026-03-29T00:30:00.000Z",
      "2026-03-29T01:30:00.000Z",
      "2026-10-25T00:30:00.000Z",
      "2026-10-25T01:30:00.000Z",
      "2026-04-04T15:30:00.000Z",
      "2026-04-04T16:30:00.000Z",
    ];
    const zones = ["Europe/Berlin", "Australia/Sydney"];
    const most = form === "quick" ? 2 : moments.length * zones.length;
    for (let done = 0; goOn(done, most); done++) {
      const startedAt = moments[done % moments.length]!;
      const zone = zones[Math.floor(done / moments.length)]!;
      const folder = writeNight(cwd, 500 + done, startedAt);
      const { code, out, err } = await run(
        "history",
        ["add", folder, "--history", `zone-${done}`],
        {
          cwd,
          env: { TZ: zone },
        },
      );
      assert.equal(code, 0, err);
      assert.ok(out.includes(startedAt.slice(0, 10)), `${zone}: ${out}${err}`);
      count("results of the hours of daylight saving");
    }
  },
};
