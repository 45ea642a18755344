/** The contract of the raw store over two releases far apart: `deno task test:releases` has them all. */
import assert from "node:assert/strict";
import { cachedLibrary, isCached, thisMachine } from "../engine/mod.ts";

const machine = thisMachine();

for (const release of ["6.29.5", "10.10.1"]) {
  const here = machine !== undefined && isCached(release, machine);
  const why = here ? "" : ` (skipped: it is not in the cache; deno task engine get ${release})`;
  Deno.test({
    name: `raw keeps its contract over RocksDB ${release}${why}`,
    ignore: !here,
    timeout: 120_000,
    fn: async () => {
      const { path } = cachedLibrary(release, machine!)!;
      const { success, stdout } = await new Deno.Command(Deno.execPath(), {
        args: [
          ...["test", "--quiet", "--no-check", "--no-prompt", "--filter=/^raw: /"],
          ...["--allow-ffi", "--allow-read", "--ignore-read=/proc", "--allow-write"],
          ...["--allow-run", "--allow-sys", "--allow-env"],
          new URL("./contract_test.ts", import.meta.url).pathname,
        ],
        env: { TIDEMARK_LIBROCKSDB: path, NO_COLOR: "1" },
        signal: AbortSignal.timeout(60_000),
      }).output();
      const said = new TextDecoder().decode(stdout);
      assert.ok(success, said.slice(-4000));
      // A filter that fits nothing would be no test.
      assert.ok(Number(/ (\d+) passed/.exec(said)?.[1]) >= 20, said.slice(-400));
    },
  });
}
