/**
 * One fuzzer in a process of its own, which may read the project and write one folder. It prints JSON
 * lines: what became of the inputs so far, findings, and the end.
 */
import process from "node:process";
import { type Finding, fuzz, type FuzzCounts } from "./fuzz_loop.ts";
import { TARGETS } from "./targets/all.ts";

/** What a fuzzer's process is told, as its only argument. */
export interface FuzzOrder {
  target: string;
  seed: number;
  from: number;
  /** Processor time after which it ends, ms: what passes while others have the processor is no trial. */
  ms: number;
  /** Inputs after which it ends. */
  inputs: number;
  folder: string;
  /** Whether each input is told before it is read, to find out which one hangs. */
  tellAll: boolean;
}

/** What it says. */
export type FuzzWord =
  | { kind: "at"; input: number; counts: FuzzCounts; processorMs: number }
  | { kind: "finding"; finding: Finding }
  | { kind: "end"; counts: FuzzCounts; processorMs: number };

/** How often it says how far it is, ms. */
const TELL_MS = 200;

if (import.meta.main) {
  const order: FuzzOrder = JSON.parse(Deno.args[0]!);
  const target = TARGETS.find(({ name }) => name === order.target)!;
  const encoder = new TextEncoder();
  const say = (word: FuzzWord) => {
    const bytes = encoder.encode(`${JSON.stringify(word)}\n`);
    for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
  };
  const start = process.cpuUsage();
  const processorMs = () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
  let told = -Infinity;
  const counts = await fuzz(target, {
    seed: order.seed,
    from: order.from,
    folder: order.folder,
    goOn: ({ inputs }) => inputs < order.inputs && processorMs() < order.ms,
    onFinding: (finding) => say({ kind: "finding", finding }),
    onInput(input, counts) {
      const now = performance.now();
      if (!order.tellAll && now - told < TELL_MS) return;
      told = now;
      say({ kind: "at", input, counts, processorMs: processorMs() });
    },
  });
  say({ kind: "end", counts, processorMs: processorMs() });
}
