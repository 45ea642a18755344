import assert from "node:assert/strict";
import type { NodeEngine } from "../cluster/mod.ts";
import { smallLibrary } from "../engine/_testing/archives.ts";
import { fakeStreams } from "./_testing/fake_streams.ts";
import { nodeSupply } from "./node_engines.ts";
import type { MeasuringFlags } from "./options/measuring.ts";

const NODE: NodeEngine = { machine: "linux-x86_64", default: "10.4.2", installed: [], kept: [] };

/** What a node is given for a bench; nothing is got in these cases. */
async function supplies(
  node: Partial<NodeEngine>,
  flags: MeasuringFlags = {},
  suite = "baseline",
  always: string[] = [],
) {
  const options = { streams: fakeStreams(), signal: new AbortController().signal, always };
  const { engines } = await nodeSupply(suite, flags, options);
  return await engines.suppliesFor({ ...NODE, ...node });
}

Deno.test("a node is given nothing that it needs not", async () => {
  const nothing = { parcels: [], note: null };
  const cases: Parameters<typeof supplies>[] = [
    [{ installed: ["/usr/lib/librocksdb.so.7"] }],
    [{ installed: ["/usr/lib/librocksdb.so.7"] }, { set: ["wal=off"] }],
    [{ installed: ["/usr/lib/librocksdb.so.7"] }, { set: ["release=system"] }],
    [{}, { store: ["level", "null"] }],
    // What it has is held against its digest there when it is loaded.
    [{ kept: ["10.4.2"] }],
    [{ kept: ["99.1.0", "99.2.0"] }, { set: ["wal=off", "release=99.1.0", "99.2.0"] }],
    [{ kept: ["99.1.0"] }, {}, "baseline", ["99.1.0"]],
    // A suite that only the pushed project has.
    [{}, {}, "no/such/suite.ts"],
  ];
  for (const each of cases) assert.deepEqual(await supplies(...each), nothing);
});

Deno.test("a node of which no release has a library is measured without, unless one is asked for", async () => {
  for (const machine of [null, "linux-riscv64", "../x"]) {
    assert.deepEqual(await supplies({ machine }), {
      parcels: [],
      note: "note: no release has a library for its kind of machine",
    });
    await assert.rejects(
      supplies({ machine }, { set: ["release=9.10.0"] }),
      (error: Error & { lasting: boolean }) =>
        error.lasting &&
        error.message ===
          "Cannot give it the release 9.10.0: no release has a library for its kind of machine",
    );
  }
});

Deno.test("what no node can be given is refused before any is reached", async () => {
  const cases: [MeasuringFlags, string, RegExp][] = [
    [
      { set: ["release=newest"] },
      "baseline",
      /^Cannot give nodes the release "newest": it is none;/,
    ],
    [{ set: ["release=/no/such/file.so"] }, "baseline", /^Cannot read \/no\/such\/file\.so: /],
    [{ from: "9.10.0" }, "baseline", /^Cannot take --from for the suite baseline/],
    [{}, "basline", /^Unknown suite "basline": did you mean baseline/],
  ];
  for (const [flags, suite, message] of cases) {
    await assert.rejects(supplies({}, flags, suite), { name: "UsageError", message });
  }
  const file = Deno.makeTempFileSync({ suffix: ".so" });
  try {
    await assert.rejects(supplies({}, { set: [`release=${file}`] }), {
      message: /^Cannot send .*\.so to nodes: it is no library for a machine that Deno runs on;/,
    });
  } finally {
    Deno.removeSync(file);
  }
});

Deno.test("a plug-in is kept by its content, and given to nodes of its own kind", async () => {
  const folder = Deno.makeTempDirSync();
  const before = Deno.env.get("TIDEMARK_CACHE");
  Deno.env.set("TIDEMARK_CACHE", `${folder}/cache`);
  try {
    const file = `${folder}/libmine.so`;
    Deno.writeFileSync(file, smallLibrary("x86_64"));
    const suite = `${folder}/mine.ts`;
    const mod = new URL("../mod.ts", import.meta.url).href;
    Deno.writeTextFileSync(
      suite,
      `import { defineSuite } from "${mod}";
export default defineSuite({ name: "mine", title: "Mine", summary: "Mine.",
  stores: ["null", "mine", "gone"], plugins: { mine: "${file}", gone: "${folder}/no.so" },
  benchmarks: [
    { name: "put", kind: "throughput", operation: "put", samples: 3, keys: 20, valueBytes: 16 },
  ], targets: [], claims: [], figures: [], nextSteps: [] });`,
    );
    const streams = fakeStreams();
    const options = { streams, signal: new AbortController().signal };
    const node = { ...NODE, installed: ["/usr/lib/librocksdb.so.7"] };
    for (
      const [name, stores, told] of [
        ["baseline", [file], /^file-[0-9a-f]{16}$/],
        ["baseline", [`x=${file}`, "raw"], /^x=file-[0-9a-f]{16},raw$/],
        [suite, undefined, /^null,mine=file-[0-9a-f]{16}$/],
      ] as const
    ) {
      const flags = stores === undefined ? {} : { store: [...stores] };
      const { engines, flags: { store } } = await nodeSupply(name, flags, options);
      assert.match(store!.join(), told);
      const { parcels: [parcel, ...more] } = await engines.suppliesFor(node);
      assert.deepEqual(more, []);
      const { release, entry, machine } = parcel!.head;
      assert.ok(store!.some((each) => each.endsWith(release)));
      assert.deepEqual([entry, machine], ["libmine.so", "linux-x86_64"]);
      const has = { ...node, kept: [release] };
      assert.deepEqual(await engines.suppliesFor(has), { parcels: [], note: null });
      await assert.rejects(engines.suppliesFor({ ...node, machine: "linux-aarch64" }), {
        message: "Cannot give it the plug-in libmine.so: that is for linux on x86_64, and it is " +
          "linux-aarch64; name one that was built for it",
        lasting: true,
      });
    }
    assert.match(streams.told, /note: The store gone is not measured\. There is no file /);
    await assert.rejects(supplies({}, { store: ["rwa"] }), /did you mean raw/);
    await assert.rejects(supplies({}, { store: ["./no/such.so"] }), /Cannot read \.\/no\/such\.so/);
  } finally {
    if (before === undefined) Deno.env.delete("TIDEMARK_CACHE");
    else Deno.env.set("TIDEMARK_CACHE", before);
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("the releases of a ladder are given, as far as a node has not got them", async () => {
  const flags = { from: "6.29.5", to: "10.4.2", set: ["release=6.29.5", "10.4.2"] };
  await assert.rejects(supplies({}, flags, "releases"), /^UsageError: Cannot take --from or --to/);
  const { from, to } = flags;
  // Each of them is asked for.
  await assert.rejects(
    supplies({ machine: null }, { from, to, profile: "quick" }, "releases"),
    /^ClusterError: Cannot give it the release 6\.29\.5/,
  );
});
