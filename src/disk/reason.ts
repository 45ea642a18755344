/** What the system said, for people. */

const REASONS: Record<string, string> = {
  EACCES: "permission is denied; check who owns it",
  EDQUOT: "the disk quota is used up; free some space",
  EISDIR: "it is a folder; name a file in it",
  ELOOP: "its links lead round in a circle; check the path",
  ENAMETOOLONG: "a name in its path is too long; choose a shorter one",
  ENOENT: "there is no such file or folder; check the path",
  ENOSPC: "no space is left on the device; free some space",
  ENOTDIR: "a part of its path is not a folder; check the path",
  EROFS: "the file system is read-only; choose another folder",
};

/**
 * What an error of the file system means, and how to mend it, as the end of a sentence.
 *
 * @param error What a call of `Deno`, or of this folder, threw.
 */
export function fileReason(error: unknown): string {
  if (error instanceof Deno.errors.NotCapable) {
    return `Deno may not do that; allow it (${error.message.replaceAll("\n", " ")})`;
  }
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : "";
  return REASONS[code] ?? error.message.replaceAll("\n", " ");
}
