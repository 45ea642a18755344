/** What a result records of the library that a database was opened with. */
import { libraryContent, parseRelease, releaseOfLibrary, thisMachine } from "../../engine/kept.ts";
import { readRegularFile } from "../../disk/mod.ts";
import type { ReleaseDescription } from "../contract.ts";
import { type RocksLibrary, SYSTEM } from "./library.ts";

type FileFacts = Pick<ReleaseDescription, "sha256" | "compiler" | "compressions">;
/** The most that an installed library may have, bytes: one with all of its symbols has some hundred million. */
const MOST_BYTES = 1024 ** 3;
/** What the files of installed libraries are; each is read once. */
const files = new Map<string, FileFacts>();

/** Describes a library; `undefined` of what the loader found by itself, whose file is not known. */
export function describeRelease(
  { path, name, obtained }: RocksLibrary,
): ReleaseDescription | undefined {
  if (obtained !== undefined) {
    const { release, sha256, pinned, source, compiler, compressions } = obtained;
    return { name: release, sha256, pinned, source, compiler, compressions };
  }
  const file = factsOf(path);
  return file && { name: SYSTEM, pinned: false, source: `the file ${name}`, ...file };
}

/**
 * Which engine a library is, and which version: a fork counts its own, which only its release tells,
 * and names the RocksDB that it was made of beside it, e.g. `2.8.0 (RocksDB 8.6.7)`.
 *
 * @param said What the engine wrote into a database: its name, and the version of RocksDB.
 */
export function engineOf(
  { path, obtained }: RocksLibrary,
  said: { engine?: string; version?: string },
): { engine: string; version: string } {
  const machine = thisMachine();
  const file = obtained?.engine ? undefined : factsOf(path);
  const pinned = machine && file && releaseOfLibrary(file.sha256, machine);
  const known = obtained?.engine
    ? obtained
    : pinned === undefined
    ? undefined
    : parseRelease(pinned);
  const engine = known?.engine ?? said.engine ?? "RocksDB";
  const own = known?.version ?? (engine === "RocksDB" ? said.version : undefined) ?? "unknown";
  if (said.version === undefined || said.version === own || engine === "RocksDB") {
    return { engine, version: own };
  }
  return { engine, version: `${own} (RocksDB ${said.version})` };
}

function factsOf(path: string): FileFacts | undefined {
  if (!path.includes("/")) return undefined;
  const before = files.get(path);
  if (before !== undefined) return before;
  const { sha256, file, compressions } = libraryContent(
    path,
    () => readRegularFile(path, MOST_BYTES).bytes,
  );
  const facts = { sha256, compiler: file?.compiler ?? null, compressions };
  files.set(path, facts);
  return facts;
}
