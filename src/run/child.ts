/**
 * The process of one run: opens a fresh database, measures, and prints the journal's lines as it
 * goes. It knows nothing of other runs, so that nothing of them is left in its memory, its
 * compiled code or its database.
 */
import { cpuUsage } from "node:process";
import { writeWhole } from "../disk/mod.ts";
import { clockCost, measure } from "../measure/mod.ts";
import { isKernelPath, monotonicClock, readKernelFile } from "../native/mod.ts";
import { burning, readFacts, storeKind } from "../store/mod.ts";
import { followParent } from "./parent.ts";
import type { ClosingLine, FailureLine, RunSpec } from "./spec.ts";

const encoder = new TextEncoder();

/** Writes a line at once: what has been printed survives this process. */
function print(line: unknown): void {
  writeWhole(Deno.stdout, encoder.encode(JSON.stringify(line) + "\n"));
}

/** The largest resident size so far. `getrusage` would count what the parent had when it forked. */
function peakRssBytes(): number {
  const status = isKernelPath("/proc") ? readKernelFile("/proc/self/status") : null;
  const peak = /^VmHWM:\s*(\d+) kB$/m.exec(status ?? "")?.[1];
  return peak === undefined ? Deno.memoryUsage().rss : Number(peak) * 1024;
}

async function run(spec: RunSpec): Promise<void> {
  const clock = monotonicClock();
  const cost = clockCost(clock);
  const { burn = 0, ...options } = spec.options;
  const kind = storeKind(spec.store);
  const opened = await kind.open(spec.database, options);
  const store = burn > 0 ? burning(opened, burn, clock) : opened;
  print({ kind: "run-opened", store: store.describe(), clock: cost });
  const warmup = await measure(store, spec.measure, clock, {
    sample: (sample) => print({ kind: "sample", ...sample }),
    latency: (latency) => print({ kind: "latency", ...latency }),
  });
  const { user, system } = cpuUsage();
  const closing: ClosingLine = {
    kind: "closing",
    warmup,
    ...readFacts(store, kind.properties),
    peakRssBytes: peakRssBytes(),
    cpuSeconds: (user + system) / 1e6,
  };
  await store.close();
  print(closing);
}

followParent();
try {
  await run(JSON.parse(Deno.args[0]!) as RunSpec);
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  print({ kind: "failure", message: message.split("\n")[0]! } satisfies FailureLine);
  Deno.exit(1);
}
