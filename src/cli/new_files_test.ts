import assert from "node:assert/strict";
import { fakeStreams } from "./_testing/fake_streams.ts";
import { main } from "./main.ts";

/** Calls whose inputs are not there, so that whoever reads them first says another thing. */
const CALLS: [args: string[], line: RegExp][] = [
  [["import", "none", "--out", "full"], /Cannot use .*full: it is not empty; name an empty or/],
  [["import", "none", "--out", "file"], /Cannot use .*file: a part of its path is not a folder/],
  [
    ["export", "none", "--format", "criterion", "--out", "full"],
    /Cannot use .*full: it is not emp/,
  ],
  [
    ["export", "none", "--format", "go", "--out", "file"],
    /Cannot write .*file: it is there already/,
  ],
  [["report", "none", "--markdown", "file"], /Cannot write .*file: it is there already.*--force/],
  [["report", "none", "--html", "file"], /Cannot write .*file: it is there already.*--force/],
  [["history", "site", "--history", "none", "--out", "full"], /Cannot write the site .*full: it h/],
  [
    ["bench", "none", "--out", "full"],
    /Cannot use .*full as the result directory: it is not empty/,
  ],
  [
    ["bisect", "a", "b", "--repo", "none", "--run", "true", "--out", "full"],
    /Cannot use .*full: it is not empty/,
  ],
  [
    ["nodes", "bench", "none", "--out", "full"],
    /Cannot use .*full: it is not empty/,
  ],
];

Deno.test("what cannot be written is refused before anything is read, and left as it was", async (t) => {
  const folder = Deno.makeTempDirSync({ prefix: "tidemark-new-files-" });
  try {
    Deno.mkdirSync(`${folder}/full`);
    for (const path of ["full/thesis.txt", "file"]) {
      Deno.writeTextFileSync(`${folder}/${path}`, "x");
    }
    for (const [args, line] of CALLS) {
      await t.step(args.join(" "), async () => {
        const streams = fakeStreams();
        const placed = args.map((arg) =>
          ["none", "full", "file"].includes(arg) ? `${folder}/${arg}` : arg
        );
        assert.equal(await main(placed, streams), 2, streams.told);
        assert.match(streams.told, line);
        assert.equal(streams.told.split("\n").length, 2, streams.told);
        assert.deepEqual([...Deno.readDirSync(folder)].length, 2);
        assert.equal(Deno.readTextFileSync(`${folder}/file`), "x");
      });
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
