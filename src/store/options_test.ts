import assert from "node:assert/strict";
import fc from "fast-check";
import { StoreError } from "./error.ts";
import { parseStoreOptions, parseSweep, STORE_OPTION_NAMES } from "./options.ts";

/** The error of reading settings. */
function refusal(...settings: string[]): string {
  try {
    parseStoreOptions(settings);
  } catch (error) {
    assert.ok(error instanceof StoreError && error.kind === "usage", `${error}`);
    return error.message;
  }
  return assert.fail(`${settings} was taken`);
}

Deno.test("parseStoreOptions() reads every option in its type", () => {
  assert.deepEqual(parseStoreOptions([]), {});
  assert.deepEqual(
    parseStoreOptions([
      "release=10.4.2",
      "defaults=engine",
      "engineOptions=max_open_files=100;block_based_table_factory={block_size=8192}",
      "wal=synced",
      "compression=zstd",
      "writeBufferBytes=65536",
      "blockCacheBytes=0",
      "bloomBits=10",
      "directIo=true",
      "statistics=true",
      "endpoints=10.0.0.1:2379+10.0.0.2:2379",
      "nodes=3",
      "delayMs=2.5",
      "jitterMs=0.5",
      "loss=1%",
      "consistency=serializable",
      "role=follower",
      "connections=4",
      "deadlineMs=500",
      "caFile=ca.pem",
      "certFile=client.pem",
      "keyFile=client.key",
      "pd=10.0.0.1:2379",
      "stores=10.0.0.2+10.0.0.3",
      "api=2",
      "keyspace=accounts",
      "burn=0.1",
    ]),
    {
      release: "10.4.2",
      defaults: "engine",
      engineOptions: "max_open_files=100;block_based_table_factory={block_size=8192}",
      wal: "synced",
      compression: "zstd",
      writeBufferBytes: 65536,
      blockCacheBytes: 0,
      bloomBits: 10,
      directIo: true,
      statistics: true,
      endpoints: "10.0.0.1:2379+10.0.0.2:2379",
      nodes: 3,
      delayMs: 2.5,
      jitterMs: 0.5,
      loss: 0.01,
      consistency: "serializable",
      role: "follower",
      connections: 4,
      deadlineMs: 500,
      caFile: "ca.pem",
      certFile: "client.pem",
      keyFile: "client.key",
      pd: "10.0.0.1:2379",
      stores: "10.0.0.2+10.0.0.3",
      api: 2,
      keyspace: "accounts",
      burn: 0.1,
    },
  );
  assert.equal(STORE_OPTION_NAMES.length, 27);
});

Deno.test("parseStoreOptions() reads sizes and shares in their units", () => {
  assert.deepEqual(
    parseStoreOptions(["writeBufferBytes=64MiB", "blockCacheBytes=64MB", "burn=10%"]),
    { writeBufferBytes: 67_108_864, blockCacheBytes: 64_000_000, burn: 0.1 },
  );
});

Deno.test("parseStoreOptions() takes the last of several settings of an option", () => {
  assert.deepEqual(parseStoreOptions(["wal=off", "statistics=true", "wal=buffered"]), {
    wal: "buffered",
    statistics: true,
  });
});

Deno.test("parseStoreOptions() names the options there are when one is unknown", () => {
  assert.equal(
    refusal("wall=off"),
    'Cannot set "wall=off": there is no option "wall"; did you mean wal? (there is ' +
      `${STORE_OPTION_NAMES.join(", ")})`,
  );
});

Deno.test("parseStoreOptions() says what an option takes when its value is another", () => {
  const cases: Record<string, string> = {
    "wal=fsync": "wal takes synced, buffered or off",
    "release=newest":
      "release takes a version like 10.4.2, flink-8.10.0 or speedb-2.8.0, system, " +
      "or a file's path with a slash (deno task engine list says which there are)",
    "wal=": "wal takes synced, buffered or off",
    "compression=Snappy": "compression takes none, snappy, zlib, lz4 or zstd",
    "writeBufferBytes=65535": "writeBufferBytes takes bytes like 64MiB or 64MB, 64KiB to 64GiB",
    "writeBufferBytes=64k": "writeBufferBytes takes bytes like 64MiB or 64MB, 64KiB to 64GiB",
    "writeBufferBytes=1e6": "writeBufferBytes takes bytes like 64MiB or 64MB, 64KiB to 64GiB",
    "blockCacheBytes=-1": "blockCacheBytes takes bytes like 64MiB or 64MB, 0 for none",
    "blockCacheBytes=99999999999999999999":
      "blockCacheBytes takes bytes like 64MiB or 64MB, 0 for none",
    "bloomBits=1.5": "bloomBits takes bits for a key, up to 100, 0 for none",
    "bloomBits= 10": "bloomBits takes bits for a key, up to 100, 0 for none",
    "directIo=1": "directIo takes true (tables past the page cache, O_DIRECT) or false",
    "statistics=yes": "statistics takes true or false",
    "wal=synced=off": "wal takes synced, buffered or off",
  };
  for (const [setting, words] of Object.entries(cases)) {
    assert.equal(refusal(setting), `Cannot set ${JSON.stringify(setting)}: ${words}`);
  }
});

