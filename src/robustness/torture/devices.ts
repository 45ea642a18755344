/** Devices that fill up, turn read-only, or go away while a bench measures on them. */
import assert from "node:assert/strict";
import { CAN_MOUNT, inNamespace, isThere, run, TINY } from "../../cli/e2e/_testing/tidemark.ts";
import { libraryCandidates } from "../../store/mod.ts";
import type { TortureContext, TortureStep } from "./step.ts";

const NOT_ROOT = "only root may mount file systems";
const stores = () => libraryCandidates().length > 0 ? ["raw", "kvstore", "level"] : ["level"];

/** A bench with enough to write to fill some MB. */
const LARGE = ["baseline", "--profile", "quick", "--filter", "write_throughput"];

/** What a bench on a device that fails it has to do: say so, end with 3 or 1 or 0, keep what it has. */
async function benchOn(
  { folder, count }: TortureContext,
  name: string,
  script: string,
  args: readonly string[],
): Promise<void> {
  const cwd = `${folder}/${name.replaceAll(/\W+/g, "-")}`;
  Deno.mkdirSync(`${cwd}/mnt`, { recursive: true });
  const { code, out, err } = await run("bench", args, { cwd, wrapper: inNamespace(script) });
  assert.ok([0, 1, 2, 3].includes(code), `${name}: ${code} ${err}`);
  // What was measured is told on stdout.
  assert.doesNotMatch(`${out}${err}`, /fault of Tidemark|^ +at .*\.ts:/m, name);
  assert.equal(isThere(`${cwd}/data`), false, `${name}: a database is left`);
  count(code === 3 ? `${name}: told, 3` : code === 2 ? `${name}: refused, 2` : `${name}: measured`);
  // What was measured can be read.
  if (isThere(`${cwd}/out/journal.jsonl`)) {
    const report = await run("report", ["out"], { cwd });
    assert.ok(report.code === 0 || report.code === 2, report.err);
    assert.doesNotMatch(report.err, /fault of Tidemark/);
  }
  Deno.removeSync(cwd, { recursive: true });
}

/** Full devices, and those without an inode left. */
export const fullDevices: TortureStep = {
  name: "devices",
  what: "devices of 64 KB, 2 and 20 MB, and without inodes",
  seconds: { quick: 15, full: 400 },
  skip: () => CAN_MOUNT ? undefined : NOT_ROOT,
  async run(context) {
    const cases = stores().flatMap((store) => {
      const data = [...LARGE, "--store", store, "--out", "out", "--data", "mnt/data"];
      const places = ["--out", "mnt/out", "--data", "data"];
      const results = [TINY, "--profile", "smoke", "--store", store, "--runs", "20", ...places];
      return [
        ["data on 2 MB", "size=2m", data],
        ["data without inodes", "size=50m,nr_inodes=6", data],
        ["results on 20 KB", "size=20k", results],
        ["results without inodes", "size=20m,nr_inodes=4", results],
        ["data on 64 KB", "size=64k", data],
        ["data on 20 MB", "size=20m", data],
      ] as const;
    });
    context.random.shuffle(cases);
    for (let done = 0; context.goOn(done, context.form === "quick" ? 4 : cases.length); done++) {
      const [name, options, args] = cases[done]!;
      await benchOn(context, name, `mount -t tmpfs -o ${options} none mnt && "$@"`, args);
    }
  },
};

/**
 * A script that does something to a device while a bench has a database on it.
 *
 * @param does What is done to it, some time after the first database is there.
 */
function inMidRun(mount: string, wait: string, does: string): string {
  return `${mount} || exit 99
    (for i in $(seq 600); do ls mnt/data/*/* >/dev/null 2>&1 && break; sleep 0.1; done
    sleep ${wait}; ${does}) >/dev/null 2>&1 &
    other=$!; "$@"; code=$?; kill $other 2>/dev/null; exit $code`;
}

/** Read-only, or gone, while it measures. */
export const lostDevices: TortureStep = {
  name: "lost-devices",
  what: "a device that turns read-only, data that are removed, in mid-run",
  seconds: { quick: 10, full: 400 },
  skip: () => CAN_MOUNT ? undefined : NOT_ROOT,
  async run(context) {
    const ext4 = "truncate -s 500M image && mkfs.ext4 -q image && mount -o loop image mnt";
    const tmpfs = "mount -t tmpfs -o size=500m none mnt";
    const some = stores();
    for (let done = 0; context.goOn(done, context.form === "quick" ? 2 : 8 * some.length); done++) {
      const store = some[(done >> 1) % some.length]!;
      const args = [
        ...LARGE,
        "--store",
        store,
        "--runs",
        "2",
        "--out",
        "out",
        "--data",
        "mnt/data",
      ];
      const wait = (1.5 * context.random.uniform()).toFixed(2);
      // As the kernel does itself where a device fails.
      const [name, script] = done % 2 === 0
        ? ["read-only in mid-run", inMidRun(ext4, wait, "mount -o remount,abort mnt")]
        : ["data removed in mid-run", inMidRun(tmpfs, wait, "rm -rf mnt/data")];
      await benchOn(context, name!, script!, args);
    }
  },
};
