/** The check against a plug-in that is right, and against one fault each. */
import assert from "node:assert/strict";
import { buildC, rocksdbPlugin } from "../../_testing/plugin_library.ts";
import { checkPlugin } from "./check.ts";

const SOURCE = new URL("./_testing/faults.c", import.meta.url).pathname;
const HANDED_IN = new URL("./_testing/handed_in.c", import.meta.url).pathname;
const SEVERAL = new URL("./_testing/several.c", import.meta.url).pathname;
const MEDDLER = new URL("./_testing/meddler.c", import.meta.url).pathname;
const right = await buildC(SOURCE, [], "libright.so");
const skipped = right.reason === undefined ? "" : ` (skipped: ${right.reason})`;
const ignore = right.reason !== undefined;

/** A fault of `faults.c`, the case that finds it, and what it says. */
const FAULTS: Readonly<Record<string, { found: string; says: RegExp }>> = {
  LOSES_THOUSANDTH: { found: "every key", says: /^"key 0*\d?999" was put, and is absent$/ },
  WRITES_BEYOND: { found: "never writes beyond", says: /^get wrote beyond its buffer of 0 bytes$/ },
  STALE: { found: "another sees", says: /has other bytes instead/ },
  ABORTS: { found: "every key", says: /^it ended the process by SIGABRT/ },
  EXITS: { found: "every key", says: /^it ended the process with 0/ },
  HANGS_IN_OPEN: { found: "never writes beyond", says: /^it did not come to an end within 15 s$/ },
  LEAKS: {
    found: "leave nothing behind",
    says: /^opening and closing a database leaves 4\d{3} by/,
  },
  LEAKS_FILES: { found: "leave nothing behind", says: /\d+ files and 0 threads stay open/ },
  NOT_SYNCED: { found: "left the page cache", says: /not on the device after a put of 262144/ },
  TEARS_BATCHES: { found: "a batch is done whole", says: /has 5 bytes instead of the 6/ },
  SEEN_IN_PART: { found: "never seen in part", says: /the first key of a batch and not its last/ },
  MISORDERS: { found: "in bytewise order", says: /is another key than in bytewise order/ },
  SHORTENS_WALKS: { found: "when it began", says: /has 500 entries instead of 1000/ },
  DROPS_EMPTY: { found: "values of no byte", says: /"of 0" was put, and is absent/ },
  ENDS_AT_ZERO: { found: "keys with zeros", says: /other bytes|instead of/ },
  FORGETS: { found: "found again", says: /was put, and is absent/ },
  LOSES_UNFLUSHED: { found: "survives the kill", says: /^it says buffered, and \d+ acknowledged/ },
  TAKES_ANYTHING: { found: "cannot be opened", says: /^open has taken an unknown option$/ },
  NO_TEXT: { found: "cannot be opened", says: /without a text$/ },
  KEEPS_ADDRESS: { found: "every key", says: /has other bytes|by SIG/ },
};

/** A fault of `handed_in.c`, the case that finds it, and what it says. */
const FAULTS_IN_FLIGHT: Readonly<Record<string, { found: string; says: RegExp }>> = {
  REAPS_TWICE: { found: "reaped once each", says: /^the operation \d+ is reaped a second time$/ },
  LOSES_AN_END: {
    found: "reaped once each",
    says: /^\d+ operations that were handed in do not end$/,
  },
  UNKNOWN_TICKET: {
    found: "reaped once each",
    says: /^the operation 1\d{3} is reaped and was never handed in$/,
  },
  ENDS_EARLY: { found: "reaped once each", says: /has 200 bytes instead/ },
  READS_LATE: {
    found: "reaped once each",
    says: /has other bytes|was put, and is absent|ended with/,
  },
  WAITS_TOO_LONG: {
    found: "waits no longer",
    says: /^it did not come to an end within 5 s$/,
  },
  CLOSES_EARLY: {
    found: "left alone",
    says: /^a buffer is written into after its session was closed with [1-9]/,
  },
  NO_REASON: { found: "fails in flight", says: /^an operation ended with -3 without a text$/ },
};

