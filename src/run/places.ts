/**
 * Where the lanes of a bench lie: each has its journal and its result in a directory of its own,
 * which is the bench's own directory where there is only one lane.
 */
import { isFile, JOURNAL_FILE } from "../disk/mod.ts";
import { benchResult, type InterleavedRecord, type Result } from "../result/mod.ts";

/** Which side of an interleaved bench a lane is. */
export type Role = InterleavedRecord["role"];

/** The two sides, which are also the names of their directories. */
const ROLES = ["base", "candidate"] as const satisfies readonly Role[];

/** Where databases are made unless another place is named. */
const DATA = "data";

/** Where a lane lies. */
export interface LanePlace {
  /** Which side it is; absent of the only lane. */
  role?: Role;
  directory: string;
}

/** What a lane has come to. */
export interface LaneResult extends LanePlace {
  result: Result;
}

/** The place of the only lane. */
export function onlyPlace(directory: string): LanePlace {
  return { directory };
}

/** The places of the two sides. */
export function placesOfSides(directory: string): Required<LanePlace>[] {
  return ROLES.map((role) => ({ role, directory: `${directory}/${role}` }));
}

/** Where a bench's databases are made that was named no other place. */
export function dataIn(directory: string): string {
  return `${directory}/${DATA}`;
}

/** Whether a directory is that of an interleaved bench. */
export function isInterleaved(directory: string): boolean {
  const [base] = placesOfSides(directory);
  return isFile(`${base!.directory}/${JOURNAL_FILE}`);
}

/** The places of the lanes that a bench in a directory has. */
export function placesIn(directory: string): LanePlace[] {
  return isInterleaved(directory) ? placesOfSides(directory) : [onlyPlace(directory)];
}

/**
 * What the lanes of a bench have measured so far, by their journals; nothing is written.
 *
 * @throws {ResultError} Where the directory holds no bench, or a journal cannot be read.
 */
export function readLanes(directory: string): LaneResult[] {
  return placesIn(directory).map((place) => ({ ...place, result: benchResult(place.directory) }));
}
