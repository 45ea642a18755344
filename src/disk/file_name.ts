/**
 * The last name in a path, as `node:path` has it: that takes a new process longer to load than most of
 * what it does before it measures.
 */
export function fileNameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
