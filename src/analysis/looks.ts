/**
 * A bench that goes on until it is sure: what it looks for, and what its looks cost. Who looks again and
 * again has to look through wider intervals; those of a benchmark that something is asked of are as wide
 * as its number of looks wants, so that all of them together have the confidence that the report names.
 */
import type { BenchmarkRecord, Result } from "../result/mod.ts";
import { confidenceAtLook, LEAST_RUNS } from "../stats/mod.ts";
import type { Analysis, BenchmarkAnalysis, ClaimVerdict, EvidenceVerdict } from "./model.ts";
import { CALIBRATION_STORES } from "./stores.ts";
import { isNamed } from "./targets.ts";

/**
 * At how many counts of runs a benchmark was looked at.
 *
 * @returns `null` where nothing is asked of it, or its bench ends with its plan: its runs do not follow
 * from what they measured then, and its intervals are plain ones.
 */
export function looksAt(
  { id, store, name, part, runs, added = 0 }: BenchmarkRecord,
  { untilSure, suite, profile }: Pick<Result, "untilSure" | "suite" | "profile">,
): number | null {
  if (untilSure === undefined || part !== undefined || CALIBRATION_STORES.includes(store)) {
    return null;
  }
  if (!isAsked({ store, name }, suite)) return null;
  const planned = (runs ?? profile.runs) - added;
  const counts = (untilSure.looks ?? []).flatMap(({ more }) =>
    more.flatMap((own) => own.benchmark === id ? [own.runs] : [])
  );
  // Below three runs nothing is judged, so that looking costs nothing.
  return Math.max(1, [planned, ...counts].filter((count) => count >= LEAST_RUNS).length);
}

/** Whether a target is held against a benchmark, or a claim's evidence. */
export function isAsked(
  { store, name }: Pick<BenchmarkRecord, "store" | "name">,
  { targets, claims }: Pick<Result["suite"], "targets" | "claims">,
): boolean {
  return [...targets, ...claims.flatMap(({ evidence }) => evidence)]
    .some(({ benchmark, stores }) => benchmark === name && isNamed(stores, store));
}

/** The confidence of a benchmark's own intervals where the report's is this one. */
export function confidenceOf(
  record: BenchmarkRecord,
  result: Pick<Result, "untilSure" | "suite" | "profile">,
  confidence: number,
): number {
  const looks = looksAt(record, result);
  return looks === null ? confidence : confidenceAtLook(confidence, looks);
}

/** What is not decided, and may be by more runs. */
export interface OpenQuestions {
  /** `benchmark metric` of targets, and the claims' names. */
  open: string[];
  /** The ids of the benchmarks whose runs may decide it. */
  benchmarks: string[];
}

/**
 * The targets and claims that more runs may decide. Not among them is what no number of runs can: a
 * metric without an estimate, a benchmark of which a run failed, a value inside of a published range,
 * and a claim with such a piece of evidence that nothing else refutes.
 */
export function questionsForRuns({ targets, claims, benchmarks }: Analysis): OpenQuestions {
  const sound = new Map(
    benchmarks.filter(({ runs }) => runs.failed === 0).map((own) => [own.id, own]),
  );
  const open: string[] = [];
  const needed = new Set<string>();
  for (const { benchmark, target, planned, verdict, estimate } of targets) {
    if (!planned || verdict === "met" || verdict === "missed") continue;
    if (estimate === null || !sound.has(benchmark)) continue;
    open.push(`${benchmark} ${target.metric}`);
    needed.add(benchmark);
  }
  for (const claim of claims) {
    const rows = evidenceForRuns(claim, sound);
    if (rows.length === 0) continue;
    open.push(claim.name);
    for (const { benchmark } of rows) needed.add(benchmark);
  }
  return { open: [...new Set(open)], benchmarks: [...needed] };
}

/** The rows of a claim that more runs may decide, and the claim with them. */
function evidenceForRuns(
  { outcome, evidence }: ClaimVerdict,
  sound: ReadonlyMap<string, BenchmarkAnalysis>,
): EvidenceVerdict[] {
  if (outcome !== "inconclusive") return [];
  const undecided = evidence.filter((row) => row.outcome === "inconclusive");
  const decidable = undecided.filter((row) => sound.has(row.benchmark) && isDecidable(row));
  return decidable.length === undecided.length ? decidable : [];
}

/** Whether a value may still turn out to be better or worse than all of what was published. */
function isDecidable({ estimate, published }: EvidenceVerdict): boolean {
  if (estimate === null || published === null) return false;
  return estimate.low < published.low || estimate.high > published.high ||
    published.low === published.high;
}
