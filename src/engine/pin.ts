/** Adds a line to the table of pinned releases: what the repository serves today, by its SHA-256. */
import { replaceFile } from "../disk/mod.ts";
import { librariesIn } from "./archive.ts";
import { digestOfFile } from "./digest.ts";
import { fetchArchive, shown } from "./fetch_archive.ts";
import { CLASSIFIERS, isLibraryFor, MACHINE_NAMES } from "./machine.ts";
import { compareReleases, parseRelease, type Release } from "./release.ts";
import type { PinnedArchive, ReleaseTable } from "./table.ts";

/**
 * Fetches all of a release's archives and writes their digests, and those of the libraries in them,
 * into the table. A line that is there is replaced.
 *
 * @param file The table's file.
 * @param told Told of each archive.
 * @throws {EngineError} Where an archive cannot be fetched, or is not what the repository's published
 * digest says.
 */
export async function pinRelease(
  name: string,
  file: string,
  told: (line: string) => void,
): Promise<void> {
  const release = parseRelease(name);
  const archives: PinnedArchive[] = [];
  const folder = Deno.makeTempDirSync({ prefix: "tidemark-pin-" });
  try {
    const wanted = release.bySystem ? CLASSIFIERS : [null];
    for (const classifier of wanted) {
      const archive = await pinArchive(release, classifier, folder);
      told(
        `${shown(release)}, archive ${archive.classifier ?? "for all"}: ${archive.bytes} bytes, ` +
          `${archive.libraries.length} libraries`,
      );
      archives.push(archive);
      // The one for all comes in place of those that there are not.
      if (archive.classifier === null) break;
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
  const table = JSON.parse(Deno.readTextFileSync(file)) as ReleaseTable;
  const releases = [...table.releases.filter((line) => line.name !== name), { name, archives }]
    .sort((a, b) => compareReleases(a.name, b.name));
  replaceFile(file, JSON.stringify({ ...table, releases }, null, 2) + "\n");
}

async function pinArchive(
  release: Release,
  wanted: string | null,
  folder: string,
): Promise<PinnedArchive> {
  const file = "archive.part";
  const classifiers = wanted === null ? [null] : [wanted, null];
  const request = { release, classifiers, pin: undefined, folder, file };
  const { classifier } = await fetchArchive(request);
  const path = `${folder}/${file}`;
  const { size: bytes } = Deno.statSync(path);
  const libraries = await librariesIn(path, shown(release), isLibrary);
  return { classifier, bytes, sha256: digestOfFile(path), libraries };
}

/** Whether an entry is a library for a kind of machine that Deno runs on. */
function isLibrary(entry: string): boolean {
  return MACHINE_NAMES.some((machine) => isLibraryFor(machine, entry));
}
