/**
 * The pinned releases: those whose archives and libraries are known by their SHA-256. The table is
 * `releases.json`; `deno task engine pin RELEASE` adds a line.
 */
import table from "./releases.json" with { type: "json" };
import { isLibraryFor, type Machine } from "./machine.ts";
import { classifiersOf, parseRelease } from "./release.ts";

/** A file by its content. */
export interface Pin {
  bytes: number;
  sha256: string;
}

/** A library in an archive. */
export interface PinnedLibrary extends Pin {
  entry: string;
}

/** An archive of a release. */
export interface PinnedArchive extends Pin {
  /** Which of the release's archives it is; `null` for the one that has all systems' libraries. */
  classifier: string | null;
  libraries: PinnedLibrary[];
}

/** A line of the table. */
export interface PinnedRelease {
  name: string;
  archives: PinnedArchive[];
}

/** The table as its file has it. */
export interface ReleaseTable {
  /** What is obtained where nothing is installed and no release was asked for. */
  default: string;
  /** By engine and version. */
  releases: PinnedRelease[];
}

/** The table. */
export const TABLE: ReleaseTable = table;

/** The release that is obtained where nothing is installed and none was asked for. */
export const DEFAULT_RELEASE: string = TABLE.default;

/** The names of the pinned releases, in order. */
export function pinnedNames(): string[] {
  return TABLE.releases.map(({ name }) => name);
}

/** What is pinned of a release for a kind of machine; `undefined` where nothing is. */
export function pinFor(
  name: string,
  machine: Machine,
): { archive: PinnedArchive; library: PinnedLibrary } | undefined {
  const release = TABLE.releases.find((release) => release.name === name);
  if (release === undefined) return undefined;
  const archive = classifiersOf(parseRelease(name), machine)
    .map((wanted) => release.archives.find(({ classifier }) => classifier === wanted))
    .find((archive) => archive !== undefined);
  const library = archive?.libraries.find(({ entry }) => isLibraryFor(machine, entry));
  return archive && library && { archive, library };
}

/** Which pinned release a library is of, by its content. */
export function releaseOfLibrary(
  sha256: string,
  machine: Machine,
): string | undefined {
  return pinnedNames().find((name) => pinFor(name, machine)?.library.sha256 === sha256);
}
