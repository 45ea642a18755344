/** Which engine the native stores would be measured with here, and what else there is. */
import {
  cachedReleases,
  cacheFolder,
  DEFAULT_RELEASE,
  EngineError,
  isCached,
  type Machine,
  pinFor,
  thisMachine,
} from "../../../engine/mod.ts";
import { formatBytes } from "../../../format/mod.ts";
import { libraryCandidates } from "../../../store/mod.ts";

/** What there is of librocksdb on this machine. */
export interface EngineState {
  /** The kind of machine that a release's library has to be for; `null` where none is made for it. */
  machine: Machine | null;
  /** The release that is got where nothing is installed and none is asked for. */
  default: string;
  /** The folder of the releases that were got; `null` where the user has no home. */
  cache: string | null;
  /** The releases that were got for this kind of machine. */
  kept: string[];
  /** The installed libraries, the most wanted first. */
  installed: string[];
  /** What is measured with unless a release is asked for: a library's file, or a release. */
  used: { file: string } | { release: string } | null;
}

/** Looks; nothing is loaded, and nothing is held against its digest yet. */
export function engineState(): EngineState {
  const machine = thisMachine() ?? null;
  const installed = libraryCandidates();
  const state = { machine, default: DEFAULT_RELEASE, installed };
  const file = installed[0] === undefined ? null : { file: installed[0] };
  try {
    const cache = cacheFolder();
    const kept = machine === null ? [] : cachedReleases(cache)
      .filter(({ machines }) => machines.includes(machine)).map(({ release }) => release);
    const release = machine !== null && isCached(DEFAULT_RELEASE, machine, cache)
      ? { release: DEFAULT_RELEASE }
      : null;
    return { ...state, cache, kept, used: file ?? release };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { ...state, cache: null, kept: [], used: file };
  }
}

/** The state in lines for people. */
export function engineLines(state: EngineState): string[] {
  return [`librocksdb: ${usedWords(state)}`, ...releaseLines(state)];
}

function usedWords({ machine, used, ...state }: EngineState): string {
  if (used !== null && "file" in used) {
    return `measured with ${used.file} unless a release is asked for`;
  }
  if (used !== null) {
    return `none is installed; measured with the release ${used.release}, which is kept here`;
  }
  if (machine === null) {
    return "none is installed, and no release has a library for this machine";
  }
  const pin = pinFor(state.default, machine);
  const size = pin === undefined ? "" : `, ${formatBytes(pin.archive.bytes)}`;
  return `none is installed, and the first bench gets the release ${state.default}${size}`;
}

function releaseLines({ machine, cache, kept, ...state }: EngineState): string[] {
  if (machine === null) return [];
  if (cache === null) {
    return [
      "releases: none can be kept, since the user has no home; set TIDEMARK_CACHE to a folder",
    ];
  }
  const first = `${state.default}${kept.includes(state.default) ? "" : ", not kept"}`;
  const are = kept.length === 1 ? "is" : "are";
  const names = kept.length === 0 ? "none" : kept.join(", ");
  return [`releases: the default is ${first}; for ${machine} there ${are} ${names} in ${cache}`];
}
