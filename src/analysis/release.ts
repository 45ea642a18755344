/** Which built library of an engine a store had, in words. */
import { kindOfStore, type StoreRecord, variantOf } from "../result/mod.ts";
import type { StoreAnalysis } from "./model.ts";

/** What stands for a library that was installed and not obtained. */
const SYSTEM = "system";

/** The kind of store that has all plug-ins. */
const PLUGIN = "plugin";

/**
 * All that is known of a store's library, e.g. `10.4.2, pinned, SHA-256 36d6570459a9ed6b, GCC 7.3.1`.
 *
 * @returns `null` where nothing was recorded.
 */
export function releaseInWords({ release }: StoreRecord): string | null {
  if (release === undefined) return null;
  const { name, pinned, sha256, compiler, source } = release;
  return [
    name === SYSTEM ? "installed" : `${name} from ${source}`,
    pinned ? "pinned" : "not pinned",
    `SHA-256 ${sha256.slice(0, 16)}`,
    compiler ?? "compiler not named",
  ].join(", ");
}

/**
 * Engine and version as names have them, and which build of it, where that is not the machine's own:
 * two builds of one version are two things to measure.
 */
export function engineAndRelease({ engine, version, release }: StoreRecord): string {
  const named = `${engine} ${version}`.trim();
  if (release === undefined || release.name === SYSTEM) return named;
  return `${named} (release ${release.sha256.slice(0, 8)})`;
}

/**
 * A store as headings name it: with the engine's release where one was recorded, e.g.
 * `raw, RocksDB 10.4.2`.
 */
export function storeTitle({ store, description }: StoreAnalysis): string {
  if (!description?.release) return store;
  // A plug-in's name is what tells it from others.
  if (kindOfStore(store) === PLUGIN) {
    return `${store}, ${description.engine} ${description.version}`;
  }
  // A store over another engine names that one last.
  const engine = description.engine.split(" over ").at(-1);
  // What is another in this one of its kind, but for the release, which the version says.
  const { name } = description.release;
  const settings = (variantOf(store) ?? "").split(",").filter((part) =>
    part !== "" && part !== name
  );
  return [kindOfStore(store), `${engine} ${description.version}`, ...settings].join(", ");
}
