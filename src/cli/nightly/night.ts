/** The stages of a night, in their order: each takes what the ones before it have left on disk. */
import { type HistoryJudgement, judgeHistory, type SeriesJudgement } from "../../analysis/mod.ts";
import { formatBytes, plural } from "../../format/mod.ts";
import { SESSION_FILE } from "../../cluster/mod.ts";
import { type History, openHistory } from "../../history/mod.ts";
import { publish, releaseId, type Target } from "../../publish/mod.ts";
import { historySummary } from "../../report/mod.ts";
import { fileReason, JOURNAL_FILE } from "../../result/mod.ts";
import { type BenchRequest, clearDatabases } from "../../run/mod.ts";
import { knownFailure } from "../exit_code.ts";
import { reasonToKeep, siteOptions } from "../history.ts";
import { UsageError } from "../usage_error.ts";
import { addToHistory, gather, type Measured } from "./measured.ts";
import {
  type Cluster,
  collectNodes,
  measureHere,
  measureNodes,
  type MeasureOptions,
} from "./measure.ts";
import { type Night, nightsIn, saveNight } from "./night_file.ts";
import { pagesOf, placePages } from "./pages.ts";
import type { Stage } from "./stages.ts";

/** What a night is, checked. */
export interface NightPlan extends MeasureOptions {
  night: Night;
  out: string;
  suite: string;
  /** What is measured here; `null` with nodes, and where a night is gone on with. */
  request: BenchRequest | null;
  history: string;
  targets: readonly Target[];
  keep: { nights: number; weeks: number; pages: number };
}

/** What the stages have found out, for the exit code. */
export interface Found {
  /** Targets that were missed, as `node: benchmark metric`. */
  missed: string[];
  /** Series that regressed tonight, or for good as it is known since tonight. */
  regressed: string[];
}

/** The page that compares the nodes of a night. */
const NODES_PAGE = "nodes.html";

/** Nights whose journals are kept when all is in the history. */
const KEPT_BENCHES = 7;

/** The stages of a night. */
export function nightStages(plan: NightPlan, found: Found): Stage[] {
  const { night, out, flags } = plan;
  let measured: Measured[] = [];
  let judgement: HistoryJudgement = { nights: [], series: [] };
  let pages = "";
  const withHistory = <T>(action: (history: History) => T): T => {
    using history = openHistory(plan.history, { create: true });
    return action(history);
  };
  const summary: Stage = {
    name: "summary",
    needs: ["judge"],
    run() {
      const text = withHistory((history) => historySummary(judgement, optionsOf(history, plan)));
      try {
        Deno.writeTextFileSync(flags.summary!, text, { append: true });
      } catch (error) {
        throw new UsageError(`Cannot write ${flags.summary}: ${fileReason(error)}`);
      }
      return { message: `what changed is added to ${flags.summary}` };
    },
  };
  return [
    { name: "earlier nights", needs: [], run: () => takeUp(plan) },
    {
      name: "bench",
      needs: [],
      async run() {
        const failure = await measure(plan);
        measured = gather(night, failure);
        for (const { node, given } of measured) {
          for (const { verdict, benchmark, target } of given?.analysis.targets ?? []) {
            if (verdict === "missed") found.missed.push(`${benchmark} ${target.metric} on ${node}`);
          }
        }
        const problems = measured.filter(({ problem }) => problem !== null)
          .map(({ node, problem }) => `${node}: ${problem}`);
        if (problems.length > 0) return { message: problems.join("; "), partly: true };
        return { message: `${measured.map(({ node }) => node).join(", ")} measured` };
      },
    },
    {
      name: "history",
      // A night that gave nothing is kept as missing.
      needs: ["bench"],
      run() {
        const message = withHistory((history) => addToHistory(history, night, measured));
        settle(night);
        return { message };
      },
    },
    {
      name: "judge",
      needs: ["history"],
      run() {
        const series = withHistory((history) => history.series());
        judgement = judgeHistory(series);
        found.regressed.push(...regressions(judgement, night.file.night));
        const many = plural(judgement.series.length, "series", "series");
        const nights = plural(judgement.nights.length, "night");
        return { message: `${many} over ${nights}, ${found.regressed.length} regressed` };
      },
    },
    ...(flags.summary === undefined ? [] : [summary]),
    {
      name: "thin",
      needs: ["judge"],
      run: () => ({ message: withHistory((history) => thin(history, plan)) }),
    },
    {
      name: "pages",
      needs: ["judge"],
      run() {
        const report = `${night.bench}/report.html`;
        const nodes = plan.cluster !== null && isThere(report) ? NODES_PAGE : null;
        const made = withHistory((history) =>
          pagesOf(history, judgement, { ...optionsOf(history, plan), nodes })
        );
        if (nodes !== null) made.push({ name: nodes, content: { path: report } });
        pages = placePages(made, out, { id: releaseId(), keep: plan.keep.pages });
        return { message: `${plural(made.length, "file")} in ${pages}` };
      },
    },
    ...plan.targets.map((target): Stage => ({
      name: `publish to ${target.shown}`,
      needs: ["pages"],
      async run() {
        const where = await publish(pages, target, {
          id: releaseId(),
          keep: plan.keep.pages,
          identity: flags.publishIdentity ?? flags.identity,
          sshConfig: flags.sshConfig,
          signal: plan.signal,
        });
        return { message: where };
      },
    })),
  ];
}

