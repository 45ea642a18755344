/** Damaged files, and other things in the place of files, for every command that reads them. */
import { CONTROL } from "../control.ts";
import assert from "node:assert/strict";
import { succeeds } from "../../_testing/child.ts";
import { fakeStreams } from "../../cli/_testing/fake_streams.ts";
import { run, type Task } from "../../cli/e2e/_testing/tidemark.ts";
import { main } from "../../cli/main.ts";
import { mutate, pick } from "../mutate.ts";
import { journalOf, sampleJournals, smallResult } from "../samples.ts";
import type { TortureStep } from "./step.ts";

/** Journals that are torn, doubled, reordered, mixed with others, or have bits flipped. */
export const damagedJournals: TortureStep = {
  name: "journals",
  what: "journals torn, doubled, reordered, foreign, with flipped bits and NULs",
  seconds: { quick: 10, full: 180 },
  async run({ form, random, folder, count, goOn }) {
    const texts = [journalOf(smallResult()), ...sampleJournals()];
    const directory = `${folder}/out`;
    Deno.mkdirSync(directory);
    for (let done = 0; goOn(done, form === "quick" ? 40 : 1000); done++) {
      Deno.writeFileSync(
        `${directory}/journal.jsonl`,
        mutate(pick(random, texts), random, texts),
      );
      const streams = fakeStreams();
      const code = await main(["report", directory], streams);
      assert.ok(code === 0 || code === 2, `${code}: ${streams.told}`);
      assert.equal(code === 2, streams.told.startsWith("error: "), streams.told);
      assert.equal(streams.told.trimEnd().split("\n").length, 1, streams.told);
      assert.doesNotMatch(streams.told, CONTROL);
      assert.deepEqual([...Deno.readDirSync(directory)].map(({ name }) => name), ["journal.jsonl"]);
      count(code === 0 ? "read" : "refused in one line");
    }
  },
};

/** What may be in the place of a file. */
const THINGS: Record<string, (path: string) => void | Promise<void>> = {
  "a pipe": async (path) => assert.ok(await succeeds("mkfifo", path)),
  "a folder": (path) => Deno.mkdirSync(path),
  "a link to an endless device": (path) => Deno.symlinkSync("/dev/zero", path),
  "a link to nothing": (path) => Deno.symlinkSync("/nowhere/at/all", path),
  "a link to itself": (path) => Deno.symlinkSync(path, path),
  "a link to a pipe": async (path) => {
    assert.ok(await succeeds("mkfifo", `${path}.pipe`));
    Deno.symlinkSync(`${path}.pipe`, path);
  },
  "an empty file": (path) => Deno.writeTextFileSync(path, ""),
  "NULs": (path) => Deno.writeFileSync(path, new Uint8Array(10_000)),
  "2 GB": (path) => {
    using file = Deno.openSync(path, { write: true, create: true });
    file.truncateSync(2 ** 31 + 1);
  },
};

/** Files, though of nothing sensible: a page of a site may have them. */
const REGULAR: ReadonlySet<string> = new Set(["an empty file", "NULs", "2 GB"]);

/** A command, and the file in the folder `in` that it is to read. */
const READERS: readonly [task: Task, args: readonly string[], file: string][] = [
  ["report", ["in"], "result.json"],
  ["report", ["in/journal.jsonl"], "journal.jsonl"],
  ["bench", ["--resume", "in"], "journal.jsonl"],
  ["compare", ["in/result.json", "in/result.json"], "result.json"],
  ["export", ["in", "--format", "csv"], "result.json"],
  ["import", ["in/db_bench.txt"], "db_bench.txt"],
  ["history", ["add", "in", "--history", "history"], "result.json"],
  ["history", ["show", "--history", "in"], "history.json"],
  ["nodes", ["list", "--cluster", "in/cluster.json"], "cluster.json"],
  ["nodes", ["collect", "in"], "nodes.json"],
  ["publish", ["in", "--to", "www"], "index.html"],
];

/** Pipes, links, folders and giants in the place of files. */
export const otherThings: TortureStep = {
  name: "other-things",
  what: "pipes, links, folders, devices and 2 GB in place of files",
  seconds: { quick: 15, full: 240 },
  skip: () => Deno.build.os === "linux" ? undefined : "it needs mkfifo and /dev/zero",
  async run({ form, random, folder, count, goOn }) {
    const all = READERS.flatMap((reader) =>
      Object.entries(THINGS).map(([thing, make]) => ({ reader, thing, make }))
    ).filter(({ reader: [task], thing }) => task !== "publish" || !REGULAR.has(thing));
    random.shuffle(all);
    for (let number = 0; goOn(number, form === "quick" ? 15 : all.length); number++) {
      const { reader: [task, args, file], thing, make } = all[number]!;
      const cwd = `${folder}/${number}`;
      Deno.mkdirSync(`${cwd}/in`, { recursive: true });
      await make(`${cwd}/in/${file}`);
      const what = `${task} ${args.join(" ")}, ${thing}`;
      const { code, err } = await run(task, args, { cwd });
      assert.ok(code === 2 || code === 3, `${what}: ${code} ${err}`);
      assert.match(err, /^error: [^\n]+\n$/m, what);
      assert.doesNotMatch(err, /fault of Tidemark|^ +at /m, what);
      count(`${thing}: refused`);
      Deno.removeSync(cwd, { recursive: true });
    }
  },
};
