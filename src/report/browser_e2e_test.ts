/** The HTML report in a real browser. */
import assert from "node:assert/strict";
import { HOSTILE_TEXTS } from "../analysis/_testing/arbitrary_result.ts";
import { analyse, benchmarkSeries } from "../analysis/mod.ts";
import { threeStores } from "../analysis/_testing/sample_result.ts";
import type { Result } from "../result/schema.ts";
import { buildBaselineReport } from "./baseline_report.ts";
import { hasChromium, watchedPage, withBrowser } from "./_testing/chromium.ts";
import { table } from "./document.ts";
import axe from "axe-core";
import { toHtml } from "./html/document.tsx";

function htmlOf(result: Result): string {
  return toHtml(buildBaselineReport(result, analyse(result, { resamples: 100 })));
}

const OPEN_ALL = `document.querySelectorAll("details").forEach((each) => { each.open = true; })`;

/**
 * Whether verdict, table and noise are in the first screen, and whether the contents come after them:
 * below where the page is narrow, at its side where it is wide.
 */
const FIRST_SCREEN = `(() => {
  const bottom = (selector) => document.querySelector(selector).getBoundingClientRect().bottom;
  const noise = [...document.querySelectorAll(".first > p")].at(-1).getBoundingClientRect().bottom;
  const nav = document.querySelector("nav").getBoundingClientRect();
  return {
    whole: Math.max(bottom(".first h1"), bottom(".first .table"), noise) <= innerHeight,
    navigation: nav.top >= noise,
  };
})()`;

const UNITS = { ps: 1e-3, ns: 1, "µs": 1e3, ms: 1e6, s: 1e9 };

/** A run as a figure has it. */
interface DrawnRun {
  along: "x" | "y";
  name: string;
  count: number;
  bundle: number;
  /** The figure's. */
  title: string;
  place: { x: number; y: number };
}

/** Times of one operation in a run's samples, ns, in their order. */
function samplesOf(result: Result, benchmark: string, run: number): readonly number[] {
  const { benchmarks } = analyse(result, { resamples: 100 });
  const series = benchmarkSeries(result, benchmarks).find(({ id }) => id === benchmark)!;
  return series.runs.find((each) => each.run === run)!.times;
}

/** The result with hostile text in every string that may hold any. */
function hostile(result: Result): Result {
  let next = 0;
  const text = () => HOSTILE_TEXTS[next++ % HOSTILE_TEXTS.length]!;
  return {
    ...result,
    id: text(),
    warnings: [...HOSTILE_TEXTS],
    command: [...HOSTILE_TEXTS],
    suite: {
      ...result.suite,
      title: `<script>document.title="run"</script>`,
      summary: text(),
      nextSteps: [...HOSTILE_TEXTS],
      figures: result.suite.figures.map((figure) => ({
        ...figure,
        system: text(),
        source: text(),
      })),
      claims: HOSTILE_TEXTS.map((name) => ({
        name,
        hypothesis: text(),
        evidence: [],
        limits: [text()],
      })),
    },
    environment: { ...result.environment, host: text(), kernel: text() },
    runs: result.runs.map((run) => ({
      ...run,
      store: run.store && { ...run.store, engine: text(), options: { [text()]: text() } },
    })),
  };
}

