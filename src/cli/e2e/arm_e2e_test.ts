/**
 * The program as an ARM process, on a machine that is none: the loops' machine code for AArch64,
 * processes in processes, and what is recorded. `deno task test:arm` does much more of it.
 */
import assert from "node:assert/strict";
import { withFolder } from "../../_testing/folder.ts";
import { run } from "../../_testing/child.ts";
import { DEFAULT_RELEASE, isCached } from "../../engine/mod.ts";
import { readResult } from "../../result/mod.ts";
import { TINY } from "./_testing/tidemark.ts";

const ROOT = decodeURIComponent(new URL("../../../", import.meta.url).pathname);
/** Whose librocksdb it is: the release's where that was got for ARM, since it needs no network then. */
const LIBRARY = isCached(DEFAULT_RELEASE, "linux-aarch64") ? "release" : "debian";

function arm(...command: string[]) {
  return run(`${ROOT}.ci/arm`, ["run", LIBRARY, ...command], { cwd: ROOT, seconds: 1100 });
}

/** Why nothing can be run as on ARM here; `undefined` where it can. */
async function missing(): Promise<string | undefined> {
  if (Deno.build.os !== "linux") return "it takes Linux";
  if (Deno.build.arch === "aarch64") return "this machine is one, and all tests ran on it";
  try {
    const { out, err } = await arm("deno", "--version");
    if (out.includes("aarch64")) return undefined;
    return err.trim().split("\n").at(-1);
  } catch (error) {
    return (error as Error).message;
  }
}

const why = await missing();
/** Why the test is skipped, behind its name. */
const SKIPPED = why === undefined ? "" : ` (skipped: ${why})`;

Deno.test({
  name: `an ARM process measures raw and kvstore with machine code of its own${SKIPPED}`,
  timeout: 1_200_000,
  ignore: why !== undefined,
  fn: withFolder(async (folder) => {
    // A process takes ten times longer to start than otherwise, and longer where others are at work.
    const stores = ["--store", "raw,kvstore", "--filter", "write", "--run-limit", "10min"];
    const { code, err } = await arm(
      ...["deno", "task", "--quiet", "bench", TINY, "--profile", "smoke", ...stores],
      ...["--out", `${folder}/out`],
    );
    assert.equal(code, 0, err);
    const { complete, environment, runs } = readResult(`${folder}/out/result.json`);
    assert.ok(complete);
    assert.equal(environment.arch, "aarch64");
    const ended = runs.filter(({ state }) => state === "ended").map(({ benchmark }) => benchmark);
    assert.deepEqual(ended.sort(), ["kvstore/write/20", "null/write/20", "raw/write/20"]);
    for (const { benchmark, store } of runs) {
      if (benchmark.startsWith("null/")) continue;
      assert.match(store!.library, /^librocksdb.*\.so.*, fused calls$/);
      assert.match(store!.release?.name ?? "", /^(10\.|system$)/);
    }
  }),
});
