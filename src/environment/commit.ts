import { dirname, join } from "node:path";
import { type FileSource, localFiles } from "./source.ts";

/**
 * The commit that a checkout is at, read from its `.git` without running git, or `null` where there
 * is none: outside a checkout, before the first commit, or where git keeps its references in another
 * form than files.
 *
 * @param folder A folder of the checkout, absolute; the ones above it are looked at too.
 * @param files Where files are read from.
 */
export function checkoutCommit(folder: string, files: FileSource = localFiles): string | null {
  const git = gitFolder(folder, files);
  if (git === null) return null;
  // A worktree keeps its own HEAD, and shares the references of the checkout it belongs to.
  const common = files.read(`${git}/commondir`)?.trim();
  const shared = common === undefined ? git : resolve(git, common);
  let value = files.read(`${git}/HEAD`)?.trim();
  // A reference may point to another one; git itself follows five.
  for (let hops = 0; value !== undefined && hops < 6; hops++) {
    if (/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(value)) return value;
    const name = value.match(/^ref: (.+)$/)?.[1];
    if (name === undefined) return null;
    value = (files.read(`${git}/${name}`) ?? files.read(`${shared}/${name}`))?.trim() ??
      packedReference(name, files.read(`${shared}/packed-refs`) ?? "");
  }
  return null;
}

/** The folder that holds HEAD: `.git` itself, or the one that a worktree's `.git` file names. */
function gitFolder(folder: string, files: FileSource): string | null {
  for (let at = folder;; at = dirname(at)) {
    const git = join(at, ".git");
    if (files.read(`${git}/HEAD`) !== null) return git;
    const link = files.read(git)?.match(/^gitdir: (.+)$/m)?.[1];
    if (link !== undefined) return resolve(at, link.trim());
    if (at === dirname(at)) return null;
  }
}

function resolve(folder: string, path: string): string {
  return path.startsWith("/") ? path : `${folder}/${path}`;
}

function packedReference(name: string, packed: string): string | undefined {
  const line = packed.split("\n").find((line) => line.endsWith(` ${name}`));
  return line?.split(" ")[0];
}
