/** Reads one mutated input after the other, and notes what no reader should do. */
import process from "node:process";
import { knownFailure } from "../cli/exit_code.ts";
import { derive, Random } from "../stats/mod.ts";
import { chance, mutate, pick } from "./mutate.ts";
import { HOSTILE_TEXTS } from "./hostile.ts";
import type { FuzzTarget } from "./target.ts";

/** What no reader should do. */
export interface Finding {
  /** Number of the input; with target and seed it is made again. */
  input: number;
  kind: "crash" | "unclear" | "slow" | "outside" | "hang" | "memory" | "ended";
  /** The error with its place, or what was seen. */
  text: string;
}

/** What became of the inputs. */
export interface FuzzCounts {
  inputs: number;
  accepted: number;
  refused: number;
  findings: number;
}

/** How much is tried. */
interface LoopOptions {
  seed: number;
  /** Number of the first input. @default 0 */
  from?: number;
  /** Whether to go on after so many inputs. */
  goOn: (counts: FuzzCounts) => boolean;
  /** A folder that inputs may be written into, `inside`, and one that none may touch, `outside`. */
  folder: string;
  onFinding: (finding: Finding) => void;
  /** Called before each input. */
  onInput?: (input: number, counts: FuzzCounts) => void;
}

/** Processor time that an input may take, ms: what is read here has some kilobytes. */
const MOST_CPU_MS = 4000;
/** How many inputs pass between looks at the folder outside. */
const LOOK_EVERY = 100;
/** The longest line that is told a user. */
const MOST_LINE = 1100;

const made = new WeakMap<FuzzTarget, readonly string[]>();

/** A target's seeds, made once. */
export function seedsOf(target: FuzzTarget): readonly string[] {
  const known = made.get(target) ?? target.seeds();
  made.set(target, known);
  return known;
}

/** Makes the input of a number. */
export function inputOf(target: FuzzTarget, seed: number, number: number): Uint8Array {
  const random = new Random(derive(seed, target.name, String(number)));
  const seeds = seedsOf(target);
  const input = target.make?.(random, seeds);
  if (input !== undefined) return input;
  // Foreign lines are those of the other inputs, and texts that mean something elsewhere.
  const foreign = [...seeds, ...HOSTILE_TEXTS.filter((text) => text !== "")];
  return mutate(pick(random, seeds), random, chance(random, 0.7) ? seeds : foreign);
}

/** Runs a fuzzer. */
export async function fuzz(target: FuzzTarget, options: LoopOptions): Promise<FuzzCounts> {
  const { seed, from = 0, goOn, folder, onFinding, onInput } = options;
  const counts: FuzzCounts = { inputs: 0, accepted: 0, refused: 0, findings: 0 };
  const note = (finding: Finding) => {
    counts.findings++;
    onFinding(finding);
  };
  const outside = `${folder}/outside`;
  plant(outside);
  let seen = listing(outside);
  for (let input = from; goOn(counts); input++) {
    onInput?.(input, counts);
    const inside = `${folder}/inside`;
    Deno.mkdirSync(inside, { recursive: true });
    const bytes = inputOf(target, seed, input);
    const random = new Random(derive(seed, target.name, String(input), "read"));
    const before = process.cpuUsage();
    try {
      await target.read(bytes, inside, random);
      counts.accepted++;
    } catch (error) {
      const wrong = complaint(error);
      if (wrong === undefined) counts.refused++;
      else note({ input, ...wrong });
    }
    counts.inputs++;
    const { user, system } = process.cpuUsage(before);
    const ms = (user + system) / 1000;
    if (ms > MOST_CPU_MS) {
      note({ input, kind: "slow", text: `${ms.toFixed(0)} ms for ${bytes.length} bytes` });
    }
    Deno.removeSync(inside, { recursive: true });
    if (counts.inputs % LOOK_EVERY === 0 || !goOn(counts)) {
      const now = listing(outside);
      const others = [...Deno.readDirSync(folder)].map(({ name }) => name)
        .filter((name) => name !== "outside");
      if (now !== seen || others.length > 0) {
        note({
          input,
          kind: "outside",
          text: `a file outside was touched by one of the ${LOOK_EVERY} inputs before`,
        });
        seen = now;
      }
    }
  }
  return counts;
}

/** What is wrong with an error: anything but one line that says what, where and how to mend it. */
function complaint(error: unknown): Pick<Finding, "kind" | "text"> | undefined {
  const failure = knownFailure(error);
  if (failure === undefined) {
    const text = error instanceof Error ? error.stack ?? error.message : String(error);
    return { kind: "crash", text: text.slice(0, 2000) };
  }
  const { line } = failure;
  const text = JSON.stringify(line.slice(0, 500));
  if (line.length > MOST_LINE) return { kind: "unclear", text: `${line.length} letters: ${text}` };
  // The command line makes all else harmless; a line end would forge another error in a log.
  if (line.endsWith(".") || line === "") return { kind: "unclear", text };
  return undefined;
}

/** What attacks would be glad to reach. */
function plant(outside: string): void {
  Deno.mkdirSync(`${outside}/nodes`, { recursive: true });
  Deno.writeTextFileSync(`${outside}/secret.txt`, "a secret");
  Deno.writeTextFileSync(`${outside}/nodes/node01.jsonl`, "lines");
}

/** Every file of a folder with its content and time. */
function listing(folder: string): string {
  return [...Deno.readDirSync(folder)].map(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    const { mtime, mode } = Deno.lstatSync(path);
    const inside = isDirectory ? listing(path) : Deno.readTextFileSync(path);
    return `${path} ${mtime?.getTime()} ${mode} ${inside}`;
  }).sort().join("\n");
}
