/**
 * What a load is: who does what to which keys, how large values are, and when. Everything is said in
 * numbers here, with no default left open, so that the same words stand in the plan of a run, in the
 * result, and in what the clients draw from. Texts such as `64MiB`, and defaults, are the suite's.
 */

/** What differs from one operation of a load to another. */
interface LoadOperationRow {
  /** What users call several of them. */
  readonly plural: string;
  /** Whether it changes what the store holds. */
  readonly writes: boolean;
  /** Of those that only a store which serves etcd's requests has: what its time is, in words. */
  readonly etcd?: string;
}

/**
 * What a client can do, in the order of the codes that streams give. `update` and `insert` are both
 * puts: the one of a key that the load began with, the other of the next key that nobody has put.
 */
export const LOAD_OPERATIONS = {
  /** Gets the value of a key. */
  get: { plural: "gets", writes: false },
  /** Puts a key that is there. Where the store begins empty, one of the keys that could be. */
  update: { plural: "updates", writes: true },
  /** Puts a key that is new. */
  insert: { plural: "inserts", writes: true },
  /** Deletes a key, which may be gone already. */
  delete: { plural: "deletes", writes: true },
  /** Goes to a key and walks over {@linkcode OperationStream.scanLength} entries. */
  scan: { plural: "scans", writes: false },
  /** Gets a key, then puts it: one operation, timed from the first to the last. */
  readModifyWrite: { plural: "read-modify-writes", writes: true },
  /** Gets {@linkcode OperationStream.count} keys in one call. */
  multiGet: { plural: "multi-gets", writes: false },
  /** Puts {@linkcode OperationStream.count} keys in one batch. */
  batch: { plural: "batches", writes: true },
  /** Reads a key, then puts it by a transaction if nobody has changed it since. */
  compareAndSwap: {
    plural: "compare-and-swaps",
    writes: true,
    etcd: "a read and a transaction that puts the key if it is as it was read",
  },
  /** Reads a key as it was at a revision, of those since the beginning as likely as any. */
  readOld: {
    plural: "reads of old revisions",
    writes: false,
    etcd: "a read of one key at a revision that is over",
  },
  /** Puts a key that has {@linkcode ClientGroup.watchers}; timed from the put's end to their news. */
  watch: {
    plural: "watch deliveries",
    writes: true,
    etcd:
      "from the acknowledgement of a put until all watchers of the key have been told; 0 where they " +
      "were told before it",
  },
  /** Puts a key with a lease, and waits for its end; timed from the moment at which that is due. */
  expireLease: {
    plural: "lease expiries",
    writes: true,
    etcd: "from the moment at which a lease is due until a watcher is told that its key is gone",
  },
  /** Drops the revisions that only reads of older revisions need. */
  compactHistory: {
    plural: "compactions of revisions",
    writes: true,
    etcd: "one compaction of the revisions since the last one",
  },
} as const satisfies Record<string, LoadOperationRow>;

/** An operation of a load by its name. */
export type LoadOperationName = keyof typeof LOAD_OPERATIONS;

/** The names; a name's place is the operation's code. */
export const LOAD_OPERATION_NAMES = Object.keys(LOAD_OPERATIONS) as LoadOperationName[];

/** The codes by name, for loops that switch by a number. */
export const LOAD_CODES: Readonly<Record<LoadOperationName, number>> = {
  get: 0,
  update: 1,
  insert: 2,
  delete: 3,
  scan: 4,
  readModifyWrite: 5,
  multiGet: 6,
  batch: 7,
  compareAndSwap: 8,
  readOld: 9,
  watch: 10,
  expireLease: 11,
  compactHistory: 12,
};

/** The operations that a store has which serves etcd's requests, and no other. */
export const ETCD_OPERATION_NAMES: readonly LoadOperationName[] = LOAD_OPERATION_NAMES.filter((
  name,
) => "etcd" in LOAD_OPERATIONS[name]);

/** Whether any client of a load needs a store that serves etcd's requests. */
export function needsEtcd(
  { groups }: { groups: readonly { mix: { [K in LoadOperationName]?: number | undefined } }[] },
): boolean {
  return groups.some(({ mix }) => ETCD_OPERATION_NAMES.some((name) => (mix[name] ?? 0) > 0));
}

/** Shares of operations, each above 0; they sum to 1. What is not named has no share. */
export type OperationMix = Readonly<Partial<Record<LoadOperationName, number>>>;

