/** `nightly`: everything of a night, from measuring to the published pages. */
import { bold, formatSeconds } from "../../../format/mod.ts";
import { EngineError } from "../../../engine/mod.ts";
import { openHistory } from "../../../history/mod.ts";
import {
  allDone,
  begin,
  brokenOff,
  lockNights,
  type NightCluster,
  type NightEnd,
  type NightPlan,
  runNight,
} from "../../../night/mod.ts";
import { parseTarget } from "../../../publish/mod.ts";
import { isNight } from "../../../result/mod.ts";
import type { BenchRequest } from "../../../run/mod.ts";
import { baselinesById } from "../../baselines.ts";
import { requestOf } from "../../bench_request.ts";
import type { Call } from "../../call.ts";
import { columns } from "../../columns.ts";
import { settleReleases } from "../../engine_step.ts";
import { EXIT, knownFailure } from "../../exit_code.ts";
import { interruptSignal } from "../../interrupt.ts";
import { machines, reachedBy } from "../../machines.ts";
import { nodeSupply } from "../../node_engines.ts";
import { benchArguments } from "../../options/measuring.ts";
import { bytesOfGib, wrongValue } from "../../options/values.ts";
import { settleStores } from "../../plugins.ts";
import { printResult } from "../../print_result.ts";
import { withProgress } from "../../progress.ts";
import type { Streams } from "../../streams.ts";
import { strictCode } from "../../strict.ts";
import { loadSuite } from "../../suites.ts";
import { settingsOf } from "../../ladder.ts";
import { VERSION } from "../../version.ts";
import type { NightlyFlags } from "./command.ts";
import { searchesLeftOut, searchesOnNodes } from "./searches.ts";

/** Runs the command. */
export async function runNightly(
  suite: string,
  flags: NightlyFlags,
  { streams }: Call,
): Promise<number> {
  const signal = interruptSignal();
  const startedAt = new Date();
  // Everything that the call can have wrong is found before anything is made.
  const checked = await check(suite, flags, streams, signal);
  const { out, history = `${out}/history`, nodes = false, host = Deno.hostname() } = flags;
  using _lock = lockNights(out, startedAt.toISOString());
  // A directory of something else is refused before a night is spent on it.
  openHistory(history, { create: true }).close();
  const { profile, night: date } = flags;
  const night = flags.resume
    ? brokenOff(out, nodes)
    : begin(out, { suite, profile, night: date, startedAt, nodes, host });
  streams.error(`${flags.resume ? "Going on with" : "Night"} ${night.file.id}\n`);
  const plan: NightPlan = {
    ...checked,
    night,
    out,
    history,
    dataDirectory: flags.data,
    summary: flags.summary ?? null,
    publishing: {
      identity: flags.publishIdentity ?? flags.identity,
      sshConfig: flags.sshConfig,
    },
    baselines: baselinesById,
    version: VERSION,
    signal,
    tell: (text) => streams.error(text),
    withProgress: (measure) => withProgress(streams, measure),
    lineOf: (error) => knownFailure(error)?.line,
  };
  return tellNight(await runNight(plan, (stage) => plan.tell(`${bold(stage)}\n`)), {
    night,
    flags,
    streams,
  });
}

/** Says how a night went, and what to end with. */
function tellNight(
  { rows, missed, open, regressed }: NightEnd,
  { night, flags, streams }: Pick<NightPlan, "night"> & { flags: NightlyFlags; streams: Streams },
): number {
  const table = columns(
    ["stage", "state", "took", ""],
    rows.map((row) => [row.name, row.state, formatSeconds(row.seconds * 1000), row.message]),
  );
  const lines = [
    ...missed.map((each) => `missed     ${each}\n`),
    ...regressed.map((each) => `regressed  ${each}\n`),
  ];
  printResult(streams, table + lines.join(""), { taken: flags.json });
  if (flags.json) {
    streams.out(JSON.stringify({ ...night.file, missed, open, regressed }, null, 2) + "\n");
  }
  if (!night.file.settled) {
    streams.error(
      `Not complete: what was measured is kept; the next night takes it up, or go on with ` +
        `deno task nightly --resume --out ${flags.out}\n`,
    );
  }
  if (!allDone(rows)) return EXIT.failed;
  if (missed.length + regressed.length > 0) return EXIT.missed;
  return strictCode(flags.strict, open, streams);
}

/** What of a plan is known before anything is touched. */
type Checked = Pick<NightPlan, "request" | "cluster" | "targets" | "keep" | "site">;

async function check(
  suite: string,
  flags: NightlyFlags,
  streams: Streams,
  signal: AbortSignal,
): Promise<Checked> {
  const targets = (flags.publish ?? []).map(parseTarget);
  const { title, url = null, keepNights, keepWeeks, keepPages } = flags;
  const mostBytes = bytesOfGib(flags.keepGib);
  const keep = { nights: keepNights, weeks: keepWeeks, mostBytes, pages: keepPages };
  const site = { title, url };
  if (flags.night !== undefined && !isNight(flags.night)) {
    throw wrongValue("--night", flags.night, "a date like 2026-11-22");
  }
  let cluster: NightCluster | null = null;
  let request: BenchRequest | null = null;
  if (flags.nodes) {
    const supply = await nodeSupply(suite, flags, { streams, signal });
    const args = benchArguments(suite, supply.flags);
    for (const note of searchesOnNodes(supply.suite)) streams.error(`note: ${note}\n`);
    cluster = {
      ...await machines(flags, streams),
      args,
      supply: supply.engines,
      ssh: reachedBy(flags),
      reconnectSeconds: flags.reconnect,
    };
  } else if (!flags.resume) {
    // The directory is the night's, which is not made yet.
    const measured = await loadSuite(suite);
    const { store } = flags;
    const named = await settleStores({ store }, measured, streams, signal);
    const settled = await settleReleases(
      { set: settingsOf(measured, flags) },
      named.store ?? named.suite.stores,
      streams,
      signal,
    );
    const { control: wanted, ...others } = flags;
    const { control, missing } = await settleControl(wanted, streams, signal);
    const { plugins, warnings } = named;
    const noticed = [...warnings, ...missing];
    const asked = { ...others, ...settled, ...(control && { control }), plugins, noticed };
    const planned = requestOf(
      named.suite,
      { ...asked, ...(named.store && { store: named.store }) },
      [],
    );
    const left = searchesLeftOut(planned, suite, flags);
    request = { ...planned, warnings: [...planned.warnings, ...left] };
  }
  return { request, cluster, targets, keep, site };
}

/**
 * The control as it can be had tonight. Where the place that its release comes from fails, the night goes on
 * without one: what the stores do is known all the same.
 *
 * @throws {EngineError} Where the call names no release, or what was sent is not what it should be.
 */
async function settleControl(
  control: string[] | undefined,
  streams: Streams,
  signal: AbortSignal,
): Promise<{ control?: string[]; missing: string[] }> {
  try {
    const settled = await settleReleases({ control }, [], streams, signal);
    return { ...(settled.control && { control: settled.control }), missing: [] };
  } catch (error) {
    if (!(error instanceof EngineError) || error.kind !== "source" || signal.aborted) throw error;
    const what = control!.join(", ");
    return { missing: [`The night has no control, which was to be ${what}. ${error.message}.`] };
  }
}