Deno.test({
  name: "toHtml() makes a page on which nothing of a hostile result acts",
  timeout: 300_000,
  ignore: !hasChromium(),
  // The browser's pipes outlive its close by a moment.
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    withBrowser(async (browser) => {
      const page = await browser.newPage();
      const asked: string[] = [];
      const complaints: string[] = [];
      const dialogs: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      page.on("console", (message) => complaints.push(message.text()));
      page.on("dialog", (dialog) => {
        dialogs.push(dialog.message());
        void dialog.dismiss();
      });
      await page.setContent(htmlOf(hostile(threeStores())));
      const found = await page.evaluate<
        { acting: number; scripts: number; figures: number; links: string[]; title: string }
      >(`({
        acting: document.querySelectorAll(
          "script:not(body > script), img, iframe, object, embed, form, input:not(.filter > *), link, base, video, audio, " +
          "foreignObject, use, image, animate, set, svg svg, svg a, svg style, :not(figure) > svg").length +
          [...document.querySelectorAll("*")].filter((element) =>
            [...element.attributes].some(({ name }) => name.startsWith("on") || name === "style")
          ).length,
        scripts: document.querySelectorAll("script").length,
        figures: document.querySelectorAll("figure > svg").length,
        links: [...document.querySelectorAll("[href]")].map((link) => link.getAttribute("href")),
        title: document.title,
      })`);
      assert.equal(found.acting, 0);
      // The page's own.
      assert.equal(found.scripts, 5);
      assert.ok(found.figures > 5);
      assert.ok(found.links.every((link) => /^#[a-z0-9-]+$/.test(link)));
      assert.equal(found.title, `<script>document.title="run"</script>`);
      assert.deepEqual({ asked, complaints, dialogs }, { asked: [], complaints: [], dialogs: [] });
    }),
});

Deno.test({
  name: "toHtml() makes a page that fits the screen, wide or narrow, light or dark",
  timeout: 300_000,
  ignore: !hasChromium(),
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    withBrowser(async (browser) => {
      const html = htmlOf(threeStores());
      const backgrounds = new Set<string>();
      for (const colorScheme of ["light", "dark"] as const) {
        for (const width of [1920, 1280, 768, 390]) {
          const page = await browser.newPage({ colorScheme, viewport: { width, height: 900 } });
          await page.setContent(html);
          assert.deepEqual(await page.evaluate(FIRST_SCREEN), {
            whole: true,
            navigation: width < 1200,
          });
          await page.evaluate(OPEN_ALL);
          // A table that was folded is laid out a moment after it is seen.
          await page.evaluate(
            `new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100)))`,
          );
          const clipped = await page.evaluate<unknown[]>(
            `[...document.querySelectorAll(".table")].filter((box) => box.scrollWidth > box.clientWidth)
              .map((box) => box.ariaLabel)`,
          );
          assert.deepEqual(clipped, [], `${width} px`);
          // Of the widths that are laid out alike one is enough: it takes seconds.
          if (width !== 768) {
            await page.evaluate(axe.source);
            const violations = await page.evaluate<unknown[]>(
              `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html]))`,
            );
            assert.deepEqual(violations, [], `${colorScheme}, ${width} px`);
          }
          const { overflow, background, low } = await page.evaluate<
            { overflow: number; background: string; low: string[] }
          >(`(() => {
            const rgb = (color) => color.match(/[\\d.]+/g).slice(0, 3).map(Number);
            const luminance = (color) => {
              const [r, g, b] = rgb(color).map((value) => {
                const share = value / 255;
                return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
              });
              return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            };
            const contrast = (a, b) => {
              const [dark, light] = [luminance(a), luminance(b)].sort((a, b) => a - b);
              return (light + 0.05) / (dark + 0.05);
            };
            const page = getComputedStyle(document.body).backgroundColor;
            // Contrast of 4.5 is what WCAG 2.2 AA asks of text.
            const text = [...document.querySelectorAll("main *, nav *")].filter((element) =>
              !element.closest("svg") &&
              contrast(getComputedStyle(element).color, page) < 4.5
            );
            const labels = [...document.querySelectorAll("svg text")].filter((element) =>
              contrast(getComputedStyle(element).fill, page) < 4.5
            );
            // And 3 of what carries meaning in a drawing.
            const marks = [...document.querySelectorAll("svg > g")].filter((element) =>
              contrast(getComputedStyle(element).color, page) < 3
            );
            const low = [...text, ...labels, ...marks].map((element) =>
              element.tagName + "." + element.getAttribute("class")
            );
            return {
              overflow: document.documentElement.scrollWidth - innerWidth,
              background: page,
              low: [...new Set(low)],
            };
          })()`);
          assert.ok(overflow <= 0, `${colorScheme}, ${width} px: ${overflow} px too wide`);
          assert.deepEqual(low, [], `${colorScheme}: too little contrast`);
          backgrounds.add(background);
          await page.close();
        }
      }
      assert.equal(backgrounds.size, 2);
    }),
});

Deno.test({
  name: "toHtml() makes tables that are sorted by keyboard, times of every unit by their length",
  timeout: 300_000,
  ignore: !hasChromium(),
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    withBrowser(async (browser) => {
      const { page, complaints, asked } = await watchedPage(browser);
      const rows = ["1.5 ms", "not measured", "900 ns (880–920)", "1,200 µs"];
      await page.setContent(toHtml({
        title: "Tables",
        language: "en",
        blocks: [table(["Store", ">Time"], rows.map((time, i) => [`s${i}`, time]))],
      }));
      const times = () => page.locator("tbody tr td:last-child").allInnerTexts();
      const button = page.getByRole("button", { name: "Time" });
      await button.focus();
      await page.keyboard.press("Enter");
      assert.deepEqual(await times(), ["900 ns (880–920)", "1,200 µs", "1.5 ms", "not measured"]);
      assert.equal(await page.locator("th[aria-sort=ascending]").innerText(), "Time");
      await page.keyboard.press("Enter");
      assert.equal((await times()).filter((time) => time !== "not measured")[0], "1.5 ms");
      await page.keyboard.press("Enter");
      assert.deepEqual(await times(), rows);
      assert.deepEqual({ complaints, asked }, { complaints: [], asked: [] });
    }),
});

Deno.test({
  name: "toHtml() makes figures that tell the value of the sample under the pointer",
  timeout: 300_000,
  ignore: !hasChromium(),
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    withBrowser(async (browser) => {
      const { page, complaints, asked } = await watchedPage(browser);
      const result = threeStores();
      await page.setContent(htmlOf(result));
      await page.evaluate(
        `document.querySelectorAll("details").forEach((each) => each.open = true)`,
      );
      const all = await page.evaluate<number>(
        `document.querySelectorAll("[data-samples]").length`,
      );
      const seen = { x: 0, y: 0, bundles: 0 };
      for (let i = 0; i < all; i++) {
        // A run, and where the browser has drawn its first mark.
        const { along, name, count, bundle, title, place } = await page.evaluate<DrawnRun>(`(() => {
          const run = document.querySelectorAll("[data-samples]")[${i}];
          const svg = run.ownerSVGElement;
          svg.scrollIntoView({ block: "center" });
          const [, x, y] = /^M([\\d.]+) ([\\d.]+)/.exec(
            run.querySelector(".dots, .bars").getAttribute("d"),
          );
          const place = new DOMPoint(Number(x), Number(y)).matrixTransform(svg.getScreenCTM());
          const [count, bundle] = run.dataset.count.split(" ").map(Number);
          return {
            along: run.dataset.axis.split(" ")[0],
            name: run.dataset.samples,
            count,
            bundle,
            title: svg.parentElement.querySelector("figcaption strong").textContent,
            place: { x: place.x, y: place.y },
          };
        })()`);
        const benchmark = / of (?:the samples of )?(\S+?)(?: in time order)?\.$/.exec(title)![1];
        const [store, run] = name.split(", run ");
        const times = samplesOf(result, `${store}/${benchmark}`, Number(run));
        assert.equal(times.length, count);
        await page.mouse.move(place.x, place.y);
        const said = await page.evaluate<string>(
          `[...document.querySelectorAll("output")].map((each) => each.textContent).join("")`,
        );
        assert.ok(said.startsWith(`${name}${along === "x" ? ": a sample" : ", sample"}`), said);
        const read = [...said.matchAll(/≈? ?([\d.e+-]+) ([pnµm]?s)\b/g)]
          .map(([, value, unit]) => Number(value) * UNITS[unit as keyof typeof UNITS]);
        const truth = along === "x"
          ? [Math.min(...times)]
          : bundle === 1
          ? [times[0]!]
          : [Math.min(...times.slice(0, bundle)), Math.max(...times.slice(0, bundle))];
        assert.equal(read.length, truth.length, said);
        for (const [at, value] of truth.entries()) {
          assert.ok(Math.abs(read[at]! / value - 1) < 0.03, `${said} of ${value} ns`);
        }
        seen[along]++;
        if (bundle > 1) seen.bundles++;
      }
      assert.ok(Object.values(seen).every((number) => number > 0), JSON.stringify(seen));
      await page.mouse.move(1, 1);
      assert.deepEqual(
        (await page.locator("output").allInnerTexts()).filter((text) => text !== ""),
        [],
      );
      assert.deepEqual({ complaints, asked }, { complaints: [], asked: [] });
    }),
});

Deno.test({
  name: "toHtml() makes long tables that are filtered by words, and figures that are saved",
  timeout: 300_000,
  ignore: !hasChromium(),
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    withBrowser(async (browser) => {
      const { page, complaints, asked } = await watchedPage(browser, { acceptDownloads: true });
      await page.setContent(htmlOf(threeStores()));
      const box = page.locator(".filter", { has: page.getByLabel(/Filter .*Results of raw/) });
      const rows = page.getByLabel(/^Results of raw/).locator("tbody tr:visible");
      const all = await rows.count();
      await box.locator("input").fill("P99 write");
      const texts = await rows.allInnerTexts();
      assert.ok(texts.length > 0 && texts.length < all);
      assert.ok(texts.every((text) => /write.*p99/is.test(text)), texts.join("\n"));
      assert.match(await box.locator("output").innerText(), /^\d+ of \d+ rows$/);

      const saved = page.waitForEvent("download");
      await page.locator(".first .save").click();
      const download = await saved;
      assert.equal(download.suggestedFilename(), "what-was-measured-against-its-target.svg");
      const svg = Deno.readTextFileSync(await download.path());
      assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
      assert.match(svg, /<style>[^<]*--ink: ?#/);
      assert.match(svg, /write rate, raw/);
      assert.deepEqual({ complaints, asked: asked.filter((at) => !at.startsWith("blob:")) }, {
        complaints: [],
        asked: [],
      });
    }),
});

Deno.test({
  name: "the first screen holds stores with long names, whose figure stays inside of it",
  timeout: 300_000,
  ignore: !hasChromium(),
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    withBrowser(async (browser) => {
      const long = "etcd@nodes=1,consistency=serializable";
      const given = threeStores();
      const named = (text: string) => text.replace(/^level(?=\/|$)/, long);
      const result: Result = {
        ...given,
        suite: { ...given.suite, targets: [] },
        benchmarks: given.benchmarks.map((own) => ({
          ...own,
          id: named(own.id),
          store: named(own.store),
        })),
        runs: given.runs.map((run) => ({ ...run, benchmark: named(run.benchmark) })),
      };
      const html = htmlOf(result);
      assert.ok(html.includes(long));
      for (const width of [1200, 1280]) {
        const page = await browser.newPage({ viewport: { width, height: 900 } });
        await page.setContent(html);
        const beyond = await page.evaluate(`document.documentElement.scrollWidth - innerWidth`);
        assert.equal(beyond, 0, `${width} px`);
        await page.close();
      }
    }),
});