Deno.test("parseStoreOptions() shows the form when a setting has none", () => {
  for (const setting of ["wal", "", "=", "=synced"]) {
    assert.match(refusal(setting), /: write it as name=value, e\.g\. wal=synced$/);
  }
});

Deno.test("parseStoreOptions() knows only its own names, whatever every object has", () => {
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"]) {
    assert.match(refusal(`${name}=1`), /there is no option/);
  }
  assert.equal(({} as Record<string, unknown>)["1"], undefined);
  // What comes from a terminal or a file is shown with its control characters written out.
  assert.match(refusal("\x1b[2J\n=1"), /^Cannot set "\\u001b\[2J\\n=1": /);
});

Deno.test("parseStoreOptions() answers any text with options or a StoreError", () => {
  const name = fc.oneof(fc.constantFrom(...STORE_OPTION_NAMES), fc.string());
  const value = fc.oneof(fc.string({ unit: "binary" }), fc.integer().map(String));
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value)), (pairs) => {
      const settings = pairs.map(([name, value]) => `${name}=${value}`);
      try {
        const options = parseStoreOptions(settings);
        for (const [name, value] of Object.entries(options)) {
          assert.ok(settings.includes(`${name}=${value}`) || typeof value === "number");
        }
      } catch (error) {
        assert.ok(error instanceof StoreError, `${error}`);
      }
    }),
    { seed: 7, numRuns: 500 },
  );
});

Deno.test("parseSweep() makes variants of what has several values, and options of all else", () => {
  assert.deepEqual(parseSweep([]), { options: {}, variants: [] });
  assert.deepEqual(parseSweep(["wal=off", "release=7.10.2"]), {
    options: { wal: "off", release: "7.10.2" },
    variants: [],
  });
  // As the command line hands on `--set release=7.10.2,8.11.4 --set wal=off`.
  const { options, variants } = parseSweep(["release=7.10.2", "8.11.4", "wal=off"]);
  assert.deepEqual(options, { wal: "off" });
  assert.deepEqual(variants, [
    { name: "7.10.2", options: { release: "7.10.2" } },
    { name: "8.11.4", options: { release: "8.11.4" } },
  ]);
  assert.deepEqual(parseSweep(["wal=off", "synced", "bloomBits=0", "10"]).variants, [
    { name: "wal=off,bloomBits=0", options: { wal: "off", bloomBits: 0 } },
    { name: "wal=off,bloomBits=10", options: { wal: "off", bloomBits: 10 } },
    { name: "wal=synced,bloomBits=0", options: { wal: "synced", bloomBits: 0 } },
    { name: "wal=synced,bloomBits=10", options: { wal: "synced", bloomBits: 10 } },
  ]);
});

Deno.test("parseSweep() looks at the options that are wanted, with all their values", () => {
  const settings = ["nodes=3", "release=7.10.2", "8.11.4", "wal=off", "synced"];
  assert.deepEqual(parseSweep(settings, undefined, (name) => name === "release"), {
    options: {},
    variants: [
      { name: "7.10.2", options: { release: "7.10.2" } },
      { name: "8.11.4", options: { release: "8.11.4" } },
    ],
  });
});

Deno.test("parseSweep() takes a value twice, as what is compared with itself", () => {
  const { variants } = parseSweep(["release=7.10.2", "7.10.2", "10.4.2", "7.10.2"]);
  assert.deepEqual(variants.map(({ name }) => name), ["7.10.2", "7.10.2#2", "10.4.2", "7.10.2#3"]);
});

Deno.test("parseSweep() refuses what one value is refused for", () => {
  const refusals: [settings: string[], message: RegExp][] = [
    [["release=7.10.2", "newest"], /^Cannot set "release=newest": release takes a version/],
    [["8.11.4", "release=7.10.2"], /^Cannot set "8.11.4": write it as name=value/],
  ];
  for (const [settings, message] of refusals) {
    assert.throws(() => parseSweep(settings), (error) => {
      assert.ok(error instanceof StoreError && error.kind === "usage");
      assert.match(error.message, message);
      return true;
    });
  }
});
