/**
 * Flushes and compactions of RocksDB by the files of its levels: which went and which came tells the
 * levels and the size, where nothing else does. Its LOG has it too, but a full device then ends the
 * process of a librocksdb with assertions, and it has listeners of events only in later releases.
 */
import type { EngineEvent, Store } from "../../store/mod.ts";

/** A number that changes with the files. */
const VERSION = "rocksdb.current-super-version-number";
/** All files, level by level. */
const FILES = "rocksdb.sstables";
/** Writing the list holds the database up: of more files than some 400 it is left alone. */
const MOST_LIST = 64 * 1024;

/** What runs in the background, and the property that counts it. */
const RUNNING = {
  flush: "rocksdb.num-running-flushes",
  compaction: "rocksdb.num-running-compactions",
} as const;
type Kind = keyof typeof RUNNING;

/** A file of the tree. */
interface TreeFile {
  level: number;
  bytes: number;
}

/** Files by their number. */
export type TreeFiles = ReadonlyMap<number, TreeFile>;

/** What has changed a tree; its bytes are those of the files that it made. */
export type TreeChange = Pick<EngineEvent, "bytes" | "levels"> & { kind: Kind };

/** The files that RocksDB lists. */
export function parseFiles(list: string): TreeFiles {
  const files = new Map<number, TreeFile>();
  let level = 0;
  for (const line of list.split("\n")) {
    const head = /^--- level (\d+) ---/.exec(line);
    if (head !== null) level = Number(head[1]);
    const file = /^ (\d+):(\d+)\[/.exec(line);
    if (file !== null) files.set(Number(file[1]), { level, bytes: Number(file[2]) });
  }
  return files;
}

/**
 * What has made one tree of another: a compaction a level that was written to, and a flush a file that
 * came into level 0 from nowhere. A file that only went to another level was rewritten by nobody.
 */
export function changesBetween(before: TreeFiles, after: TreeFiles): TreeChange[] {
  const gone = [...before].filter(([number]) => !after.has(number)).map(([, file]) => file);
  const come = [...after].filter(([number]) => !before.has(number)).map(([, file]) => file);
  const outputs = [...new Set(come.map(({ level }) => level))].toSorted((a, b) => b - a);
  const merged = outputs.filter((level) => level > 0);
  // Where nothing else was written to, what went from level 0 is in the file that came there.
  const inputs = new Set(gone.map(({ level }) => level));
  const intoFirst = merged.length === 0 && inputs.size > 0;
  const changes = (intoFirst ? [Math.min(...inputs)] : merged).map((to): TreeChange => {
    const above = [...inputs].filter((level) => level <= to);
    // Of several at a time each takes the files of the level next above it.
    const from = merged.length > 1
      ? Math.max(...above.filter((level) => level < to), -1)
      : Math.min(...above);
    const own = come.filter(({ level }) => level === to);
    return {
      kind: "compaction",
      bytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
      levels: { from: from >= 0 && Number.isFinite(from) ? from : to, to },
    };
  });
  const flushed = intoFirst && inputs.has(0) ? [] : come.filter(({ level }) => level === 0);
  return [...changes, ...flushed.map(({ bytes }): TreeChange => ({ kind: "flush", bytes }))];
}

/** Looks at the tree now and then; what begins and ends is known to the moment of a look. */
export class TreeWatch {
  readonly #store: Pick<Store, "property">;
  #version: string | undefined;
  #files: TreeFiles | undefined;
  #at: number;
  /** When those under way were seen to have begun, the oldest first. */
  readonly #begun: Record<Kind, number[]> = { flush: [], compaction: [] };
  #blind = false;

  /** @param now By the clock of all moments here, ns. */
  constructor(store: Pick<Store, "property">, now: number) {
    this.#store = store;
    this.#at = now;
    this.look(now);
  }

  /** Whether the engine tells of its files, and they are not too many. */
  get sees(): boolean {
    return this.#files !== undefined && !this.#blind;
  }

  /** @returns What has ended since the last look. */
  look(now: number): EngineEvent[] {
    const ended = this.#changes().map(({ kind, bytes, levels }): EngineEvent => {
      // One that began and ended between two looks began after the first of them.
      const beginNs = this.#begun[kind].shift() ?? this.#at;
      return { kind, beginNs, endNs: now, bytes, ...(levels !== undefined && { levels }) };
    });
    for (const kind of ["flush", "compaction"] as const) {
      const running = Number(this.#store.property(RUNNING[kind]) ?? 0);
      const begun = this.#begun[kind];
      while (begun.length < running) begun.push(this.#at);
      begun.splice(0, begun.length - running);
    }
    this.#at = now;
    return ended;
  }

  #changes(): TreeChange[] {
    if (this.#blind) return [];
    const version = this.#store.property(VERSION);
    if (version === undefined || version === this.#version) return [];
    this.#version = version;
    const list = this.#store.property(FILES);
    if (list === undefined || list.length > MOST_LIST) {
      this.#blind = true;
      return [];
    }
    const before = this.#files;
    this.#files = parseFiles(list);
    return before === undefined ? [] : changesBetween(before, this.#files);
  }
}