/** A fault of `several.c`, the case that finds it, and what it says. */
const FAULTS_OF_SEVERAL: Readonly<Record<string, { found: string; says: RegExp }>> = {
  SWAPS_VALUES: { found: "got at once", says: /was put, and is absent$/ },
  OVERFILLS: { found: "got at once", says: /^multi_get wrote beyond its buffer of \d+ bytes$/ },
  FORGETS_ABSENT: { found: "got at once", says: /absent|instead of/ },
  TELLS_TWICE: { found: "told once", says: /^an event is told twice$/ },
  TELLS_AHEAD: {
    found: "told once",
    says: /^an event lasts from \d+ to \d+, and it is \d+ by now$/,
  },
};

Deno.test({
  name: `checkPlugin() has nothing against a plug-in that is right${skipped}`,
  timeout: 120_000,
  ignore,
  async fn() {
    const { plugin, refused, verdicts } = await checkPlugin(right.path!, { core: true });
    assert.equal(refused, null);
    assert.equal(plugin?.description.name, "array");
    assert.deepEqual(plugin?.has, ["cursor", "next", "cursor_close", "batch"]);
    assert.ok(verdicts.length >= 10);
    assert.deepEqual(verdicts.filter(({ state }) => state === "fails"), []);
    // What it does not have.
    const skips = verdicts.filter(({ state }) => state === "skipped").map(({ detail }) => detail);
    assert.deepEqual([...new Set(skips)], [
      "it has no tidemark_submit",
      "it has no tidemark_multi_get",
    ]);
  },
});

const handsIn = await buildC(HANDED_IN, [`-DSOURCE="${SOURCE}"`], "libhands_in.so");

Deno.test({
  name: `checkPlugin() has nothing against a plug-in that is handed operations${skipped}`,
  timeout: 120_000,
  ignore,
  async fn() {
    const { plugin, refused, verdicts } = await checkPlugin(handsIn.path!, { core: true });
    assert.equal(refused, null);
    assert.equal(plugin?.description.api, "async");
    assert.deepEqual(verdicts.filter(({ state }) => state === "fails"), []);
    const inFlight = verdicts.filter(({ name }) => /handed in|in flight|reap/.test(name));
    assert.deepEqual(inFlight.map(({ state }) => state), ["holds", "holds", "holds", "holds"]);
  },
});

const several = await buildC(SEVERAL, [`-DSOURCE="${SOURCE}"`], "libseveral.so");

Deno.test({
  name:
    `checkPlugin() has nothing against a plug-in that gets several keys and tells events${skipped}`,
  timeout: 120_000,
  ignore,
  async fn() {
    for (const filter of ["got at once", "told once"]) {
      const { refused, verdicts } = await checkPlugin(several.path!, { filter });
      assert.equal(refused, null);
      assert.deepEqual(verdicts.map(({ state }) => state), ["holds"], JSON.stringify(verdicts));
    }
  },
});

const ALL_FAULTS = [
  ...Object.entries(FAULTS).map((fault) => ({ fault, source: SOURCE, macro: "FAULT" })),
  ...Object.entries(FAULTS_IN_FLIGHT).map((fault) => ({
    fault,
    source: HANDED_IN,
    macro: "HAND_FAULT",
  })),
  ...Object.entries(FAULTS_OF_SEVERAL).map((fault) => ({
    fault,
    source: SEVERAL,
    macro: "SEVERAL_FAULT",
  })),
];

for (const { fault: [fault, { found, says }], source, macro } of ALL_FAULTS) {
  Deno.test({
    name: `checkPlugin() finds ${fault}${skipped}`,
    timeout: 120_000,
    ignore,
    async fn() {
      const flags = [`-DSOURCE="${SOURCE}"`, `-D${macro}=${fault}`];
      const { path } = await buildC(source, flags, `lib${fault}.so`);
      const { refused, verdicts } = await checkPlugin(path!, { filter: found });
      assert.equal(refused, null);
      const [verdict, ...more] = verdicts;
      assert.equal(more.length, 0);
      // Where pages cannot be seen, nothing is claimed.
      if (fault === "NOT_SYNCED" && verdict?.state === "skipped") return;
      assert.equal(verdict?.state, "fails", JSON.stringify(verdict));
      assert.match(verdict!.detail, says);
    },
  });
}

