/**
 * Getting releases, with progress for people: those that were asked for, and the default one where
 * nothing is installed. Only the process that fetches one has a network.
 */
import {
  addFile,
  DEFAULT_RELEASE,
  EngineError,
  type EngineLibrary,
  isCached,
  isPath,
  isReleaseName,
  type Machine,
  obtainRelease,
  pinFor,
  requireMachine,
  thisMachine,
} from "../engine/mod.ts";
import { ERASED_LINE, formatBytes } from "../format/mod.ts";
import { readLanes } from "../run/mod.ts";
import { findStoreKind, libraryIsThere, SYSTEM } from "../store/mod.ts";
import type { Streams } from "./streams.ts";

/** Rewriting the line more often than this is for nobody's eyes, ms. */
const REDRAW_MS = 200;

/** How to get a release. */
interface StepOptions {
  /** The kind of machine that the library is for. @default this one */
  machine?: Machine;
  /** How not to get it, as the end of the sentence that says what is got. */
  avoid?: string;
  signal?: AbortSignal;
}

/**
 * Gets a release, if it is not here.
 *
 * @throws {EngineError} Why it cannot be had.
 */
export async function obtainWithProgress(
  release: string,
  streams: Streams,
  { machine, avoid = "", signal }: StepOptions = {},
): Promise<EngineLibrary> {
  let drawnAt = -Infinity;
  let drawn = false;
  const draw = (text: string) => {
    streams.error(ERASED_LINE + text);
    drawn = text !== "";
  };
  try {
    return await obtainRelease(release, {
      machine,
      signal,
      events: {
        waiting: () => streams.error(`Another process is getting ${release}; waiting for it\n`),
        fetching: ({ engine, version }, host, bytes) =>
          streams.error(
            `Getting ${engine} ${version} from ${host} (${
              bytes === null ? "not pinned" : formatBytes(bytes)
            }, once)${avoid}\n`,
          ),
        progress: (received, total) => {
          const now = performance.now();
          if (!streams.interactive || now - drawnAt < REDRAW_MS) return;
          drawnAt = now;
          draw(`${formatBytes(received)}${total === null ? "" : ` of ${formatBytes(total)}`}`);
        },
      },
    });
  } finally {
    if (drawn) draw("");
  }
}

/** What of a call names releases. */
interface ReleaseFlags {
  set?: string[] | undefined;
  interleave?: string[] | undefined;
  control?: string[] | undefined;
  offline?: boolean;
}

/**
 * Gets what a bench is to be measured with: the releases that its settings name, and the default one
 * where it needs one and no librocksdb is installed. A file is kept under a name made of its content,
 * which stands in its path's place from then on.
 *
 * @param stores The stores that are to be measured if they can be.
 * @returns The settings, to be taken in place of the call's.
 * @throws {EngineError} Where a release that was asked for cannot be had. The default one was not:
 * what is said of it then is a note.
 */
export async function settleReleases(
  { set, interleave, control, offline = false }: ReleaseFlags,
  stores: readonly string[],
  streams: Streams,
  signal: AbortSignal,
): Promise<{ set?: string[]; interleave?: string[]; control?: string[] }> {
  const settle = async (settings: string[] | undefined) =>
    await mapReleases(settings ?? [], (text) => named(text, offline, streams, signal));
  const settled = {
    ...(set !== undefined && { set: await settle(set) }),
    ...(interleave !== undefined && { interleave: await settle(interleave) }),
    ...(control !== undefined && { control: await settle(control) }),
  };
  const asked = settled.set?.some((setting) => setting.startsWith(`${RELEASE}=`)) ?? false;
  if (!asked && !offline) await obtainDefault(stores, streams, signal);
  return settled;
}

/** The option that names a release. */
const RELEASE = "release";

/** A setting as it is written: its option, and its value. */
interface Setting {
  option: string;
  /** Whether it stands before the value; else it is the one before it, which has a value more. */
  named: boolean;
  value: string;
}

function read(settings: readonly string[]): Setting[] {
  let option = "";
  return settings.map((setting) => {
    const [, own, value] = /^(?:([^=]*)=)?(.*)$/s.exec(setting)!;
    option = own ?? option;
    return { option, named: own !== undefined, value: value! };
  });
}

function isRelease({ option, value }: Setting): boolean {
  return option === RELEASE && value !== "";
}

/**
 * A directory may come from elsewhere: what it names is fetched and loaded only where the table of
 * pinned releases has its digest, or where somebody got it here before.
 *
 * @throws {EngineError}
 */
function requireTrust(release: string, directory: string): void {
  const machine = requireMachine();
  if (pinFor(release, machine) !== undefined || isCached(release, machine)) return;
  throw new EngineError(
    `Cannot resume ${directory}: it was measured with RocksDB ${release}, which is not pinned and ` +
      `not kept here; to trust it, get it first: deno task engine get ${release}`,
    "usage",
  );
}

/** What settings name as releases, in their order. */
export function releasesIn(settings: readonly string[]): string[] {
  return read(settings).filter(isRelease).map(({ value }) => value);
}

/**
 * Settings, with what they name as releases changed.
 *
 * @param change Given what was written, which is not empty, in its order.
 */
export async function mapReleases(
  settings: readonly string[],
  change: (text: string) => Promise<string>,
): Promise<string[]> {
  const changed: string[] = [];
  for (const setting of read(settings)) {
    const value = isRelease(setting) ? await change(setting.value) : setting.value;
    changed.push(setting.named ? `${setting.option}=${value}` : value);
  }
  return changed;
}

/** Makes sure that a release is kept here. @returns Its name, which is no path. */
async function named(
  text: string,
  offline: boolean,
  streams: Streams,
  signal: AbortSignal,
): Promise<string> {
  if (text === SYSTEM) return text;
  if (isPath(text)) return (await addFile(text)).release;
  // What is no release's name is refused where settings are read.
  if (!offline && isReleaseName(text) && !isCached(text, requireMachine())) {
    await obtainWithProgress(text, streams, { signal });
  }
  return text;
}

/** Gets the default release where a store needs it. */
async function obtainDefault(
  stores: readonly string[],
  streams: Streams,
  signal: AbortSignal,
): Promise<void> {
  const needed = stores.some((store) => {
    const { libraryVariable, libraryIsNamed } = findStoreKind(store) ?? {};
    return libraryVariable !== undefined && libraryIsNamed !== true;
  });
  if (!needed || libraryIsThere() || thisMachine() === undefined) return;
  try {
    await obtainWithProgress(DEFAULT_RELEASE, streams, {
      signal,
      avoid: "; --offline measures without it, and so does an installed librocksdb",
    });
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    streams.error(`note: ${error.message}\n`);
  }
}

/**
 * Gets the releases that an interrupted bench was measured with, where they are no longer kept. A
 * result names them by version or by digest, and never by a path.
 *
 * @throws {EngineError} Where one cannot be had.
 */
export async function obtainForResume(
  directory: string,
  { offline = false }: ReleaseFlags,
  streams: Streams,
  signal: AbortSignal,
): Promise<void> {
  if (offline) return;
  for (const { result } of readLanes(directory)) {
    const releases = [result.storeOptions, ...result.benchmarks.map(({ variant }) => variant)]
      .map((options) => options?.[RELEASE]);
    for (const release of new Set(releases)) {
      if (typeof release !== "string" || !isReleaseName(release)) continue;
      requireTrust(release, directory);
      await named(release, offline, streams, signal);
    }
  }
}
