/** Under which conditions an output says that it was measured, and whether those of two are the same. */
import type { FormatName } from "./format.ts";
import { cannotImport, shown } from "./import_error.ts";
import type { Imported, ImportedBenchmark } from "./imported.ts";
import { isObject, type JsonObject } from "./json_file.ts";

/** A benchmark with the output that it is of. */
export interface Measured {
  benchmark: ImportedBenchmark;
  output: Imported;
}

/**
 * What an object of an output states, as the conditions of its benchmarks: whatever changes in it
 * may change what was measured.
 *
 * @param outcomes Keys of what is found out or named anew each time.
 * @param prefix Put before the keys, e.g. `machine_info.`.
 */
export function conditionsIn(
  values: JsonObject,
  outcomes: ReadonlySet<string>,
  prefix = "",
): [key: string, value: string][] {
  return Object.entries(values).flatMap(([key, value]) =>
    outcomes.has(key) || value === null || value === undefined
      ? []
      : [[prefix + key, textOf(value)]]
  );
}

function textOf(value: unknown): string {
  if (!isObject(value) && !Array.isArray(value)) return String(value);
  try {
    return JSON.stringify(value);
  } catch {
    // A list of lists may be deeper than its text can be made.
    return "a list or an object";
  }
}

/**
 * Refuses runs that were measured under other conditions: their average would be of nothing.
 *
 * @throws {ResultError} With the condition that differs.
 */
export function requireSameConditions(
  format: FormatName,
  now: Measured,
  before: Measured,
): void {
  const [old, own] = [before, now].map(conditionsOf) as [Conditions, Conditions];
  const stated = [...old.keys(), ...own.keys()].find((key) =>
    !OUTCOMES[format]?.includes(key) && differ(key, old.get(key), own.get(key))
  );
  const [machine, other] = [before, now].map(machineOf) as [Conditions, Conditions];
  const key = stated ??
    [...machine.keys()].find((key) => other.has(key) && machine.get(key) !== other.get(key));
  if (key === undefined) return;
  const [was, is] = [[old, machine], [own, other]].map((maps) =>
    shown(String(maps.find((each) => each.has(key))?.get(key) ?? "not said"))
  );
  throw cannotImport(
    now.output.files.join(", "),
    `${shown(key)} is ${is} for ${shown(now.benchmark.name)}, and ${was} in the output before; ` +
      "import each alone, and compare them",
  );
}

/** What a tool finds out as it measures: k6 adds users as they are needed. */
const OUTCOMES: Partial<Record<FormatName, readonly string[]>> = { k6: ["clients"] };

type Conditions = ReadonlyMap<string, unknown>;

/** What an output says of a benchmark that makes it another one where it differs, or is not said. */
function conditionsOf({ benchmark: { config, workload, store } }: Measured): Conditions {
  const { options = {}, ...described } = store ?? {};
  const said = { ...options, ...described, ...workload };
  return new Map([
    ...config ?? [],
    ...Object.entries(said).filter(([, value]) => value !== null && value !== undefined),
  ]);
}

/** What an output says of the machine and the tool, which not every output does. */
function machineOf({ output: { environment, tool, toolVersion } }: Measured): Conditions {
  return new Map([
    ...Object.entries(environment),
    ...(toolVersion === null ? [] : [[`version of ${tool}`, toolVersion] as const]),
  ]);
}

/** Whether two values of a condition differ; those that are measured by more than measuring does. */
function differ(key: string, before: unknown, now: unknown): boolean {
  if (before === now) return false;
  const slack = Object.hasOwn(MEASURED, key) ? MEASURED[key]! : 0;
  const [a, b] = [Number(before), Number(now)];
  return !(Math.abs(a - b) <= slack * Math.max(Math.abs(a), Math.abs(b)));
}

/** Conditions that a tool measures anew each time, and how far two of one machine may be apart. */
const MEASURED: Record<string, number> = { mhz_per_cpu: 0.05 };
