/** What a case of the check is, and what all of them begin with. */
import type { PluginLibrary } from "../../store/plugin/mod.ts";
import { Database, type Session } from "./client.ts";
import { CheckSkipped } from "./verdict.ts";

/** What a case has at hand. */
export interface Place {
  library: PluginLibrary;
  /** A folder of its own. */
  folder: string;
  /** How much there is time for: the core is short. */
  core: boolean;
}

/** A case. */
export interface Case {
  /** Whether it belongs to the core, which a bench begins with. */
  core?: true;
  /** How long it may take before it is said to hang, s. @default 15 */
  seconds?: number;
  /** @returns What was seen, in words. @throws {CheckError} What does not hold. */
  run(place: Place): string | void | Promise<string | void>;
}

/** Runs with an open database and a session, which are closed then. */
export async function opened(
  { library, folder }: Place,
  body: (session: Session, database: Database) => string | void | Promise<string | void>,
  config: Record<string, unknown> = {},
): Promise<string | void> {
  const database = new Database(library, { path: `${folder}/database`, ...config });
  const said = await body(database.session(), database);
  database.close();
  return said;
}

/** @throws {CheckSkipped} Where a plug-in has not an optional function; by its name without the prefix. */
export function requireHas(library: PluginLibrary, name: string): void {
  if (!library.has.includes(name)) throw new CheckSkipped(`it has no tidemark_${name}`);
}
