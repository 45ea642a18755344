/** The stages of a night, in their order: each takes what the ones before it have left on disk. */
import { type HistoryJudgement, judgeHistory, openQuestions } from "../analysis/mod.ts";
import { fileReason, isThere, REPORT_HTML_FILE } from "../disk/mod.ts";
import { plural } from "../format/mod.ts";
import { type History, openHistory } from "../history/mod.ts";
import { publish, releaseId } from "../publish/mod.ts";
import { historySummary, type SiteOptions } from "../report/mod.ts";
import { NightError } from "./error.ts";
import { measureHere, measureNodes } from "./measure.ts";
import { addToHistory, gather, type Measured } from "./measured.ts";
import { settle } from "./night_file.ts";
import { pagesOf, placePages } from "./pages.ts";
import type { Found, NightPlan } from "./plan.ts";
import { takeUpEarlier } from "./recovery.ts";
import { regressions } from "./regressions.ts";
import { siteOptions } from "./site_options.ts";
import type { Stage } from "./stages.ts";
import { thin } from "./thin.ts";

/** The page that compares the nodes of a night. */
const NODES_PAGE = "nodes.html";

/** The stages of a night. */
export function nightStages(plan: NightPlan, found: Found): Stage[] {
  const { night, out } = plan;
  let measured: Measured[] = [];
  let judgement: HistoryJudgement = { nights: [], measured: [], series: [] };
  let pages = "";
  const withHistory = <T>(action: (history: History) => T): T => {
    using history = openHistory(plan.history, { create: true });
    return action(history);
  };
  const summaryTo = (path: string): Stage => ({
    name: "summary",
    needs: ["judge"],
    run() {
      const text = withHistory((history) => historySummary(judgement, optionsOf(history, plan)));
      try {
        Deno.writeTextFileSync(path, text, { append: true });
      } catch (error) {
        throw new NightError(`Cannot write ${path}: ${fileReason(error)}`);
      }
      return { message: `what changed is added to ${path}` };
    },
  });
  return [
    { name: "earlier nights", needs: [], run: () => takeUpEarlier(plan) },
    {
      name: "bench",
      needs: [],
      async run() {
        const failure = await measure(plan);
        measured = gather(night, failure);
        for (const { node, given } of measured) {
          const open = given === null ? [] : openQuestions(given.analysis);
          found.open.push(...open.map((name) => `${name} on ${node}`));
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
        judgement = withHistory((history) =>
          judgeHistory(history.series(), { notes: history.notes() })
        );
        found.regressed.push(...regressions(judgement, night.file.night));
        const many = plural(judgement.series.length, "series", "series");
        const nights = plural(judgement.measured.length, "measured night");
        return { message: `${many} over ${nights}, ${found.regressed.length} regressed` };
      },
    },
    ...(plan.summary === null ? [] : [summaryTo(plan.summary)]),
    {
      name: "thin",
      needs: ["judge"],
      run: () => ({ message: withHistory((history) => thin(history, plan)) }),
    },
    {
      name: "pages",
      needs: ["judge"],
      run() {
        const report = `${night.bench}/${REPORT_HTML_FILE}`;
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
          ...plan.publishing,
          signal: plan.signal,
        });
        return { message: where };
      },
    })),
  ];
}

/** @returns Why the bench here failed as a whole; what it has measured is on disk all the same. */
async function measure(plan: NightPlan): Promise<string | undefined> {
  const { cluster, request, lineOf } = plan;
  try {
    if (cluster !== null) await measureNodes(plan, cluster);
    else await measureHere(plan, request);
    return undefined;
  } catch (error) {
    const line = lineOf(error);
    if (line === undefined || cluster !== null) throw error;
    return line;
  }
}

function optionsOf(history: History, { site, out, version }: NightPlan): SiteOptions {
  // The reports lie beside the pages, in folders as in the history.
  return siteOptions(history, { ...site, out, version, reports: "./" });
}
