/**
 * The limit of a run: how long it may go without progress. A native call that hangs answers nobody, so
 * it is the parent that judges, by what the run's process says: in what it is, and each step that it
 * has done (so many keys loaded, a sample taken). The steps are counted in the plan, so that a run
 * ends in any case.
 */
import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { formatBytes, formatSeconds } from "../format/mod.ts";
import type { MeasurePlan } from "../measure/mod.ts";
import type { BenchmarkRecord, ProfileRecord } from "../result/mod.ts";
import { OPERATIONS } from "../workload/mod.ts";

/** What starting a process, and opening and closing a database, may take in any case, ms. */
const LEAST_MS = 60_000;
/** How many times as long as planned a step may take. */
const TIMES = 10;
/** What one operation may take on the average, ms: a write that is synced to a slow disk takes half. */
const OPERATION_MS = 20;
/** The same of an entry of a walk, ms, which comes in a block with many others. */
const ENTRY_MS = 0.05;

/**
 * How long a run of this plan may go without progress, ms, where nothing else is asked for: a minute,
 * ten times its planned time, and for each operation of an iteration 20 ms, or 50 µs where it is an
 * entry of a walk.
 */
export function runLimitMs(
  { warmupMs, measureMs, operation, elements }: Pick<
    MeasurePlan,
    "warmupMs" | "measureMs" | "operation" | "elements"
  >,
): number {
  const each = OPERATIONS[operation].walks ? ENTRY_MS : OPERATION_MS;
  return LEAST_MS + TIMES * (warmupMs + measureMs) + each * elements;
}

/** What loading and settling a key may take on the average, ms. */
const KEY_MS = 0.05;

/** {@linkcode runLimitMs} of a benchmark of a plan. */
export function limitOf(
  { elements, workload, samples, measureMs }: BenchmarkRecord,
  profile: Pick<ProfileRecord, "warmupMs" | "measureMs">,
): number {
  // Only of an imported benchmark neither may be known.
  if (workload.load === undefined) {
    return runLimitMs({ ...profile, elements, operation: workload.operation! });
  }
  // It says that it gets on at the end of each window.
  const windowMs = (measureMs ?? profile.measureMs) / samples;
  const { keys, filled } = workload.load;
  return LEAST_MS + TIMES * (profile.warmupMs + windowMs) + (filled ? KEY_MS * keys : 0);
}

/**
 * Why a run was ended that made no progress, in words.
 *
 * @param doing In what it was.
 * @param database Where its database was to be.
 */
export async function stalledWords(
  limitMs: number,
  doing: string,
  database: string,
): Promise<string> {
  const silent = `No progress for ${formatSeconds(limitMs)} in ${doing}`;
  const device = await deviceOf(dirname(database));
  if (device === undefined) return `${silent}; --run-limit allows for more time`;
  if (device === "silent") return `${silent}: the device of its database does not answer`;
  const free = `${formatBytes(device.freeBytes)} of ${formatBytes(device.bytes)} are free`;
  return device.full
    ? `${silent}: the device of its database is full, ${free}; make room, then resume`
    : `${silent}; the device of its database is not full, ${free}; --run-limit allows for more time`;
}

/** How full a device is. */
interface Device {
  bytes: number;
  freeBytes: number;
  full: boolean;
}

/** Below this share of a device, or so many bytes, an engine may find no room for its next file. */
const FULL_SHARE = 0.01;
const FULL_BYTES = 1024 * 1024;
/** How long a device is waited for, ms. */
const PATIENCE_MS = 5000;

/** How full the device is that a folder is on; `undefined` where it cannot be told. */
async function deviceOf(folder: string): Promise<Device | "silent" | undefined> {
  const late = Promise.withResolvers<"silent">();
  const timer = setTimeout(() => late.resolve("silent"), PATIENCE_MS);
  try {
    const said = await Promise.race([statfs(folder), late.promise]);
    if (said === "silent") return said;
    const [bytes, freeBytes] = [said.blocks * said.bsize, said.bavail * said.bsize];
    const noFiles = said.files > 0 && said.ffree === 0;
    const full = noFiles || freeBytes < Math.max(FULL_BYTES, FULL_SHARE * bytes);
    return { bytes, freeBytes, full };
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
