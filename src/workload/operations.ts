/** What differs from one operation to another, wherever in the house it matters. */
interface OperationRow {
  /** What users call it; published figures, too. No two have the same. */
  readonly word: string;
  /** Several of them. */
  readonly plural: string;
  /** What of it is counted to a rate. */
  readonly counted: string;
  /** Whether it changes what the store holds. */
  readonly writes: boolean;
  /** Whether the database is filled with all keys before anything is measured. */
  readonly filled: boolean;
  /** Whether one alone can be timed. */
  readonly timed: boolean;
  /** Whether an iteration is one walk over as many keys as it has operations. */
  readonly walks: boolean;
}

/**
 * The operations, in the order in which reports have them. A row here and a loop in
 * `measure/loops.ts` are all that one needs: suites, results and reports read it from here.
 */
export const OPERATIONS = {
  put: {
    word: "write",
    plural: "writes",
    counted: "writes",
    writes: true,
    filled: false,
    timed: true,
    walks: false,
  },
  get: {
    word: "read",
    plural: "reads",
    counted: "reads",
    writes: false,
    filled: true,
    timed: true,
    walks: false,
  },
  scan: {
    word: "scan",
    plural: "scans",
    counted: "scanned entries",
    writes: false,
    filled: true,
    // One operation is one entry of a walk, too short for the clock.
    timed: false,
    walks: true,
  },
  // A cursor of its own that goes to a key, and sees the entry there.
  seek: {
    word: "seek",
    plural: "seeks",
    counted: "seeks",
    writes: false,
    filled: true,
    timed: true,
    walks: false,
  },
} as const satisfies Record<string, OperationRow>;

/** An operation by its name in suites and results. */
export type OperationName = keyof typeof OPERATIONS;

/** An operation as users call it. */
export type OperationWord = (typeof OPERATIONS)[OperationName]["word"];

/** The operations' names, in their order. */
export const OPERATION_NAMES = Object.keys(OPERATIONS) as OperationName[];
