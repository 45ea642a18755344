/** Servers that run already are tried before the first run, as directories are looked at. */
import type { PlanLine } from "../result/mod.ts";
import { CALIBRATION_NAMES, findStoreKind, type StoreSettings } from "../store/mod.ts";
import { RunError } from "./error.ts";
import type { World } from "./world.ts";

/** How long a try may go without progress, beside what its operations have anyhow, ms. */
const PATIENCE_MS = 60_000;

/**
 * Makes sure that there is something to be measured: servers of others that are not there, or let
 * nobody in, would fail every run with the same words. Where only some of what is measured speaks to
 * such servers, its runs fail and the others are measured.
 *
 * @throws {RunError} What the first of them says, where none can be used.
 */
export async function requireServers(
  plans: readonly PlanLine[],
  world: Pick<World, "runProcess">,
  signal: AbortSignal,
): Promise<void> {
  const sides = new Map<string, { store: string; options: StoreSettings }>();
  for (const { benchmarks, storeOptions } of plans) {
    for (const { store, variant } of benchmarks) {
      if (CALIBRATION_NAMES.has(store)) continue;
      const options = { ...storeOptions, ...variant } as StoreSettings;
      // What takes no servers can be measured whatever becomes of them.
      if (!findStoreKind(store)?.reach?.(options).running) return;
      sides.set(JSON.stringify([store, options]), { store, options });
    }
  }
  let first: RunError | undefined;
  for (const { store, options } of sides.values()) {
    const spec = { store, database: store, options, looks: true };
    const limitMs = PATIENCE_MS + (options.deadlineMs ?? 0);
    const outcome = await world.runProcess(spec, () => {}, signal, limitMs);
    if (outcome.state !== "failed") return;
    const error = outcome.error.replaceAll(`the database ${store}`, store);
    first ??= new RunError(error, outcome.usage ? "usage" : "measuring");
  }
  if (first !== undefined) throw first;
}
