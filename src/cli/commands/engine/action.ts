/** `engine`: the releases of engines that can be measured with. */
import {
  addFile,
  cachedLibrary,
  cachedReleases,
  cacheFolder,
  compareReleases,
  DEFAULT_RELEASE,
  EngineError,
  type EngineLibrary,
  pinFor,
  pinnedNames,
  removeRelease,
  requireMachine,
  thisMachine,
} from "../../../engine/mod.ts";
import { formatBytes, listWithSuggestion, plural } from "../../../format/mod.ts";
import { libraryCandidates } from "../../../store/mod.ts";
import type { Call } from "../../call.ts";
import { obtainWithProgress } from "../../engine_step.ts";
import { EXIT } from "../../exit_code.ts";
import { interruptSignal } from "../../interrupt.ts";
import type { Streams } from "../../streams.ts";
import { UsageError } from "../../usage_error.ts";
import type { GetFlags, ListFlags } from "./command.ts";

/** Lists the releases. */
export function runList(flags: ListFlags, { streams }: Call): number {
  const cache = cacheFolder();
  const machine = thisMachine();
  const kept = cachedReleases(cache);
  const names = [...new Set([...pinnedNames(), ...kept.map(({ release }) => release)])]
    .sort(compareReleases);
  const lines = names.map((release) => {
    const pin = machine && pinFor(release, machine);
    return {
      release,
      default: release === DEFAULT_RELEASE,
      pinned: pin !== undefined,
      archiveBytes: pin?.archive.bytes ?? null,
      kept: kept.find((line) => line.release === release)?.machines ?? [],
    };
  });
  const installed = libraryCandidates();
  if (flags.json) {
    const list = { cache, machine: machine ?? null, installed, releases: lines };
    streams.out(JSON.stringify(list, null, 2) + "\n");
    return EXIT.fine;
  }
  for (const { release, pinned, archiveBytes, kept, ...line } of lines) {
    const words = [
      line.default ? "the default" : "",
      pinned ? "" : "not pinned",
      archiveBytes === null ? "" : `archive ${formatBytes(archiveBytes)}`,
      kept.length === 0 ? "" : `kept for ${kept.join(", ")}`,
    ];
    streams.out(`${release.padEnd(14)} ${words.filter(Boolean).join(", ")}\n`);
  }
  streams.error(
    `\nKept in ${cache}. ${
      machine === undefined
        ? "No release has a library for this machine."
        : `This machine is ${machine}.`
    } ${
      installed.length === 0
        ? "No librocksdb is installed."
        : `Installed, and used unless a release is asked for: ${installed[0]}.`
    }\n`,
  );
  return EXIT.fine;
}

/** Gets releases. */
export async function runGet(
  releases: readonly string[],
  flags: GetFlags,
  { streams }: Call,
): Promise<number> {
  if (flags.ifMissing) return await getIfMissing(releases, streams);
  const signal = interruptSignal();
  const machine = flags.for ?? requireMachine();
  for (const release of releases) {
    streams.out(`${told(await obtainWithProgress(release, streams, { machine, signal }))}\n`);
  }
  return EXIT.fine;
}

/** For a step before tests: what cannot be had is said, and what needs it is skipped there. */
async function getIfMissing(releases: readonly string[], streams: Streams): Promise<number> {
  const signal = interruptSignal();
  for (const release of releases) {
    if (release === DEFAULT_RELEASE && libraryCandidates().length > 0) continue;
    try {
      await obtainWithProgress(release, streams, { signal });
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      streams.error(`${error.message}\n`);
    }
  }
  return EXIT.fine;
}

/** What is kept of a release, in a line. */
function told(library: EngineLibrary): string {
  const { release, engine, version, pinned, sha256, source, path } = library;
  const what = engine === null ? release : `${engine} ${version}`;
  return `${what}: ${pinned ? "pinned" : "not pinned"}, SHA-256 ${
    sha256.slice(0, 16)
  }…, from ${source}, ${path}`;
}

/** Keeps a file. */
export async function runAdd(file: string, { streams }: Call): Promise<number> {
  const library = await addFile(file);
  streams.error(`${told(library)}\n`);
  streams.out(`${library.release}\n`);
  return EXIT.fine;
}

/** Removes releases. */
export function runRemove(releases: readonly string[], { streams }: Call): number {
  for (const release of releases) {
    if (removeRelease(release)) {
      streams.out(`Removed ${release}\n`);
      continue;
    }
    const kept = cachedReleases().map(({ release }) => release);
    throw new UsageError(
      `Cannot remove ${release}: it is not kept here; ${
        kept.length === 0 ? "nothing is" : listWithSuggestion(release, kept)
      }`,
    );
  }
  return EXIT.fine;
}

/** Holds what is kept against its digests. */
export function runVerify({ streams }: Call): number {
  let damaged = 0;
  let whole = 0;
  for (const { release, machines } of cachedReleases()) {
    for (const machine of machines) {
      try {
        streams.out(`${machine}  ${told(cachedLibrary(release, machine)!)}\n`);
        whole++;
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
        streams.out(`${machine}  ${error.message}\n`);
        damaged++;
      }
    }
  }
  streams.out(`${plural(whole, "library", "libraries")} as they should be, ${damaged} damaged\n`);
  return damaged > 0 ? EXIT.usage : EXIT.fine;
}
