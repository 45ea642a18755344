/** Where benches over nodes lie that are given no place of their own. */
import { isThere } from "../disk/mod.ts";
import { SESSION_FILE } from "./session.ts";

const PREFIX = "nodes-";

/** The directory of a session among others in a folder. */
export function sessionDirectory(folder: string, id: string): string {
  return `${folder}/${PREFIX}${id}`;
}

/** The directory of the session in a folder that began last; `undefined` where there is none. */
export function newestSession(folder: string): string | undefined {
  let names: string[];
  try {
    names = [...Deno.readDirSync(folder)].map(({ name }) => name);
  } catch {
    // Nothing was benched here yet.
    return undefined;
  }
  return names.filter((name) => name.startsWith(PREFIX)).sort().reverse()
    .map((name) => `${folder}/${name}`)
    .find((directory) => isThere(`${directory}/${SESSION_FILE}`));
}
