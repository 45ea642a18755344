/** The history's pages in a real browser. */
import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { HOSTILE_TEXTS } from "../../analysis/_testing/arbitrary_result.ts";
import type { HistoryJudgement } from "../../analysis/history/model.ts";
import { hasChromium, type Watched, watchedPage, withBrowser } from "../_testing/chromium.ts";
import { seriesPage } from "./paths.ts";
import { SAMPLE_OPTIONS, sampleJudgement } from "./_testing/sample_judgement.ts";
import { historySite } from "./site.ts";

/** Tests of pages wait for the browser's pipes, which outlive its close by a moment. */
function browserTest(name: string, test: (browser: Browser) => Promise<void>): void {
  Deno.test({
    name,
    timeout: 300_000,
    ignore: !hasChromium(),
    sanitizeOps: false,
    sanitizeResources: false,
    fn: () => withBrowser(test),
  });
}

/** Writes a site as files, as it will be read, and removes it. */
async function withSite(
  judgement: HistoryJudgement,
  use: (address: (path: string) => string) => Promise<void>,
): Promise<void> {
  const folder = Deno.makeTempDirSync({ prefix: "tidemark-site-" });
  try {
    Deno.mkdirSync(`${folder}/series`);
    for (const { path, text } of historySite(judgement, SAMPLE_OPTIONS)) {
      Deno.writeTextFileSync(`${folder}/${path}`, text);
    }
    await use((path) => `file://${folder}/${path}`);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function assertQuiet({ asked, complaints, dialogs }: Watched): void {
  assert.deepEqual({ asked, complaints, dialogs }, { asked: [], complaints: [], dialogs: [] });
}

/** The reading below the chart. */
function reading(page: Page): Promise<string> {
  return page.locator("#reading").innerText();
}

const FIRST = seriesPage({
  node: "node01",
  benchmark: "raw/write_throughput/10000",
  metric: "throughput",
});

browserTest(
  "a series' page is read by keyboard: nights, zoom, report",
  (browser) =>
    withSite(sampleJudgement(), async (address) => {
      const watched = await watchedPage(browser);
      const { page } = watched;
      await page.goto(address(FIRST));
      assert.match(await reading(page), /^2026-04-30: [\d,]+ ops\/s \([\d,]+–[\d,]+\), 10 runs/);
      // Tab alone leads to the chart, which shows that it has the focus.
      await page.locator("[data-nights]").last().focus();
      await page.keyboard.press("Tab");
      assert.equal(await page.evaluate("document.activeElement.id"), "chart");
      assert.notEqual(
        await page.evaluate(`getComputedStyle(document.getElementById("chart")).outlineStyle`),
        "none",
      );
      await page.keyboard.press("ArrowLeft");
      assert.match(await reading(page), /^2026-04-29: /);
      await page.keyboard.press("Shift+ArrowLeft");
      assert.match(await reading(page), /^2026-03-30: /);
      await page.keyboard.press("Home");
      assert.match(await reading(page), /^2026-01-01: /);
      await page.keyboard.press("ArrowLeft");
      assert.match(await reading(page), /^2026-01-01: /, "there is nothing before the first night");
      for (let i = 0; i < 11; i++) await page.keyboard.press("ArrowRight");
      assert.equal(await reading(page), "2026-01-12: no value: there is no result of it");
      await page.keyboard.press("End");
      await page.keyboard.press("+");
      await page.keyboard.press("+");
      const pressed = page.locator(`[data-nights][aria-pressed="true"]`);
      assert.equal(await pressed.count(), 0, "no button says that all is shown");
      await page.keyboard.press("0");
      assert.deepEqual(await pressed.allInnerTexts(), ["all"]);
      // The report is not there; that it is asked for is enough.
      const left = page.waitForRequest(/report\.html$/);
      await page.keyboard.press("Enter");
      assert.match(
        (await left).url(),
        /\/nights\/2026-04-30\/node01\/2026-04-30T010000Z-baseline-1\/report\.html$/,
      );
    }),
);

browserTest(
  "a series' page draws every night, and has all of them as a table and CSV",
  (browser) =>
    withSite(sampleJudgement(), async (address) => {
      const watched = await watchedPage(browser);
      const { page } = watched;
      await page.goto(address(FIRST));
      const drawn = await page.evaluate<number>(`(() => {
      const canvas = document.querySelector("#chart canvas");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size;
    })()`);
      assert.ok(drawn > 10, `${drawn} colours are drawn`);
      await page.locator("#all-nights summary").click();
      const rows = page.locator("#all-nights tbody tr");
      assert.equal(await rows.count(), 120);
      assert.match(
        await rows.nth(0).innerText(),
        /^2026-04-30\t[\d,]+\t[\d,]+–[\d,]+\t10\tfedcba9876ab/,
      );
      assert.match(
        await rows.nth(108).innerText(),
        /^2026-01-12\t–\t\t0\t\t\tthere is no result of it/,
      );
      const saved = page.waitForEvent("download");
      await page.locator("#csv").click();
      const csv = await Deno.readTextFile(await (await saved).path());
      const lines = csv.trimEnd().split("\r\n");
      assert.equal(lines.length, 121);
      assert.match(
        lines[1]!,
        /^2026-01-01,\d+\.?\d*,\d+\.?\d*,\d+\.?\d*,"ops\/s",10,"0123456789ab"/,
      );
      assert.match(lines[12]!, /^2026-01-12,,,,"ops\/s",0,"","","there is no result of it"$/);
      assertQuiet(watched);
    }),
);

browserTest(
  "the index is filtered and sorted, and leads to the series",
  (browser) =>
    withSite(sampleJudgement(), async (address) => {
      const watched = await watchedPage(browser);
      const { page } = watched;
      await page.goto(address("index.html"));
      const rows = page.locator("#series tbody tr:visible");
      const names = () => rows.locator("td.name > a").allInnerTexts();
      assert.equal(await rows.count(), 6);
      await page.locator("#filter-text").fill("READ node02");
      assert.deepEqual(await names(), ["raw/read_latency/single_read"]);
      assert.equal(await page.locator("#found").innerText(), "1 of 6 rows");
      await page.locator("#filter-text").fill("");
      await page.locator("#filter-news").check();
      assert.deepEqual(await names(), ["raw/write_throughput/10000", "raw/write_throughput/10000"]);
      await page.locator("#filter-news").uncheck();
      await page.locator("#filter-node").selectOption("node01");
      const before = await names();
      const tonight = page.locator("th button", { hasText: "Tonight" });
      const values = async () =>
        (await rows.locator("td.value").evaluateAll((cells) =>
          (cells as { dataset: { sort: string } }[]).map(({ dataset }) => dataset.sort)
        )).map(Number);
      await tonight.press("Enter");
      const ascending = await values();
      assert.deepEqual(ascending.slice(0, 2), ascending.slice(0, 2).toSorted((a, b) => a - b));
      assert.equal(ascending[2], 0, "what is missing stands at the end");
      assert.equal(await page.locator(`th[aria-sort="ascending"]`).innerText(), "Tonight");
      await tonight.click();
      assert.deepEqual((await values()).slice(0, 2), ascending.slice(0, 2).toReversed());
      await tonight.click();
      assert.deepEqual(await names(), before);
      await rows.last().locator("td.name a").first().click();
      assert.match(
        await page.locator("h1").innerText(),
        /^raw\/write_throughput\/10000 throughput/,
      );
      await page.locator(".crumbs a").click();
      assert.equal(await page.locator("h1").innerText(), "Nightly history");
      assertQuiet(watched);
    }),
);

browserTest("nothing of hostile names acts on any page, nor in the feed", async (browser) => {
  const [first, ...rest] = HOSTILE_TEXTS;
  const judgement = sampleJudgement({
    nights: 30,
    benchmarks: [`<script>document.title="run"</script>`, first!, ...rest.slice(0, 4)],
    nodes: ["</script><img src=x onerror=alert(1)>", ...rest.slice(4, 5)],
    metrics: ["throughput"],
  }, {
    commit: `</script><script>alert("commit")</script>`,
    library: `<img src=x onerror="alert('library')">`,
    reason: `"><svg onload=alert("reason")>`,
  });
  await withSite(judgement, async (address) => {
    const pages = judgement.series.slice(0, 6).map(({ series }) => seriesPage(series));
    for (const path of ["index.html", ...pages]) {
      const watched = await watchedPage(browser);
      const { page } = watched;
      await page.goto(address(path));
      if (path !== "index.html") await page.locator("#all-nights summary").click();
      const found = await page.evaluate<{ acting: string[]; scripts: number; title: string }>(`({
        acting: [...document.querySelectorAll("*")].filter((element) =>
          element.matches("img, iframe, object, embed, base, foreignObject, svg svg, svg script") ||
          [...element.attributes].some(({ name }) => name.startsWith("on"))
        ).map((element) => element.outerHTML),
        scripts: document.scripts.length,
        title: document.title,
      })`);
      assert.deepEqual(found.acting, []);
      assert.equal(found.scripts, path === "index.html" ? 2 : 3);
      assert.notEqual(found.title, "run");
      assertQuiet(watched);
      await page.close();
    }
    const feed = Deno.readTextFileSync(new URL(address("feed.xml")));
    const { page } = await watchedPage(browser);
    const read = await page.evaluate<{ names: string[]; error: boolean }>(`(() => {
      const feed = new DOMParser().parseFromString(${JSON.stringify(feed)}, "application/xml");
      return {
        names: [...new Set([...feed.querySelectorAll("*")].map(({ localName }) => localName))].sort(),
        error: feed.querySelector("parsererror") !== null,
      };
    })()`);
    assert.equal(read.error, false);
    assert.deepEqual(
      read.names,
      "author content entry feed generator id link name title updated".split(" "),
    );
  });
});

browserTest(
  "the pages fit the screen, wide or narrow, light or dark, with enough contrast",
  (browser) =>
    withSite(sampleJudgement(), async (address) => {
      const backgrounds = new Set<string>();
      for (const colorScheme of ["light", "dark"] as const) {
        for (const width of [1440, 768, 360]) {
          for (const path of ["index.html", FIRST]) {
            const watched = await watchedPage(browser, {
              colorScheme,
              viewport: { width, height: 900 },
            });
            const { page } = watched;
            await page.goto(address(path));
            const { overflow, background, low } = await page.evaluate<
              { overflow: number; background: string; low: string[] }
            >(`(() => {
            const luminance = (color) => {
              const [r, g, b] = color.match(/[\\d.]+/g).slice(0, 3).map((value) => {
                const share = value / 255;
                return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
              });
              return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            };
            const contrast = (a, b) => {
              const [dark, light] = [luminance(a), luminance(b)].sort((a, b) => a - b);
              return (light + 0.05) / (dark + 0.05);
            };
            const groundOf = (element) => {
              for (let at = element; at !== null; at = at.parentElement) {
                const color = getComputedStyle(at).backgroundColor;
                if (!color.startsWith("rgba(0, 0, 0, 0")) return color;
              }
            };
            const page = getComputedStyle(document.body).backgroundColor;
            // Contrast of 4.5 is what WCAG 2.2 AA asks of text.
            const low = [...document.querySelectorAll("main *")].filter((element) =>
              !element.closest("svg, .uplot, [hidden]") && element.innerText?.trim() &&
              contrast(getComputedStyle(element).color, groundOf(element)) < 4.5
            );
            return {
              overflow: document.documentElement.scrollWidth - innerWidth,
              background: page,
              low: [...new Set(low.map(({ tagName, className }) => tagName + "." + className))],
            };
          })()`);
            const where = `${path}, ${colorScheme}, ${width} px`;
            assert.ok(overflow <= 0, `${where}: ${overflow} px too wide`);
            assert.deepEqual(low, [], `${where}: too little contrast`);
            assertQuiet(watched);
            backgrounds.add(background);
            await page.close();
          }
        }
      }
      assert.equal(backgrounds.size, 2);
    }),
);
