/** `nightly`: everything of a night, from measuring to the published pages. */
import { bold } from "../format/mod.ts";
import { openHistory } from "../history/mod.ts";
import { parseTarget } from "../publish/mod.ts";
import { isNight } from "../result/mod.ts";
import { benchId, type BenchRequest } from "../run/mod.ts";
import { PROFILES } from "../suite/mod.ts";
import { requestOf } from "./bench.ts";
import { EXIT } from "./exit_code.ts";
import { interruptSignal } from "./interrupt.ts";
import type { NightlyFlags } from "./nightly/flags.ts";
import type { Cluster } from "./nightly/measure.ts";
import { type Found, type NightPlan, nightStages, tellFailure } from "./nightly/night.ts";
import { lockNights, makeNight, type Night, nightsIn, saveNight } from "./nightly/night_file.ts";
import { allDone, runStages } from "./nightly/stages.ts";
import { columns, machines, seconds } from "./nodes.ts";
import { parseKeep } from "./publish.ts";
import { formatSeconds } from "./seconds.ts";
import type { Streams } from "./streams.ts";
import { listWithSuggestion } from "./suggest.ts";
import { loadSuite } from "./suites.ts";
import { UsageError } from "./usage_error.ts";

/** Runs the command. */
export async function nightlyCommand(
  suite: string,
  flags: NightlyFlags,
  streams: Streams,
): Promise<number> {
  const signal = interruptSignal();
  const startedAt = new Date();
  // Everything that the call can have wrong is found before anything is made.
  const checked = await check(suite, flags, streams);
  using _lock = lockNights(flags.out, startedAt.toISOString());
  const history = flags.history ?? `${flags.out}/history`;
  // A directory of something else is refused before a night is spent on it.
  openHistory(history, { create: true }).close();
  const night = flags.resume ? brokenOff(flags.out) : begin(suite, flags, startedAt);
  if (flags.resume && night.file.nodes !== (flags.nodes ?? false)) {
    throw new UsageError(
      `Cannot resume ${night.file.id}: it was measured ${
        night.file.nodes ? "on nodes; add --nodes" : "here; leave out --nodes"
      }`,
    );
  }
  streams.error(`${flags.resume ? "Going on with" : "Night"} ${night.file.id}\n`);
  const plan = { ...checked, night, suite, out: flags.out, history, flags, streams, signal };
  return await runNight(plan);
}

async function runNight(plan: NightPlan): Promise<number> {
  const { night, streams, signal, flags } = plan;
  const found: Found = { missed: [], regressed: [] };
  night.file.stages = [];
  const rows = await runStages(nightStages(plan, found), {
    signal,
    tell: (error) => tellFailure(error, (stack) => streams.error(`${stack}\n`)),
    onStart: (name) => streams.error(`${bold(name)}\n`),
    onEnd(row) {
      night.file.stages.push({ ...row });
      saveNight(night);
    },
  });
  night.file.endedAt = new Date().toISOString();
  saveNight(night);
  const table = columns(
    ["stage", "state", "took", ""],
    rows.map((row) => [row.name, row.state, formatSeconds(row.seconds * 1000), row.message]),
  );
  streams.error(`\n${table}`);
  for (const each of found.missed) streams.error(`missed     ${each}\n`);
  for (const each of found.regressed) streams.error(`regressed  ${each}\n`);
  if (flags.json) {
    streams.out(JSON.stringify({ ...night.file, ...found }, null, 2) + "\n");
  }
  if (!night.file.settled) {
    streams.error(
      `Not complete: what was measured is kept; the next night takes it up, or go on with ` +
        `deno task nightly --resume --out ${flags.out}\n`,
    );
  }
  if (!allDone(rows)) return EXIT.failed;
  return found.missed.length + found.regressed.length > 0 ? EXIT.missed : EXIT.fine;
}

/** What of a plan is known before anything is touched. */
type Checked = Pick<NightPlan, "request" | "cluster" | "targets" | "keep">;

async function check(
  suite: string,
  flags: NightlyFlags,
  streams: Streams,
): Promise<Checked> {
  const targets = (flags.publish ?? []).map(parseTarget);
  const keep = {
    nights: wholeNumber("--keep-nights", flags.keepNights),
    weeks: wholeNumber("--keep-weeks", flags.keepWeeks),
    pages: parseKeep("--keep-pages", flags.keepPages),
  };
  if (flags.night !== undefined && !isNight(flags.night)) {
    throw new UsageError(
      `Cannot take ${JSON.stringify(flags.night)} for --night: give a date like 2026-11-22`,
    );
  }
  if (!Object.hasOwn(PROFILES, flags.profile)) {
    throw new UsageError(
      `Unknown profile ${JSON.stringify(flags.profile)}: ` +
        listWithSuggestion(flags.profile, Object.keys(PROFILES)),
    );
  }
  seconds("--reconnect", flags.reconnect);
  seconds("--patience", flags.patience ?? "30");
  let cluster: Cluster | null = null;
  let request: BenchRequest | null = null;
  if (flags.nodes) cluster = await machines(flags, streams);
  else if (!flags.resume) {
    // The directory is the night's, which is not made yet.
    const { resume: _, ...measuring } = flags;
    request = requestOf(await loadSuite(suite), measuring, []);
  }
  return { request, cluster, targets, keep };
}

function begin(suite: string, flags: NightlyFlags, startedAt: Date): Night {
  const name = suite.replace(/^.*\//, "").replace(/\.ts$/, "").replaceAll(/[^A-Za-z0-9_-]/g, "-");
  return makeNight(flags.out, {
    schema: "tidemark.nightly",
    version: 1,
    id: `${benchId(name, startedAt)}-${crypto.randomUUID().slice(0, 4)}`,
    night: flags.night ?? startedAt.toISOString().slice(0, 10),
    startedAt: startedAt.toISOString(),
    endedAt: null,
    suite: name,
    profile: flags.profile,
    nodes: flags.nodes ?? false,
    host: flags.host ?? Deno.hostname(),
    settled: false,
    stages: [],
  });
}

/** The newest night that is not in the history yet. */
function brokenOff(out: string): Night {
  const night = nightsIn(out).findLast(({ file }) => !file.settled);
  if (night !== undefined) return night;
  throw new UsageError(`Cannot resume: no night in ${out} was broken off; leave out --resume`);
}

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new UsageError(
    `Cannot take ${JSON.stringify(text)} for ${option}: give a whole number from 0`,
  );
}