/**
 * Which key an operation takes. Ranks count from 0, the key that is taken most.
 *
 * - `sequential`: one after the other, each client from its own place on, then again.
 * - `uniform`: each as likely as the others.
 * - `zipfian`: rank k in proportion to 1/(k + 1)^θ, exactly; the rank is the key's number, so that hot
 *   keys are neighbours.
 * - `scrambledZipfian`: YCSB's `zipfian`, draw for draw: ranks over 10^10 items at θ 0.99, each hashed
 *   to a key. Over fewer keys its head is flatter than a zipfian one.
 * - `latest`: zipfian from the newest key down.
 * - `hotspot`: a share of the operations goes to a share of the keys, uniformly; the rest to the rest.
 * - `mixgraph`: db_bench's, after Facebook's traces: ranges of keys are taken in proportion to
 *   a·e^(bx) + c·e^(dx), keys in a range by a power of their place.
 */
export type KeyDistribution =
  | { readonly kind: "sequential" }
  | { readonly kind: "uniform" }
  | { readonly kind: "zipfian"; readonly theta: number }
  | { readonly kind: "scrambledZipfian" }
  | { readonly kind: "latest"; readonly theta: number }
  | { readonly kind: "hotspot"; readonly keyShare: number; readonly operationShare: number }
  | {
    readonly kind: "mixgraph";
    /** Ranges that the keys are divided into. */
    readonly ranges: number;
    /** a, b, c and d of a range's hotness. */
    readonly rangeHotness: readonly [number, number, number, number];
    /** a and b of a key's hotness in its range, a·x^b. */
    readonly keyHotness: readonly [number, number];
  };

/**
 * A whole number that is drawn anew each time, of bytes or of entries. `pareto` is the generalised
 * Pareto distribution with location 0, as db_bench's: what is beyond the most is taken modulo, what
 * is then below the least is the least.
 */
export type SizeDistribution =
  | { readonly kind: "fixed"; readonly size: number }
  | { readonly kind: "uniform"; readonly least: number; readonly most: number }
  | {
    readonly kind: "pareto";
    /** The shape k. */
    readonly shape: number;
    /** The scale σ. */
    readonly scale: number;
    readonly least: number;
    readonly most: number;
  };

/** When a client begins an operation: when the last one ended, or when a schedule says so. */
export type Pace =
  | { readonly loop: "closed" }
  | {
    readonly loop: "open";
    readonly arrivals: "constant" | "poisson";
    /** Operations a second of all clients of the group. */
    readonly rate: number;
  };

/** Clients that all do the same. */
export interface ClientGroup {
  /** How many. */
  readonly clients: number;
  readonly mix: OperationMix;
  readonly keyDistribution: KeyDistribution;
  /** Entries of a scan. */
  readonly scanLength: SizeDistribution;
  /** Keys of a multi-get, and puts of a batch. */
  readonly batchKeys: number;
  /** Watchers of each client's key, where it has some. */
  readonly watchers?: number;
  /** How long leases are granted for, s, where there are some. */
  readonly leaseSeconds?: number;
  readonly pace: Pace;
  /** Whether it is what is measured. Others only load the store beside, as a writer besides readers. */
  readonly counted: boolean;
}

/** A whole load. */
export interface LoadSpec {
  /** Keys in the store at the beginning; where that is empty, the keys that updates draw from. */
  readonly keys: number;
  /** Whether they are loaded before anything is measured. */
  readonly filled: boolean;
  /** How the number of a key becomes its bytes. */
  readonly keyForm: "numbered" | "hashed" | "binary";
  /** Bytes of a value. */
  readonly valueSize: SizeDistribution;
  /** To what share of its length a value compresses: 0.5 to its half, 1 not at all. */
  readonly compressibility: number;
  /** At least one, of which at least one is counted. */
  readonly groups: readonly ClientGroup[];
}

/**
 * What one client does, in order: seeded, endless, and drawn without allocating. A client draws the
 * next operation by {@linkcode OperationStream.next}, and reads the rest from the fields.
 */
export interface OperationStream {
  /**
   * Draws the next operation. An insert counts as acknowledged by the next call: streams that draw
   * from the newest keys take it for there then.
   *
   * @returns Its code, as in {@linkcode LOAD_CODES}.
   */
  next(): number;
  /** Numbers of its keys: {@linkcode OperationStream.count} of them, the first where it has one. */
  readonly keys: Float64Array;
  /** Bytes of the values that it puts, one for each key. */
  readonly valueBytes: Float64Array;
  /** Keys of the operation, 1 but for multi-gets and batches. */
  readonly count: number;
  /** Entries of the scan, if it is one. */
  readonly scanLength: number;
  /** Whether a get may rightly find nothing: somebody deletes, or the store began empty. */
  readonly mayMiss: boolean;
}

/**
 * When one client is to begin its operations, in order, endless. All clients of a group together keep
 * the group's rate: every stretch of the schedule has exactly its share of time.
 */
export interface Schedule {
  /**
   * The next intended starts, ns after the beginning of the load, ascending.
   *
   * @param into Filled wholly, or to `count`.
   */
  fill(into: Float64Array, count?: number): void;
}
