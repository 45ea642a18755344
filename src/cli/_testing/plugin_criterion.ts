/**
 * `deno task test:criterion LIBRARY`: the plug-in over the `rocksdb` crate, measured by Tidemark, beside
 * criterion's own figures for the same loops over the same KvStore. Both take turns, a process each, with
 * fresh databases; the task ends with 1 where their means are further apart than is allowed.
 */
import { Command } from "commander";
import { denoCommand, outputWithin } from "../../child/mod.ts";
import { toTerminal } from "../../format/mod.ts";
import { rocksdbCrateSettings } from "../../plugin/mod.ts";
import { readResult } from "../../result/mod.ts";
import { geometricMean } from "../../stats/mod.ts";
import { wholeNumber } from "../options/values.ts";

/** How far the means may be apart. */
const MOST_APART = 0.08;
const KEYS = 10_000;
const SEED = 12;
/** How long a build, and a turn, may take, s. */
const BUILD_SECONDS = 1800;
const TURN_SECONDS = 120;
const OPERATIONS = ["put", "get", "scan"] as const;

const ROOT = new URL("../../../", import.meta.url).pathname;
const CRATE = `${ROOT}src/plugin/_testing/criterion`;

/** Mean time of one operation, ns, by the operation. */
type Means = Record<string, number>;

const benchmarks = OPERATIONS.map((operation) => ({
  name: operation,
  kind: "throughput",
  operation,
  keys: KEYS,
  valueBytes: 1024,
  elements: KEYS,
  samples: 10,
}));
const SUITE = `import { defineSuite } from ${JSON.stringify(`${ROOT}src/mod.ts`)};
export default defineSuite({ name: "loops", title: "Loops", summary: "Loops.", stores: ["raw"],
  benchmarks: ${JSON.stringify(benchmarks)},
  targets: [], claims: [], figures: [], nextSteps: [] });
`;

/** @throws {Error} Where it fails, with what it printed. */
async function ran(program: string, args: readonly string[], seconds: number): Promise<void> {
  const ended = await outputWithin(program, args, seconds);
  if (ended?.success === true) return;
  const what = [program, ...args].join(" ");
  throw new Error(`Cannot run ${what}: ${ended?.err ?? "it took too long"}`);
}

/** Cargo with its settings, as arguments of `env`. */
function cargo(folder: string): string[] {
  const settings = {
    ...rocksdbCrateSettings(),
    CARGO_TARGET_DIR: `${folder}/target`,
    KVSTORE_DATA: `${folder}/data`,
  };
  return [
    ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
    ...["cargo", "bench", "--quiet", "--locked", "--manifest-path", `${CRATE}/Cargo.toml`],
  ];
}

/** A turn of criterion's. */
async function byCriterion(folder: string): Promise<Means> {
  const data = `${folder}/data`;
  await Deno.mkdir(data);
  await ran("env", [...cargo(folder), "--", "--noplot"], TURN_SECONDS);
  await Deno.remove(data, { recursive: true });
  return Object.fromEntries(OPERATIONS.map((operation) => {
    const at = `${folder}/target/criterion/kvstore/${operation}/new/estimates.json`;
    const { mean } = JSON.parse(Deno.readTextFileSync(at));
    return [operation, mean.point_estimate / KEYS];
  }));
}

/** A turn of Tidemark's. */
async function byTidemark(folder: string, library: string, seed: number): Promise<Means> {
  const out = `${folder}/out-${seed}`;
  const rights = [
    "--no-prompt",
    "--allow-ffi",
    "--allow-read",
    "--allow-write",
    "--allow-run=deno",
  ];
  const machine = ["--allow-sys=hostname,osRelease,cpus,systemMemoryInfo,statfs", "--allow-env"];
  const call = ["run", "--quiet", ...rights, ...machine, `${ROOT}main.ts`, "bench"];
  const how = ["--profile", "quick", "--runs", "1", "--seed", String(seed), "--out", out];
  await ran(
    denoCommand(),
    [...call, `${folder}/loops.ts`, "--store", `kvstore=${library}`, ...how],
    TURN_SECONDS,
  );
  const { runs } = readResult(`${out}/result.json`);
  return Object.fromEntries(OPERATIONS.map((operation) => {
    const run = runs.find(({ benchmark }) => benchmark === `plugin@kvstore/${operation}`);
    if (run?.state !== "ended") throw new Error(`Cannot tell ${operation}: its run has not ended`);
    const ns = run.samples.reduce((sum, sample) => sum + sample.ns, 0);
    const iterations = run.samples.reduce((sum, sample) => sum + sample.iterations, 0);
    return [operation, ns / iterations / KEYS];
  }));
}

async function main(library: string, rounds: number): Promise<number> {
  const folder = Deno.makeTempDirSync({ prefix: "tidemark-criterion-" });
  try {
    Deno.writeTextFileSync(`${folder}/loops.ts`, SUITE);
    console.error("Building criterion's benchmark");
    await ran("env", [...cargo(folder), "--no-run"], BUILD_SECONDS);
    const [theirs, ours]: [Means[], Means[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      // Neither is always the first one.
      const turns = [
        async () => void theirs.push(await byCriterion(folder)),
        async () => void ours.push(await byTidemark(folder, library, SEED + round)),
      ];
      for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await turn();
    }
    let isFar = false;
    for (const operation of OPERATIONS) {
      const [one, other] = [theirs, ours].map((means) =>
        geometricMean(means.map((mean) => mean[operation]!))
      );
      const ratio = other! / one!;
      isFar ||= Math.abs(ratio - 1) > MOST_APART;
      const each = theirs.map((mean, i) => (ours[i]![operation]! / mean[operation]!).toFixed(3));
      console.log(toTerminal(
        `${operation}: criterion ${one!.toFixed(0)} ns, Tidemark ${other!.toFixed(0)} ns, ratio ` +
          `${ratio.toFixed(3)} (by round ${each.join(" ")})`,
      ));
    }
    return isFar ? 1 : 0;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) {
  const command = new Command("test:criterion")
    .argument("<library>", "the plug-in over the rocksdb crate, as plugin:engines builds it")
    .addOption(wholeNumber("--rounds <number>", "turns of each", { least: 1 }).default(5))
    .action(async (library: string, { rounds }: { rounds: number }) => {
      Deno.exit(await main(Deno.realPathSync(library), rounds));
    });
  await command.parseAsync([...Deno.args], { from: "user" });
}
