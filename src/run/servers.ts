/** Servers that run already, and programs that are started, are tried before the first run, as directories are looked at. */
import type { PlanLine } from "../result/mod.ts";
import { CALIBRATION_NAMES, findStoreKind, type StoreSettings } from "../store/mod.ts";
import { RunError } from "./error.ts";
import type { World } from "./world.ts";

/** How long a try may go without progress, beside what its operations have anyhow, ms. */
const PATIENCE_MS = 60_000;

/** A store and its options, as a run of it would have them. */
interface Side {
  store: string;
  options: StoreSettings;
}

/**
 * Makes sure that there is something to be measured: servers of others that are not there, or let
 * nobody in, would fail every run with the same words, and a program that is started for each run and
 * is another one would hold up every run. Where only some of what is measured speaks to servers of
 * others, its runs fail and the others are measured; a program is the caller's to mend, and refused.
 *
 * @throws {RunError} What the first of them says, where none can be used.
 */
export async function requireServers(
  plans: readonly PlanLine[],
  world: Pick<World, "runProcess">,
  signal: AbortSignal,
): Promise<void> {
  const [running, started] = [new Map<string, Side>(), new Map<string, Side>()];
  let isFree = false;
  for (const { benchmarks, storeOptions } of plans) {
    for (const { store, variant } of benchmarks) {
      if (CALIBRATION_NAMES.has(store)) continue;
      const options = { ...storeOptions, ...variant } as StoreSettings;
      const kind = findStoreKind(store);
      const side = { store, options };
      // What takes no servers can be measured whatever becomes of them.
      if (!kind?.reach?.(options).running) isFree = true;
      else running.set(JSON.stringify([store, options]), side);
      const starts = kind?.requirePrograms !== undefined && !kind.reach?.(options).running;
      if (starts && !started.has(kind.name)) started.set(kind.name, side);
    }
  }
  for (const side of started.values()) {
    const error = await tried(side, world, signal);
    if (error !== undefined) throw error;
  }
  if (isFree) return;
  let first: RunError | undefined;
  for (const side of running.values()) {
    const error = await tried(side, world, signal);
    if (error === undefined) return;
    first ??= error;
  }
  if (first !== undefined) throw first;
}

/** Why a side cannot be measured; `undefined` where it can. */
async function tried(
  { store, options }: Side,
  world: Pick<World, "runProcess">,
  signal: AbortSignal,
): Promise<RunError | undefined> {
  const spec = { store, database: store, options, looks: true };
  const limitMs = PATIENCE_MS + (options.deadlineMs ?? 0);
  const outcome = await world.runProcess(spec, () => {}, signal, limitMs);
  if (outcome.state !== "failed") return undefined;
  const error = outcome.error.replaceAll(`the database ${store}`, store);
  return new RunError(error, outcome.usage ? "usage" : "measuring");
}
