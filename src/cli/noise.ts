/** What disturbs a bench that is about to begin, said before it does and not only in its report. */
import { collectEnvironment, examine, PressureMeter } from "../environment/mod.ts";
import type { Remark } from "../remark/mod.ts";
import type { PressureRecord } from "../result/mod.ts";
import type { Streams } from "./streams.ts";

/** How long the machine is watched, ms: a hundredth of two processors' time is a tick of the kernel. */
const WATCH_MS = 500;

/** Watches what others do on the machine for a moment, while this process does nothing. */
async function watchOthers(): Promise<PressureRecord> {
  const meter = new PressureMeter();
  meter.start();
  await new Promise((resolve) => setTimeout(resolve, WATCH_MS));
  return meter.stop(0);
}

/**
 * Says what `doctor` would warn of: the load, what other processes and the hypervisor take. The bench
 * begins all the same, since its report says what each run met.
 *
 * @param directory The databases'.
 * @param watch How the machine is watched.
 */
export async function tellNoise(
  streams: Streams,
  directory: string,
  watch: () => Promise<PressureRecord> = watchOthers,
): Promise<void> {
  const found = examine(collectEnvironment(directory), await watch());
  for (const remark of found.filter(isNoise)) {
    streams.error(`note: a noisy machine. ${remark.text} ${remark.mend}\n`);
  }
}

function isNoise({ topic, severity }: Remark): boolean {
  return topic === "load" && severity === "warn";
}
