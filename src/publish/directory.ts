/**
 * Publishing to a directory: pages go whole into a folder of their own, which then becomes `latest`
 * by the renaming of a link. Who reads sees the pages before or the new ones, never half of them,
 * and so it stays when this process is killed.
 */
import { dirname } from "node:path";
import { fileReason, isNotThere, isThere, openLocked, syncPath } from "../disk/mod.ts";
import { PublishError } from "./error.ts";
import { isReleaseId, LATEST, type Page, pageBytes, RELEASE_FILE, releaseText } from "./pages.ts";

/** Held while something is published; the lock goes with the process, however it ends. */
const LOCK_FILE = ".publishing";
/** What a folder is called until it is whole. */
const UNFINISHED = ".unfinished-";
/** What a link is called until it is `latest`. */
const NEXT = ".next";

/**
 * Publishes.
 *
 * @param directory It is made where it is not there; what others keep in it is left alone.
 * @param id Name of the new folder in it, see {@linkcode import("./pages.ts").releaseId}.
 * @param keep How many published folders stay, the new one included: at least 2, since somebody may
 * be reading the one before.
 * @returns The folder's path.
 * @throws {PublishError} Where something cannot be written, or another process is publishing there.
 */
export function publishToDirectory(
  pages: readonly Page[],
  directory: string,
  { id, keep }: { id: string; keep: number },
): string {
  if (!isReleaseId(id)) throw new TypeError(`Cannot name published pages ${JSON.stringify(id)}`);
  const final = `${directory}/${id}`;
  try {
    Deno.mkdirSync(directory, { recursive: true });
    using lock = openLocked(`${directory}/${LOCK_FILE}`, { write: true, create: true });
    if (lock === null) {
      throw new PublishError(
        `Cannot publish to ${directory}: another process is publishing there; wait until it has ended`,
        "target",
      );
    }
    requireLink(directory);
    removeUnfinished(directory);
    const unfinished = `${directory}/${UNFINISHED}${id}`;
    writePages(pages, unfinished, id);
    Deno.renameSync(unfinished, final);
    Deno.symlinkSync(id, `${directory}/${NEXT}`);
    Deno.renameSync(`${directory}/${NEXT}`, `${directory}/${LATEST}`);
    syncPath(directory);
    removeOld(directory, id, keep);
    return final;
  } catch (error) {
    if (error instanceof PublishError) throw error;
    throw new PublishError(
      `Cannot publish to ${directory}: ${fileReason(error)}`,
      "target",
      { cause: error },
    );
  }
}

function writePages(pages: readonly Page[], folder: string, id: string): void {
  Deno.mkdirSync(folder);
  const folders = new Set([folder]);
  const marker: Page = { name: RELEASE_FILE, content: { text: releaseText(id) } };
  for (const page of [...pages, marker]) {
    const path = `${folder}/${page.name}`;
    const parent = dirname(path);
    if (!folders.has(parent)) {
      Deno.mkdirSync(parent, { recursive: true });
      folders.add(parent);
    }
    // A copy, not a second name of the same file: nobody who edits a page is to change a night.
    Deno.writeFileSync(path, pageBytes(page), { createNew: true });
    syncPath(path);
  }
  for (const each of folders) syncPath(each);
}

/** Refuses a `latest` that somebody else has made. */
function requireLink(directory: string): void {
  const path = `${directory}/${LATEST}`;
  try {
    if (Deno.lstatSync(path).isSymlink) return;
  } catch (error) {
    if (isNotThere(error)) return;
    throw error;
  }
  throw new PublishError(
    `Cannot publish to ${directory}: ${path} is there and is no link; move it away`,
    "usage",
  );
}

/** Removes what killed processes have left; nobody else publishes here now. */
function removeUnfinished(directory: string): void {
  for (const { name } of Deno.readDirSync(directory)) {
    if (name === NEXT || name.startsWith(UNFINISHED)) {
      Deno.removeSync(`${directory}/${name}`, { recursive: true });
    }
  }
}

/** Removes the oldest folders that were published here. */
function removeOld(directory: string, id: string, keep: number): void {
  const published = [...Deno.readDirSync(directory)]
    .filter(({ name, isDirectory }) => isDirectory && isReleaseId(name))
    .filter(({ name }) => isThere(`${directory}/${name}/${RELEASE_FILE}`))
    .map(({ name }) => name).sort();
  for (const name of published.slice(0, -Math.max(keep, 2))) {
    if (name !== id) Deno.removeSync(`${directory}/${name}`, { recursive: true });
  }
}