Deno.test({
  name:
    `checkPlugin() refuses another version, another library, and what crashes at once${skipped}`,
  timeout: 120_000,
  ignore,
  async fn() {
    const { path } = await buildC(SOURCE, ["-DFAULT=WRONG_ABI"], "libWRONG_ABI.so");
    const abi = await checkPlugin(path!, { core: true });
    assert.match(abi.refused!, /it speaks version 7 of the interface, and Tidemark version 1;/);
    assert.deepEqual(abi.verdicts, []);
    const folder = path!.replace(/[^/]*$/, "");
    const sources = {
      "libnone.so": [
        "int other(void) { return 1; }\n",
        /it has none of the functions of a plug-in/,
      ],
      "libpart.so": [
        "unsigned tidemark_abi(void) { return 1; }\n",
        /it lacks tidemark_describe, tidemark_open/,
      ],
      "libcrash.so": [
        "#include <stdlib.h>\n__attribute__((constructor)) void f(void) { abort(); }\n",
        /as a plug-in: it ended the process by SIGABRT/,
      ],
    } as const;
    for (const [name, [source, says]] of Object.entries(sources)) {
      await Deno.writeTextFile(`${folder}${name}.c`, source);
      const built = await buildC(`${folder}${name}.c`, ["-fvisibility=default"], name);
      const { refused, plugin } = await checkPlugin(built.path!, { core: true });
      assert.match(refused!, says);
      assert.equal(plugin, null);
    }
  },
});

for (
  const what of ["PRINTS_HALF_LINES", "PRINTS_VERDICTS", "CLOSES_STDOUT", "STARTS_A_PROCESS"]
) {
  Deno.test({
    name: `checkPlugin() is not misled by a plug-in that ${what}${skipped}`,
    timeout: 120_000,
    ignore,
    async fn() {
      const flags = [`-DSOURCE="${SOURCE}"`, `-DMEDDLES=${what}`];
      const { path } = await buildC(MEDDLER, flags, `lib${what}.so`);
      const filter = "values of no byte";
      const begun = performance.now();
      const { refused, verdicts } = await checkPlugin(path!, { filter });
      assert.equal(refused, null);
      assert.deepEqual(verdicts.map(({ state }) => state), ["holds"], JSON.stringify(verdicts));
      // What it has started lives for thirty.
      assert.ok(performance.now() - begun < 25_000);
    },
  });
}

Deno.test({
  name: `checkPlugin() leaves out what is left once cases have hung for long${skipped}`,
  timeout: 120_000,
  ignore,
  async fn() {
    const flags = [`-DSOURCE="${SOURCE}"`, "-DMEDDLES=HANGS"];
    const { path } = await buildC(MEDDLER, flags, "libHANGS.so");
    const { refused, verdicts } = await checkPlugin(path!, { patience: 6 });
    assert.equal(refused, null);
    const [first, ...others] = verdicts;
    assert.equal(first?.detail, "it did not come to an end within 6 s");
    assert.ok(others.length > 10);
    assert.deepEqual([...new Set(others.map(({ state }) => state))], ["skipped"]);
    assert.match(others.at(-1)!.detail, /^what hung before it has taken the time of the check$/);
  },
});

const rocksdb = await rocksdbPlugin();
const noRocksdb = rocksdb.reason === undefined ? "" : ` (skipped: ${rocksdb.reason})`;
Deno.test({
  name: `checkPlugin() has nothing against the plug-in over librocksdb${noRocksdb}`,
  timeout: 120_000,
  ignore: rocksdb.reason !== undefined,
  async fn() {
    const { verdicts } = await checkPlugin(rocksdb.path!, { core: true });
    assert.deepEqual(verdicts.filter(({ state }) => state === "fails"), []);
  },
});
