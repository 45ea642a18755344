/**
 * Tortures the whole program: kills, full and failing devices, damaged files, hostile names, odd
 * clocks, giants. Seeded; each step has a deadline, and so has the whole. What was counted is kept for
 * the report.
 */
import { Command } from "commander";
import type { Call } from "../cli/call.ts";
import { EXIT } from "../cli/exit_code.ts";
import { addOptions, list, oneOf, wholeNumber } from "../cli/options/values.ts";
import { runProgram } from "../cli/run_program.ts";
import { STANDARD } from "../cli/streams.ts";
import { checkoutCommit } from "../environment/mod.ts";
import { printable } from "../format/mod.ts";
import { derive, Random } from "../stats/mod.ts";
import { keepCounts, TORTURE_FILE, type TortureRow } from "./counts.ts";
import { STEPS } from "./torture/all.ts";
import type { Form, TortureStep } from "./torture/step.ts";

const PROJECT = new URL("../../", import.meta.url);
/** Time for all steps, s. */
const ALL_SECONDS: Record<Form, number> = { quick: 900, full: 5400 };
/** Time beyond its own for a step to come to its end, s; one that then still goes on hangs. */
const GRACE_SECONDS = 300;

interface Flags {
  quick?: boolean;
  only?: string[];
  seed: number;
  counts: string;
}

async function run({ quick, only, seed, counts }: Flags): Promise<number> {
  only?.forEach(oneOf("step", STEPS.map(({ name }) => name)));
  const form: Form = quick ? "quick" : "full";
  const say = (text: string) => STANDARD.error(`${printable(text)}\n`);
  say(`seed ${seed}, ${form}`);
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  const rows: TortureRow[] = [];
  for (const step of STEPS.filter(({ name }) => only?.includes(name) ?? true)) {
    const row = await take(step, form, seed, ALL_SECONDS[form] - seconds());
    rows.push(row);
    const counted = Object.entries(row.counts).map(([what, count]) => `${what}: ${count}`);
    say(`${row.state} in ${row.seconds} s: ${row.step}; ${[...counted, row.why].join("; ")}`);
    // Also where the next one takes this process with it.
    if (counts !== "") {
      keepCounts(counts, row, ({ step }) => step, STEPS.map(({ name }) => name));
    }
  }
  return rows.some(({ state }) => state === "failed") ? EXIT.missed : EXIT.fine;
}

/** Takes a step, within its time and what is left of the whole. */
async function take(
  step: TortureStep,
  form: Form,
  seed: number,
  left: number,
): Promise<TortureRow> {
  const row: TortureRow = {
    step: step.name,
    what: step.what,
    date: new Date().toISOString().slice(0, 10),
    commit: checkoutCommit(PROJECT.pathname),
    seed,
    form,
    counts: {},
    inTime: true,
    seconds: 0,
    state: "held",
    why: "",
  };
  const skip = left <= 0 ? "there was no time left for it" : step.skip?.();
  if (skip !== undefined) return { ...row, state: "skipped", why: skip };
  const start = performance.now();
  const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "tidemark-torture-" }));
  const limit = Math.min(step.seconds[form] + GRACE_SECONDS, left);
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`it took longer than ${Math.round(limit)} s`)),
    limit * 1000,
  );
  try {
    const counts = new Map<string, number>();
    const over = () => performance.now() - start > step.seconds[form] * 1000;
    const done = step.run({
      form,
      goOn(done, times) {
        if (done < times && over()) row.inTime = false;
        return done < times && !over();
      },
      random: new Random(derive(seed, step.name)),
      folder,
      count(what, more = 1) {
        counts.set(what, (counts.get(what) ?? 0) + more);
        row.counts = Object.fromEntries(counts);
      },
    });
    await Promise.race([done, late.promise]);
  } catch (error) {
    row.state = "failed";
    const why = error instanceof Error ? error.stack ?? error.message : String(error);
    // The counts are published: where the project lies is of one machine alone.
    row.why = why.replaceAll(PROJECT.href, "").replaceAll(PROJECT.pathname, "").slice(0, 3000);
  } finally {
    clearTimeout(timer);
    try {
      Deno.removeSync(folder, { recursive: true });
    } catch {
      // A process that was given up still writes there.
    }
  }
  row.seconds = Math.round((performance.now() - start) / 1000);
  return row;
}

function command({ ended }: Call): Command {
  const torture = new Command("test:torture")
    .description("Tortures the whole program, and counts what held.")
    .exitOverride()
    .configureOutput({ writeOut: (text) => STANDARD.out(text), writeErr: () => {} });
  addOptions(torture, [
    list("--only <step>", "only these steps, several by commas"),
    wholeNumber("--seed <n>", "what moments and damages are made from").default(1),
  ]);
  return torture
    .option("--quick", "a few of each, in some minutes")
    .option("--counts <file>", "where the counts are kept; empty: nowhere", TORTURE_FILE)
    .action(async (flags: Flags) => ended(await run(flags)));
}

if (import.meta.main) Deno.exit(await runProgram(command, Deno.args));
