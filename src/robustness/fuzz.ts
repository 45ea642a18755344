/**
 * Fuzzes everything that is read: our own forms and those of other tools, each in a process that may
 * touch one folder, under limits of time and memory. What it counted is kept for the report.
 */
import { Command } from "commander";
import { checkoutCommit } from "../environment/mod.ts";
import { printable } from "../format/mod.ts";
import type { Call } from "../cli/call.ts";
import { EXIT, knownFailure } from "../cli/exit_code.ts";
import { addOptions, list, oneOf, wholeNumber } from "../cli/options/values.ts";
import { runProgram } from "../cli/run_program.ts";
import { STANDARD } from "../cli/streams.ts";
import { derive, Random } from "../stats/mod.ts";
import { FUZZ_FILE, type FuzzRow, keepCounts } from "./counts.ts";
import { inputOf } from "./fuzz_loop.ts";
import type { FuzzTarget } from "./target.ts";
import { OWN, TARGETS } from "./targets/all.ts";
import { watchFuzzer } from "./watch.ts";

const PROJECT = new URL("../../", import.meta.url).pathname;
/** How many of a fuzzer's findings are shown. */
const SHOWN = 10;

interface Flags {
  minutes: number;
  only?: string[];
  seed: number;
  counts: string;
  input?: number;
}

async function run(flags: Flags): Promise<number> {
  const names = TARGETS.map(({ name }) => name);
  flags.only?.forEach(oneOf("fuzzer", names));
  const chosen = TARGETS.filter(({ name }) => flags.only?.includes(name) ?? true);
  if (flags.input !== undefined) return await again(chosen, flags.seed, flags.input);
  const say = (text: string) => STANDARD.error(`${printable(text)}\n`);
  say(
    `seed ${flags.seed}, ${flags.minutes} min each: ${chosen.map(({ name }) => name).join(", ")}`,
  );
  let findings = 0;
  for (const target of chosen) findings += (await fuzzOne(target, flags, say)).findings;
  return findings === 0 ? EXIT.fine : EXIT.missed;
}

async function fuzzOne(target: FuzzTarget, flags: Flags, say: (text: string) => void) {
  const { seed, minutes } = flags;
  const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "tidemark-fuzz-" }));
  try {
    const { counts, findings, peakRssMb, processorMs } = await watchFuzzer({
      target: target.name,
      seed,
      from: 0,
      ms: minutes * 60_000,
      inputs: Number.MAX_SAFE_INTEGER,
      folder,
      tellAll: false,
    });
    const row: FuzzRow = {
      target: target.name,
      what: target.what,
      group: OWN.includes(target) ? "own" : "importer",
      date: new Date().toISOString().slice(0, 10),
      commit: checkoutCommit(PROJECT),
      seed,
      minutes,
      processorMinutes: Math.round(processorMs / 6000) / 10,
      ...counts,
      peakRssMb: Math.round(peakRssMb),
    };
    say(
      `${row.target}: ${row.inputs} inputs, ${row.accepted} accepted, ${row.refused} refused, ` +
        `${row.findings} findings, ${row.peakRssMb} MB`,
    );
    for (const { input, kind, text } of findings.slice(0, SHOWN)) {
      say(`  ${kind} by --only ${target.name} --seed ${seed} --input ${input}: ${text}`);
    }
    const names = TARGETS.map(({ name }) => name);
    keepCounts(flags.counts, row, ({ target }) => target, names, sameInputs);
    return row;
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** Whether two runs of a fuzzer tried the same inputs: then the later one counts. */
function sameInputs(one: FuzzRow, other: FuzzRow): boolean {
  return one.seed === other.seed;
}

/** Reads one input again, in this process, and prints what it is and what becomes of it. */
async function again([target]: readonly FuzzTarget[], seed: number, input: number) {
  const folder = Deno.makeTempDirSync({ prefix: "tidemark-fuzz-" });
  try {
    const bytes = inputOf(target!, seed, input);
    STANDARD.out(new TextDecoder().decode(bytes));
    const random = new Random(derive(seed, target!.name, String(input), "read"));
    await target!.read(bytes, folder, random);
    STANDARD.error("\naccepted\n");
    return EXIT.fine;
  } catch (error) {
    const failure = knownFailure(error);
    const text = failure?.line ?? (error instanceof Error ? error.stack : undefined);
    STANDARD.error(`\n${text ?? String(error)}\n`);
    return failure === undefined ? EXIT.missed : EXIT.fine;
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function command({ ended }: Call): Command {
  const fuzz = new Command("test:fuzz")
    .description("Fuzzes everything that is read, and counts what becomes of it.")
    .exitOverride()
    .configureOutput({ writeOut: (text) => STANDARD.out(text), writeErr: () => {} });
  addOptions(fuzz, [
    wholeNumber("--minutes <n>", "processor time for which each is tried", { least: 1, most: 1440 })
      .default(10),
    list("--only <name>", "only these fuzzers, several by commas"),
    wholeNumber("--seed <n>", "what the inputs are made from").default(1),
    wholeNumber("--input <n>", "only this input of the one fuzzer of --only, shown"),
  ]);
  fuzz.option("--counts <file>", "where the counts are kept", FUZZ_FILE);
  return fuzz.action(async (flags: Flags) => ended(await run(flags)));
}

if (import.meta.main) Deno.exit(await runProgram(command, Deno.args));
