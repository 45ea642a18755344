/** The names of releases: a version of RocksDB, or of an engine that was made of it. */
import { EngineError } from "./error.ts";
import { classifierOf, type Machine } from "./machine.ts";

/** Where a release's archive is in a Maven repository. */
export interface Coordinates {
  groupId: string;
  artifactId: string;
  version: string;
}

/** A release that is known by its name. */
export interface Release {
  /** As it is written, e.g. `10.4.2`, `flink-8.10.0`. */
  name: string;
  /** The engine as people call it. */
  engine: string;
  /** The engine's own version. */
  version: string;
  coordinates: Coordinates;
  /** Whether there may be an archive for each system; else one holds the libraries for all. */
  bySystem: boolean;
}

/** Engines by what stands before the version in a release's name. */
const ENGINES = {
  "": {
    engine: "RocksDB",
    groupId: "org.rocksdb",
    artifactId: "rocksdbjni",
    bySystem: true,
    published: (version: string) => version,
  },
  "flink-": {
    engine: "FRocksDB",
    groupId: "com.ververica",
    artifactId: "frocksdbjni",
    bySystem: false,
    // Flink's fork counts its own releases of each version.
    published: (version: string) => version.includes("-") ? version : `${version}-ververica-1.0`,
  },
  "speedb-": {
    engine: "Speedb",
    groupId: "io.github.speedb-io",
    artifactId: "speedbjni",
    bySystem: false,
    published: (version: string) => version,
  },
} as const;

/** What a release may be called; the last groups are of versions like `6.20.3-ververica-2.0`. */
const NAME = /^(flink-|speedb-|)(\d{1,4}(?:\.\d{1,4}){1,3}(?:-[a-z]{1,20}(?:-?[\w.]{1,20})?)?)$/;

/** What a library is called that was given as a file: by its content. */
const FILE_NAME = /^file-[0-9a-f]{16}$/;

/**
 * Reads a release's name.
 *
 * @throws {EngineError} Where it is none.
 */
export function parseRelease(name: string): Release {
  const [, prefix, version] = NAME.exec(name) ?? [];
  if (prefix === undefined || version === undefined) {
    const path = isPath(name)
      ? "; a library's path is for --set release=PATH alone"
      : ", or a file's path with a slash";
    throw new EngineError(
      `Cannot tell the release ${JSON.stringify(name)}: write a version like 10.4.2, ` +
        `flink-8.10.0 or speedb-2.8.0${path}; deno task engine list says which there are`,
      "usage",
    );
  }
  const { engine, groupId, artifactId, bySystem, published } =
    ENGINES[prefix as keyof typeof ENGINES];
  return {
    name,
    engine,
    version: version.split("-")[0]!,
    coordinates: { groupId, artifactId, version: published(version) },
    bySystem,
  };
}

/**
 * The archives in which a release may have the library for a kind of machine, the most wanted first:
 * that of its system, and the one for all, which `null` stands for.
 */
export function classifiersOf({ bySystem }: Release, machine: Machine): (string | null)[] {
  return bySystem ? [classifierOf(machine), null] : [null];
}

/** The name of a library that was given as a file. @param sha256 Of its content. */
export function fileRelease(sha256: string): string {
  return `file-${sha256.slice(0, 16)}`;
}

/** Whether a name is that of a library that was given as a file. */
export function isFileRelease(name: string): boolean {
  return FILE_NAME.test(name);
}

/** Whether a name is one that a release could have. */
export function isReleaseName(name: string): boolean {
  return NAME.test(name);
}

/** Whether what was written for a release is a file's path. */
export function isPath(text: string): boolean {
  return /[/\\]/.test(text);
}

/**
 * Releases in the order in which they are shown: engine by engine, each by version.
 *
 * @param a A release's name.
 * @param b Another one's.
 */
export function compareReleases(a: string, b: string): number {
  const split = (name: string) => /^(\D*)(.*)$/.exec(name)!.slice(1) as [string, string];
  const [prefixA, versionA] = split(a);
  const [prefixB, versionB] = split(b);
  if (prefixA !== prefixB) return prefixA < prefixB ? -1 : 1;
  const numbers = (version: string) => version.split(/[.-]/).map((part) => parseInt(part) || 0);
  const [left, right] = [numbers(versionA), numbers(versionB)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? -1) - (right[i] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** How many names are offered in place of one that there is not. */
const OFFERED = 3;

/** The names nearest to one by version, among those of its own engine. */
export function nearestReleases(name: string, names: readonly string[]): string[] {
  const engine = (name: string) => /^\D*/.exec(name)![0];
  const place = (name: string) => {
    const [major = 0, minor = 0, patch = 0] = name.replace(/^\D*/, "").split(/[.-]/)
      .map((part) => parseInt(part) || 0);
    return (major * 100 + Math.min(minor, 99)) * 100 + Math.min(patch, 99);
  };
  return names.filter((other) => engine(other) === engine(name))
    .sort((a, b) => Math.abs(place(a) - place(name)) - Math.abs(place(b) - place(name)))
    .slice(0, OFFERED)
    .sort(compareReleases);
}
