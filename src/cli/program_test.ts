import assert from "node:assert/strict";
import { fakeStreams } from "./_testing/fake_streams.ts";
import { main } from "./main.ts";

for (
  const args of [
    ["--help"],
    ["bench", "--help"],
    ["compare", "--help"],
    ["report", "--help"],
    [
      "import",
      "--help",
    ],
    ["export", "--help"],
    ["publish", "--help"],
    ["nightly", "--help"],
    ["doctor", "--help"],
    ["history", "--help"],
    ["history", "add", "--help"],
    ["history", "show", "--help"],
    ["history", "site", "--help"],
    ["history", "thin", "--help"],
    ["nodes", "--help"],
    ["nodes", "list", "--help"],
    ["nodes", "bench", "--help"],
    ["bisect", "--help"],
    ["engine", "--help"],
    ["engine", "get", "--help"],
    ["plugin", "--help"],
    ["plugin", "new", "--help"],
    ["plugin", "check", "--help"],
  ]
) {
  Deno.test(`main() prints the help of tidemark ${args.join(" ")}`, async (t) => {
    const streams = fakeStreams();
    assert.equal(await main(args, streams), 0);
    assert.equal(streams.told, "");
    await t.assertSnapshot(streams.written);
  });
}

Deno.test("main() prints the version that deno.json has", async () => {
  const streams = fakeStreams();
  assert.equal(await main(["--version"], streams), 0);
  const { version } = JSON.parse(
    Deno.readTextFileSync(new URL("../../deno.json", import.meta.url)),
  );
  assert.equal(streams.written, `${version}\n`);
});

