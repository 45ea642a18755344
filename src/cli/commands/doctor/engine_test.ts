import assert from "node:assert/strict";
import { DEFAULT_RELEASE } from "../../../engine/mod.ts";
import { engineLines, type EngineState } from "./engine.ts";

const STATE: EngineState = {
  machine: "linux-x86_64",
  default: DEFAULT_RELEASE,
  cache: "/cache",
  kept: [],
  installed: [],
  used: null,
};

Deno.test("engineLines() says what is measured with, what is kept, and what will be got", () => {
  const cases: [Partial<EngineState>, RegExp, RegExp?][] = [
    [
      {},
      /none is installed, and the first bench gets the release [\d.]+, \d.* MiB$/,
      /there are none/,
    ],
    [
      { kept: ["9.10.0", DEFAULT_RELEASE], used: { release: DEFAULT_RELEASE } },
      /none is installed; measured with the release [\d.]+, which is kept here$/,
      /the default is [\d.]+; for linux-x86_64 there are 9\.10\.0, [\d.]+ in \/cache$/,
    ],
    [
      { kept: ["9.10.0"], installed: ["/lib/a.so"], used: { file: "/lib/a.so" } },
      /measured with \/lib\/a\.so unless a release is asked for$/,
      /, not kept; for linux-x86_64 there is 9\.10\.0 in/,
    ],
    [{ machine: null, cache: null }, /no release has a library for this machine$/],
    [
      { cache: null, installed: ["/lib/a.so"], used: { file: "/lib/a.so" } },
      /measured with/,
      /none can be kept, since the user has no home; set TIDEMARK_CACHE to a folder$/,
    ],
  ];
  for (const [change, ...expected] of cases) {
    const lines = engineLines({ ...STATE, ...change });
    assert.equal(lines.length, expected.length, lines.join("\n"));
    for (const [i, line] of lines.entries()) assert.match(line, expected[i]!);
  }
});
