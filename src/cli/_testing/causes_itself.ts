/**
 * `deno task test:causes [NAMES…]`: injects one cause of slow operations at a time into a short load, for
 * real, and says whether the analysis that reports are written from names it as the main one. It ends with
 * 1 where one is not found. A minute and a half an attempt for all of them.
 */
import { Command } from "commander";
import { analyseSlow, type SlowAnalysis } from "../../analysis/mod.ts";
import { denoCommand, untilEnded } from "../../child/mod.ts";
import { formatFactorRange, formatPercent, toTerminal } from "../../format/mod.ts";
import type { LoadRecord } from "../../result/mod.ts";
import type { RunSpec } from "../../run/spec.ts";
import { TextLineStream } from "@std/streams/text-line-stream";
import { canGoFirst, GOING_FIRST, putClientsFirst } from "./causes/disturb.ts";
import { priorityInWords, statFile, statText, type Trial, TRIALS } from "./causes/trials.ts";
import { wholeNumber } from "../options/values.ts";

interface Flags {
  seconds: number;
  seed: number;
}

/** How long a trial may take beyond what it measures, s. */
const LIMIT_SECONDS = 60;

/** A run's process, as a bench starts it; with flags of V8 or a file in the place of `/proc/stat`. */
function start(
  spec: RunSpec,
  { v8Flags, ownStat }: Trial,
  folder: string,
  first: boolean,
): Deno.ChildProcess {
  const args = [
    ...["run", "--quiet", "--no-prompt", "--cached-only", "--allow-ffi", "--allow-read"],
    ...["--allow-sys=cpus", "--allow-env=TIDEMARK_LIBROCKSDB,TIDEMARK_CACHE,XDG_CACHE_HOME,HOME"],
    ...(v8Flags === undefined ? [] : [`--v8-flags=${v8Flags}`]),
    new URL("../../run/child.ts", import.meta.url).href,
    JSON.stringify(spec),
  ];
  const mounted = 'mount --bind "$0" /proc/stat && exec "$@"';
  const all = [
    ...(first ? GOING_FIRST : []),
    ...(ownStat ? ["unshare", "-m", "sh", "-c", mounted, statFile(folder)] : []),
    ...[denoCommand(), ...args],
  ];
  return new Deno.Command(all[0]!, {
    args: all.slice(1),
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
}

/** What a trial's load came to. */
async function measured(trial: Trial, { seconds, seed }: Flags): Promise<LoadRecord> {
  const folder = Deno.makeTempDirSync({ prefix: "tidemark-causes-" });
  Deno.writeTextFileSync(statFile(folder), statText(0));
  const spec: RunSpec = {
    store: "raw",
    database: `${folder}/database`,
    options: trial.options,
    load: {
      load: trial.load,
      shape: "settled",
      warmupMs: 1000,
      measureMs: seconds * 1000,
      windows: seconds,
      seed,
    },
  };
  const first = !trial.sharesProcessor && await canGoFirst();
  const child = start(spec, trial, folder, first);
  const late = setTimeout(() => child.kill("SIGKILL"), (seconds + LIMIT_SECONDS) * 1000);
  await using disturbances = new AsyncDisposableStack();
  let load: LoadRecord | undefined;
  let failure = "";
  try {
    const lines = untilEnded(child.stdout, child).pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream());
    for await (const text of lines) {
      const line = JSON.parse(text);
      if (line.kind === "failure") failure = line.message;
      if (line.kind === "load") load = line;
      if (line.kind === "doing" && line.what === "the warm-up") {
        if (first) await putClientsFirst(child.pid);
        const disturbance = await trial.disturb?.({ process: child, folder });
        if (disturbance !== undefined) disturbances.use(disturbance);
      }
      // What is disturbed is to close in peace.
      if (line.kind === "load") await disturbances.disposeAsync();
    }
  } finally {
    clearTimeout(late);
    await disturbances.disposeAsync();
    // One that has told its load has only to end by itself.
    if (load === undefined) child.kill("SIGKILL");
    const { code } = await child.status;
    Deno.removeSync(folder, { recursive: true });
    if (load === undefined) failure ||= `its process ended with ${code}`;
  }
  if (load === undefined) throw new Error(failure);
  return load;
}

/** A row of the table, as one line. */
function rowOf({ causes }: SlowAnalysis, cause: string): string {
  const { share, anyway, odds } = causes.find((each) => each.cause === cause)!;
  return [
    `${formatPercent(share)} of slow ones`,
    `${anyway === null ? "–" : formatPercent(anyway)} anyway`,
    `odds ${odds === null ? "–" : formatFactorRange(odds)}`,
  ].join(", ");
}

async function attempt(trial: Trial, flags: Flags): Promise<"passed" | "failed" | "skipped"> {
  const say = (verdict: string, words: string) => {
    const { name, injected, standIn } = trial;
    const kind = standIn === undefined ? "" : ` (a stand-in: ${standIn})`;
    const load = Deno.loadavg()[0]!.toFixed(1);
    console.log(toTerminal(`${name}: ${verdict}. ${words}; load ${load}; ${injected}${kind}`));
  };
  const missing = await trial.missing?.();
  if (missing !== undefined) {
    say("skipped", missing);
    return "skipped";
  }
  try {
    const slow = analyseSlow([await measured(trial, flags)]);
    if (slow === null) {
      say("FAILED", "no operation was slow");
      return "failed";
    }
    const { main, operations, causes } = slow;
    const found = main !== null && trial.causes.includes(main.cause);
    const seen = causes.filter(({ share }) => share > 0)
      .toSorted((a, b) => b.share - a.share)
      .map(({ cause }) => `${cause} ${rowOf(slow, cause)}`).join(" | ");
    say(
      found ? "found" : "NOT FOUND",
      `${operations} slow, main ${main?.cause ?? "none"} ` +
        `(${main === null ? "–" : formatPercent(main.beyond)} beyond chance): ${seen}`,
    );
    return found ? "passed" : "failed";
  } catch (error) {
    say("FAILED", error instanceof Error ? error.message : String(error));
    return "failed";
  }
}

const program = new Command("test:causes")
  .argument("[names...]", "trials; all where none is named")
  .addOption(wholeNumber("--seconds <n>", "that each load is measured", { least: 4 }).default(12))
  .addOption(wholeNumber("--seed <n>", "what clients draw").default(1));
program.parse(Deno.args, { from: "user" });
const flags = program.opts<Flags>();
const unknown = program.args.find((name) => TRIALS.every((trial) => trial.name !== name));
if (unknown !== undefined) {
  const names = TRIALS.map(({ name }) => `"${name}"`).join(", ");
  console.error(toTerminal(`There is no trial ${unknown}: name some of ${names}, or none for all`));
  Deno.exit(2);
}
const chosen = TRIALS.filter(({ name }) =>
  program.args.length === 0 || program.args.includes(name)
);
console.log(toTerminal(priorityInWords(chosen, await canGoFirst())));
const counts = { passed: 0, failed: 0, skipped: 0 };
for (const trial of chosen) counts[await attempt(trial, flags)]++;
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
Deno.exit(counts.failed === 0 ? 0 : 1);