/** An error in one line; what nobody foresaw is told with its stack as well. */
export function tellFailure(error: unknown, onFault: (stack: string) => void): string {
  const known = knownFailure(error);
  if (known !== undefined) return known.line;
  const text = error instanceof Error ? error.message.split("\n")[0]! : String(error);
  onFault(error instanceof Error ? error.stack ?? text : text);
  return `this is a fault of Tidemark itself: ${text}`;
}

/** @returns Why the bench here failed as a whole; what it has measured is on disk all the same. */
async function measure(plan: NightPlan): Promise<string | undefined> {
  const { night, cluster } = plan;
  try {
    if (cluster !== null) await measureNodes(night, plan.suite, { ...plan, cluster });
    else await measureHere(night, plan.request, plan);
    return undefined;
  } catch (error) {
    const known = knownFailure(error);
    if (known === undefined || cluster !== null) throw error;
    return known.line;
  }
}

/** Adds what nights have measured that were broken off, as by a kill. */
async function takeUp(plan: NightPlan): Promise<{ message: string; partly?: boolean }> {
  const { night, out, cluster, streams } = plan;
  const earlier = nightsIn(out).filter(({ file }) => !file.settled && file.id !== night.file.id);
  const done: string[] = [];
  const failed: string[] = [];
  for (const each of earlier) {
    if (plan.signal.aborted) break;
    streams.error(`Taking up ${each.file.id}\n`);
    try {
      done.push(await takeUpOne(each, plan, cluster));
    } catch (error) {
      failed.push(`${each.file.id}: ${tellFailure(error, streams.error)}`);
    }
  }
  if (failed.length > 0) return { message: failed.join("; "), partly: true };
  return { message: done.join("; ") || "none was broken off" };
}

async function takeUpOne(
  night: Night,
  plan: NightPlan,
  cluster: Cluster | null,
): Promise<string> {
  const { file, bench } = night;
  if (file.nodes) {
    if (cluster !== null && isThere(`${bench}/${SESSION_FILE}`)) {
      await collectNodes(night, { ...plan, cluster });
    }
  } else if (isThere(`${bench}/${JOURNAL_FILE}`)) clearDatabases(bench);
  const measured = gather(night);
  using history = openHistory(plan.history, { create: true });
  const message = addToHistory(history, night, measured);
  settle(night);
  return message;
}

function settle(night: Night): void {
  night.file.settled = true;
  saveNight(night);
}

/** Series that regressed on this night, and those whose level is known since then to have. */
function regressions(judgement: HistoryJudgement, night: string): string[] {
  if (judgement.nights.at(-1) !== night) return [];
  const before = judgeHistory(judgement.series.map(({ series }) => ({
    ...series,
    points: series.points.filter((point) => point.night < night),
  })));
  const name = ({ series }: SeriesJudgement) =>
    `${series.benchmark} ${series.metric} on ${series.node}`;
  const known = new Map(before.series.map((judged) => [name(judged), judged.shifts.length]));
  return judgement.series.filter((judged) =>
    judged.tonight.verdict === "regressed" ||
    judged.shifts.length > (known.get(name(judged)) ?? 0) &&
      judged.shifts.at(-1)?.direction === "regressed"
  ).map(name);
}

/** Removes what the rule does not keep: files of old results, and the journals of old nights. */
function thin(history: History, { out, night, keep: { nights, weeks } }: NightPlan): string {
  const keep = reasonToKeep(history);
  const { removed, kept } = history.thin({ nights, weeks, keep });
  const bytes = removed.reduce((sum, { bytes }) => sum + bytes, 0);
  const old = nightsIn(out).filter(({ file }) => file.settled && file.id !== night.file.id)
    .slice(0, -KEPT_BENCHES);
  for (const { directory } of old) Deno.removeSync(directory, { recursive: true });
  return `${plural(removed.length, "result")} removed (${formatBytes(bytes)}), ${kept} kept` +
    (old.length > 0 ? `; journals of ${plural(old.length, "night")} removed` : "");
}

function optionsOf(history: History, { flags: { title, url }, out }: NightPlan) {
  // The reports lie beside the pages, in folders as in the history.
  return siteOptions(history, { out, title, reports: ".", ...(url !== undefined && { url }) });
}

function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
