import assert from "node:assert/strict";
import { cachedReleases, thisMachine } from "../../engine/mod.ts";
import { pretendVariable } from "../../_testing/environment.ts";
import { StoreError } from "../error.ts";
import { storeKind } from "../catalog.ts";
import { levelIsThere } from "../level/mod.ts";
import { candidates, requireRelease, SYSTEM } from "./library.ts";
import { openRaw } from "./store.ts";

/** The releases that are kept on this machine, each of which is tried. */
const kept = thisMachine() === undefined
  ? []
  : cachedReleases().filter(({ machines }) => machines.includes(thisMachine()!))
    .map(({ release }) => release).filter((release) => !release.startsWith("file-"));

/** What a store opened with a release says of itself, from a process of its own. */
async function described(release: string) {
  const script = `import { openRaw } from ${JSON.stringify(import.meta.resolve("./mod.ts"))};
    const folder = Deno.makeTempDirSync();
    const store = openRaw(folder, { release: ${JSON.stringify(release)} });
    console.log(JSON.stringify(store.describe()));
    store.close();
    Deno.removeSync(folder, { recursive: true });`;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", script],
    cwd: new URL("../../..", import.meta.url).pathname,
  }).output();
  assert.equal(new TextDecoder().decode(stderr), "");
  return JSON.parse(new TextDecoder().decode(stdout));
}

for (const release of kept) {
  Deno.test(
    `a store opened with the release ${release} says which one it is`,
    { timeout: 60_000 },
    async () => {
      requireRelease(release);
      const { engine, version, release: told } = await described(release);
      assert.deepEqual([told.name, told.pinned], [release, true]);
      assert.match(told.sha256, /^[0-9a-f]{64}$/);
      assert.deepEqual(told.compressions, ["bzip2", "lz4", "snappy", "zlib", "zstd"]);
      const [own] = version.split(" ");
      assert.match(
        `${engine} ${version}`,
        /^((RocksDB|FRocksDB) [\d.]+|(FRocksDB|Speedb) [\d.]+ \(RocksDB [\d.]+\))$/,
      );
      assert.ok(release.endsWith(own), `${release} ${version}`);
    },
  );
}

Deno.test({
  name: "an installed librocksdb is described by its file's digest, and is not pinned",
  ignore: candidates().length === 0,
  timeout: 60_000,
  async fn() {
    const { release } = await described(SYSTEM);
    const [file] = candidates();
    const digest = await crypto.subtle.digest("SHA-256", Deno.readFileSync(file!));
    assert.deepEqual(
      [release.name, release.pinned, release.sha256],
      [SYSTEM, false, new Uint8Array(digest).toHex()],
    );
    assert.doesNotMatch(release.source, /\//);
  },
});

Deno.test("a release that is not kept is refused with the command that gets it", {
  timeout: 60_000,
}, () => {
  using _ = pretendVariable("TIDEMARK_CACHE", "/no/such/cache");
  for (
    const refused of [() => requireRelease("9.9.3"), () => openRaw("/x", { release: "9.9.3" })]
  ) {
    assert.throws(
      refused,
      (error: Error) =>
        error instanceof StoreError && error.kind === "usage" &&
        /Cannot use the release 9\.9\.3: .*deno task engine get 9\.9\.3 gets it/
          .test(error.message),
    );
  }
});

Deno.test(
  "level refuses a release, and the KvStore over one is synchronous",
  { timeout: 60_000 },
  () => {
    const refused = levelIsThere() ? /release=9\.9\.3/ : /it has no build/;
    assert.throws(() => storeKind("level").require({ release: "9.9.3" }), refused);
    assert.equal(storeKind("kvstore").api({ release: "9.9.3" }), "sync");
  },
);
