/** What differs from one shape of the store's tree to another, as measuring begins. */
interface ShapeRow {
  /** Whether the tree is brought to rest after filling: all flushed to files and compacted. */
  readonly settles: boolean;
}

/** The shapes by their names in suites and results. */
export const SHAPES = {
  /** As filling leaves it: what is newest is in memory. */
  ingested: { settles: false },
  /** All in files, with nothing left to compact. */
  settled: { settles: true },
} as const satisfies Record<string, ShapeRow>;

/** A shape by its name. */
export type ShapeName = keyof typeof SHAPES;

/** The shapes' names. */
export const SHAPE_NAMES = Object.keys(SHAPES) as ShapeName[];
