import assert from "node:assert/strict";
import { main } from "../main.ts";
import { fakeStreams } from "../_testing/fake_streams.ts";

const EMPTY: [args: string[], line: string][] = [
  [["bench", "--filter", ""], "--filter: it is empty; give it a value, or leave it out"],
  [["report", ""], "<result>: it is empty; give it one"],
  [["import", "a.txt", ""], "<output>: it is empty; give it one"],
  [
    ["history", "show", "--history", ""],
    "--history: it is empty; give it a value, or leave it out",
  ],
];
for (const [args, line] of EMPTY) {
  Deno.test(`an empty text is refused in one line: ${args.join(" ")}`, async () => {
    const streams = fakeStreams();
    assert.equal(await main(args, streams), 2);
    assert.equal(streams.told, `error: Cannot take "" for ${line}\n`);
  });
}
