/** `bench --resume`: goes on with what was interrupted. */
import { isFinished, type PressureRecord } from "../../../result/mod.ts";
import {
  isInterleaved,
  type LaneResult,
  readLanes,
  resumeBench,
  type World,
} from "../../../run/mod.ts";
import { LEAST_RUNS } from "../../../stats/mod.ts";
import { obtainForResume } from "../../engine_step.ts";
import { tellNoise } from "../../noise.ts";
import { LOCAL } from "../../places.ts";
import { pluginsNamed } from "../../plugins.ts";
import { withProgress } from "../../progress.ts";
import { UsageError } from "../../usage_error.ts";
import { VERSION } from "../../version.ts";
import { conclude } from "./conclude.ts";
import { findRates, pluginsOf, searchesLeft } from "./find_rates.ts";
import { libraryAgain } from "./interleave.ts";
import { ALONE, COMPARING, NOT_COMPARED, refuseAny } from "./refuse.ts";
import type { BenchSession } from "./session.ts";
import { lookWith } from "../../look.ts";

/** What is injected so that tests are exact. */
interface Surroundings {
  /** @default the world itself */
  world?: World;
  /** How the machine is watched before. @default as {@linkcode tellNoise} does */
  watch?: () => Promise<PressureRecord>;
}

/**
 * Goes on with the directory that the flag names, or with the newest one that was interrupted.
 *
 * @returns The code to end with.
 * @throws {UsageError} Where there is none, or an option is given in vain.
 */
export async function resume(
  session: BenchSession,
  { world, watch }: Surroundings = {},
): Promise<number> {
  const { flags, streams, signal, command } = session;
  const directory = typeof flags.resume === "string" ? flags.resume : newestInterrupted();
  if (isInterleaved(directory)) refuseAny(flags, [...ALONE, "against"], "an interleaved bench");
  else if (flags.against === undefined) refuseAny(flags, COMPARING, NOT_COMPARED);
  streams.error(`Going on with ${directory}\n`);
  await obtainForResume(directory, flags, streams, signal);
  const library = flags.interleave && libraryAgain(flags.interleave);
  const plugins = flags.store && pluginsNamed(flags.store);
  const request = {
    directory,
    dataDirectory: flags.data,
    library,
    plugins,
    runLimitMs: flags.runLimit,
    look: lookWith(session.comparing),
    command,
    version: VERSION,
  };
  await tellNoise(streams, flags.data ?? ".", watch);
  const lanes = await withProgress(
    streams,
    (events) => resumeBench(request, events, signal, world),
  );
  const again = plugins && pluginsOf(lanes[0]!.result, plugins);
  const code = await conclude(directory, lanes, session);
  return Math.max(code, await findRates(directory, lanes, again, session));
}

function newestInterrupted(): string {
  let names: string[] = [];
  try {
    names = [...Deno.readDirSync(LOCAL)].map((entry) => entry.name).sort().reverse();
  } catch {
    // Nothing was benched here yet.
  }
  for (const name of names) {
    const directory = `${LOCAL}/${name}`;
    try {
      const isOver = ({ result }: LaneResult) =>
        isFinished(result) &&
        (result.profile.runs < LEAST_RUNS || searchesLeft(directory, result).length === 0);
      if (!readLanes(directory).every(isOver)) return directory;
    } catch {
      // A directory without a journal that can be read is not one to go on with.
    }
  }
  throw new UsageError(`Cannot resume: no interrupted bench is in ${LOCAL}; name its directory`);
}
