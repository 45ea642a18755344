import assert from "node:assert/strict";
import { analyse } from "../../analysis/mod.ts";
import { sampleResult, sampleStore } from "../../analysis/_testing/sample_result.ts";
import type { Result } from "../../result/schema.ts";
import type { Figure } from "../document.ts";
import { writeMarkup } from "../html/markup.tsx";
import { timesFigure } from "./mod.ts";

/** The figure of stores, without targets. */
function figureOf(...stores: string[]): Figure {
  const sampled = stores.map((store, i) => sampleStore(store, i + 1));
  const given: Result = sampleResult({ runs: 3, stores: sampled });
  const result = { ...given, suite: { ...given.suite, targets: [] } };
  return timesFigure(analyse(result, { resamples: 20 }))[0]!;
}

/** Its texts, but for what marks say under the pointer. */
function textsOf({ drawing }: Figure): string[] {
  const markup = writeMarkup(drawing.marks).replace(/<title>.*?<\/title>/g, "");
  return [...markup.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text!);
}

Deno.test("timesFigure() tells stores apart whose names differ only at their ends", () => {
  const variants = ["nodes=1", "nodes=3", "nodes=3,consistency=serializable", "nodes=3,delayMs=5"];
  const stores = ["raw", ...variants.map((variant) => `etcd@${variant}`)];
  const figure = figureOf(...stores);
  const texts = textsOf(figure);
  assert.ok(texts.every((text) => !text.includes("…")), texts.join("\n"));
  // Each benchmark that is drawn has all its stores, in their order, under its name.
  const names = [...new Set(figure.numbers!.rows.map(([id]) => JSON.stringify(id)))];
  assert.ok(names.length >= stores.length);
  const begins = texts.flatMap((text, i) => text === "raw" ? [i] : []);
  assert.ok(begins.length >= 1);
  for (const begin of begins) {
    const labels = texts.slice(begin).filter((text) => !/\d [nµm]?s$/.test(text));
    assert.deepEqual(labels.slice(0, stores.length), stores);
  }
});

Deno.test("timesFigure() has a line a row where names are short", () => {
  const texts = textsOf(figureOf("raw", "level"));
  assert.ok(texts.some((text) => /^one read, level$|, level$/.test(text)), texts.join("\n"));
  const [near, far] = [figureOf("raw", "level"), figureOf("raw", "etcd@consistency=serializable")];
  assert.ok(near.drawing.height < far.drawing.height);
});
