/** What a result records of the library that a database was opened with. */
import { compressionsOf, digestOf, librarySymbols, readLibraryFile } from "../../engine/mod.ts";
import type { ReleaseDescription } from "../contract.ts";
import { type RocksLibrary, SYSTEM } from "./library.ts";

type FileFacts = Pick<ReleaseDescription, "sha256" | "compiler" | "compressions">;
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

function factsOf(path: string): FileFacts | undefined {
  if (!path.includes("/")) return undefined;
  const before = files.get(path);
  if (before !== undefined) return before;
  const bytes = Deno.readFileSync(path);
  const compiler = readLibraryFile(bytes)?.compiler ?? null;
  const symbols = librarySymbols(bytes);
  const compressions = symbols === undefined ? null : compressionsOf(symbols);
  const facts = { sha256: digestOf(bytes), compiler, compressions };
  files.set(path, facts);
  return facts;
}
