/** Where a night's files belong. */
import type { NightRecord } from "../result/mod.ts";

/** The folder of all nights' files. */
export const NIGHTS = "nights";

/**
 * A night's folder, relative to the history's directory: `nights/NIGHT/NODE/RESULT`. Another result
 * of the same night and name gets a number behind it.
 */
export function folderOf(
  { night, node, result }: Pick<NightRecord, "night" | "node" | "result">,
): string {
  return `${NIGHTS}/${night}/${node}/${folderName(result)}`;
}

/** A result's id as the name of a folder: an imported one may have anything in it. */
function folderName(result: string): string {
  return result.replaceAll(/[^A-Za-z0-9._-]/g, "_").replace(/^\.+/, "").slice(0, 100) || "result";
}
