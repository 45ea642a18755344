/** What differs from one shape of the store's tree to another, as measuring begins. */
interface ShapeRow {
  /** Whether the tree is brought to rest after filling: all flushed to files and compacted. */
  readonly settles: boolean;
  /** Whether the load may go past log and memtable, where the engine takes what is in order. */
  readonly sorted: boolean;
  /** Whether every key is put again, in another order, and the files of it are left as they are. */
  readonly rewritten: boolean;
}

/** The shapes by their names in suites and results. */
export const SHAPES = {
  /** As filling leaves it: what is newest is in memory. */
  ingested: { settles: false, sorted: false, rewritten: false },
  /** All in files, with nothing left to compact. */
  settled: { settles: true, sorted: true, rewritten: false },
  /** In files that overlap, which the engine is still to compact: of loads alone. */
  indebted: { settles: false, sorted: true, rewritten: true },
} as const satisfies Record<string, ShapeRow>;

/** A shape by its name. */
export type ShapeName = keyof typeof SHAPES;

/** The shapes' names. */
export const SHAPE_NAMES = Object.keys(SHAPES) as ShapeName[];