/** Calls that end before anything is touched, and what is to be said of each. */
const MISTAKES: [args: string, line: RegExp][] = [
  ["", /Cannot tell what to do: name a command; --help lists them/],
  ["benhc", /Unknown command 'benhc'; did you mean bench\?/],
  ["bench --profle quick", /Unknown option '--profle'; did you mean --profile\?/],
  ["bisect HEAD~1 HEAD", /Required option '--run <command>' not specified/],
  ["bisect HEAD~1 HEAD --run make --error 50", /Cannot take "50" for --error: give a percentage/],
  [
    "bisect HEAD~1 HEAD --run make --most 3",
    /Cannot take "3" for --most: give a whole number from/,
  ],
  ["publish --to x", /Missing required argument 'folder'/],
  ["publish pages", /Required option '--to <target>' not specified/],
  ["publish pages --to ftp://x", /Unknown kind of target "ftp": write a directory, ssh:/],
  ["publish pages --to x --keep 1", /Cannot take "1" for --keep: give a whole number from 2/],
  ["publish nowhere --to x", /Cannot read the pages in nowhere: there is no such file/],
  ["bench --runs", /Option '--runs <n>' argument missing/],
  [
    "bench basline",
    /Unknown suite "basline": did you mean baseline\? \(there is baseline, clients, /,
  ],
  [
    "bench rate --most-p99 2ms",
    /Cannot take --most-p99 for a bench that searches no rate; add --find/,
  ],
  [
    "bench --count",
    /Cannot take --count for a bench of which no two sides take turns; add --interleave/,
  ],
  [
    "bench --at-most 5min",
    /Cannot take --at-most for a bench that ends with its plan; add --until/,
  ],
  [
    "bench --until-sure --against main",
    /Cannot take --until-sure against main, which was measured before and gets no more runs: name/,
  ],
  ["bench --memory-limit 12", /Cannot take "12" for --memory-limit: give 128MiB or more/],
  ["bench rate --find-rate --store null", /Unknown store "null"/],
  ["bench --find-rate --runs 2", /Cannot take --runs for a search/],
  ["bench nope.ts", /Cannot load the suite nope\.ts: there is no such file/],
  [
    "bench --store rwa",
    /Unknown store "rwa": did you mean raw\? \(there is raw, kvstore, level.*\)/,
  ],
  ["bench --store null", /Unknown store "null": there is raw/],
  ["bench --store ./nowhere.so", /Cannot use \.\/nowhere\.so as a plug-in: it cannot be read: the/],
  ["bench --store ./LICENSE", /Cannot use \.\/LICENSE as a plug-in: it is no shared library; deno/],
  ["bench --store plugin", /Unknown store "plugin": there is raw/],
  ["plugin check ./nowhere.so", /Cannot use \.\/nowhere\.so as a plug-in: it cannot be read/],
  ["plugin new Mine", /Cannot begin the plug-in "Mine": call it by a-z, 0-9, - and _, at most 40/],
  ["plugin new src", /Cannot begin a plug-in in src: something is there; name another/],
  ["plugin new mine --lang zgi", /Unknown language "zgi": did you mean zig\?/],
  ["plugin chekc x", /Unknown command 'chekc'; did you mean check\?/],
  ["nodes bench --store ./x.so", /Cannot read \.\/x\.so: there is no such file or folder/],
  ["bench --store level,", /Unknown store "": there is raw/],
  ["bench --profile Quick", /Unknown profile "Quick": did you mean quick\?/],
  ["bench --profile toString", /Unknown profile "toString": there is smoke/],
  ["bench --store level --sampling log", /Unknown sampling "log": there is flat, linear/],
  ["bench --store level --filter nope", /Cannot filter by "nope": no benchmark's id contains it/],
  ["bench --runs 0", /Cannot take "0" for --runs: give a whole number from 1 to 1000/],
  ["bench --runs 1e3", /Cannot take "1e3" for --runs/],
  ["bench --runs 1001", /Cannot take "1001" for --runs/],
  ["bench --runs -1", /Cannot take "-1" for --runs|Option '--runs <n>' argument missing/],
  ["bench --store level --seed 1.5", /Cannot take "1\.5" for --seed/],
  ["bench --store level --seed 9007199254740992", /Cannot take .* for --seed/],
  ["bench --set wal", /Cannot set "wal": write it as name=value, e\.g\. wal=synced/],
  ["bench --set wal=maybe", /Cannot set "wal=maybe": wal takes synced, buffered or off/],
  [
    "bench --store level --set nosuch=1",
    /no option "nosuch"; there is wal, compression, writeBufferBytes, blockCacheBytes, burn$/,
  ],
  ["plugin check /dev/full", /Cannot use "\/dev\/full": it is of the system's own/],
  ["export r --format csv --out /dev/full", /Cannot use "\/dev\/full": it is of the system's own/],
  ["bench --set toString=1", /Cannot set "toString=1": there is no option "toString"/],
  [
    "bench --set writeBufferBytes=1",
    /writeBufferBytes takes bytes like 64MiB or 64MB, 64KiB to 64GiB/,
  ],
  ["bench --store level --set bloomBits=10", /level.*bloomBits|bloomBits.*level/],
  ["bench --save ../x", /Cannot save as "\.\.\/x": use letters/],
  ["bench --save .hidden", /Cannot save as "\.hidden": use letters/],
  ["bench --save a/b", /Cannot save as "a\/b": use letters/],
  ["bench --resume x --runs 5", /Cannot take --runs for an interrupted bench/],
  ["bench --resume x --out y", /Cannot take --out for an interrupted bench/],
  ["bench --resume x baseline", /Cannot resume and bench baseline/],
  [
    "bench --resume no-such-folder",
    /Cannot read the journal no-such-folder\/journal\.jsonl: there/,
  ],
  ["bench --junit x.xml", /Cannot take --junit for a bench that is not compared; add --against/],
  ["bench --against no-such", /Cannot compare with "no-such": it is no file, no directory and no/],
  ["bench --list --resume", /Option '--list' cannot be used with option '--resume \[dir\]'/],
  ["compare a b --json --markdown", /Option '--markdown' cannot be used with option '--json'/],
  ["compare main", /Missing required argument 'candidate'/],
  ["compare no-such other", /Cannot compare with "no-such": it is no file, no directory and no/],
  ["compare a b --threshold p98=3%", /Unknown metric "p98" in --threshold: did you mean p9[90]\?/],
  [
    "report /dev/zero",
    /Cannot read the result \/dev\/zero: it is not a regular file; copy it to one/,
  ],
  ["compare a b --threshold 3", /Cannot take "3" for --threshold: write 3% or p99=15%/],
  ["compare a b --threshold p99=-1%", /Cannot take "p99=-1%" for --threshold/],
  ["report", /Missing required argument 'result'/],
  ["report no-such-file", /Cannot read the result no-such-file: there is no such file/],
  ["import x --format ycbs", /Unknown form "ycbs": did you mean ycsb\? \(there is criterion, /],
  ["import x --unit min", /Unknown unit "min": .*there is ns, us, ms, s/],
  ["import x --store null", /Cannot name a store "null": use letters, digits, dots/],
  ["export x", /Required option '--format <name>' not specified/],
  ["export x --format json", /Unknown form "json": there is criterion, go, csv, samples-csv/],
  ["history show --metric thruput", /Unknown metric "thruput": did you mean throughput\?/],
  ["history show --nights 1.5", /Cannot take "1\.5" for --nights: give a whole number from 0/],
  ["history site --out x --url a b", /Cannot take "a" for --url: give an address like https:/],
  ["history site --out x --url https://a:b@c", /Cannot take --url: it has a password/],
  ["nightly --keep-pages 1", /for --keep-pages: give a whole number from 2 to 1000; the pages/],
  ["nightly --patience soon", /Cannot take "soon" for --patience: give whole seconds up to a day/],
  ["nightly --reconnect 86401", /Cannot take "86401" for --reconnect: give whole seconds up/],
  ["nightly --nodes --data x", /Option '--data <dir>' cannot be used with option '--nodes'/],
  // Who names machines means them.
  ["nightly --cluster nowhere.json", /Cannot read the cluster file nowhere\.json/],
  ["nodes bench --profile Quick", /Unknown profile "Quick": did you mean quick\?/],
  ["nodes bench --store rwa", /Unknown store "rwa": did you mean raw\?/],
  ["nodes bnech", /Unknown command 'bnech'; did you mean bench\?/],
  ["engine get --for mac", /Unknown kind of machine "mac": /],
  [
    "doctor --data LICENSE",
    /Cannot examine LICENSE: it leads to no folder; name one, or a new one/,
  ],
  ["engine get ../../x", /speedb-2\.8\.0; a library's path is for --set release=PATH alone; deno/],
  ["doctor extra", /Too many arguments/],
];
for (const [args, line] of MISTAKES) {
  Deno.test(`main() ends with 2 and one line for: tidemark ${args}`, async () => {
    const streams = fakeStreams();
    assert.equal(await main(args.split(" ").filter(Boolean), streams), 2);
    assert.equal(streams.written, "");
    const lines = streams.told.split("\n").filter((line) => !line.startsWith("Going on with"));
    assert.deepEqual(lines.length, 2, streams.told);
    assert.match(lines[0]!, /^error: [A-Z].*[^.]$/);
    assert.match(lines[0]!, line);
  });
}

Deno.test("main() ends with 2 when one --out is for several suites", async () => {
  const tiny = new URL("./e2e/_testing/tiny_suite.ts", import.meta.url).pathname;
  const streams = fakeStreams();
  assert.equal(await main(["bench", "baseline", tiny, "--out", "x"], streams), 2);
  assert.equal(
    streams.told,
    "error: Cannot take --out for several suites; bench them one by one\n",
  );
});

Deno.test("main() lists the suites and their benchmarks, for people and as JSON", async () => {
  const streams = fakeStreams();
  assert.equal(await main(["bench", "--list"], streams), 0);
  assert.match(streams.written, /^baseline: Storage Layer Performance Baseline\n {2}raw\/write_/);
  const json = fakeStreams();
  assert.equal(await main(["bench", "--list", "--json"], json), 0);
  const [suite] = JSON.parse(json.written);
  assert.equal(suite.name, "baseline");
  assert.equal(suite.benchmarks.length, 18);
  const named = fakeStreams();
  assert.equal(await main(["bench", "mixed", "--list"], named), 0);
  assert.match(named.written, /^mixed: /);
  assert.doesNotMatch(named.written, /^baseline: /m);
  const odd = fakeStreams();
  assert.equal(await main(["bench", "bsaeline", "--list"], odd), 2);
  assert.match(odd.told, /^error: [^\n]*baseline[^\n]*\n$/);
});

Deno.test("main() lists what a call would measure, with its loads changed, filtered and of its stores", async () => {
  const listed = async (...args: string[]) => {
    const streams = fakeStreams();
    const code = await main(["bench", ...args, "--list"], streams);
    return { code, lines: streams.written.trim().split("\n").map((line) => line.trim()), streams };
  };
  const args = ["tails", "--clients", "1,2", "--filter", "tails/get", "--store", "kvstore"];
  assert.deepEqual((await listed(...args)).lines, [
    "tails: Tails at a Rate",
    "kvstore/tails/get/clients-1",
    "kvstore/tails/get/clients-2",
  ]);
  const [title, ...writes] = (await listed("--filter", "write_throughput")).lines;
  assert.match(title!, /^baseline: /);
  assert.ok(writes.length > 0 && writes.every((id) => id.includes("/write_throughput/")));
  const none = await listed("tails", "--filter", "nope");
  assert.equal(none.code, 2);
  assert.match(none.streams.told, /^error: Cannot filter by "nope": [^\n]*\n$/);
});

Deno.test("main() ends with 3 and says whose fault it is when the program itself fails", async () => {
  const streams = fakeStreams();
  streams.out = () => {
    throw new TypeError("x is not a function");
  };
  assert.equal(await main(["bench", "--list"], streams), 3);
  assert.match(streams.told, /^error: This is a fault of Tidemark itself: TypeError: x is not/);
});
