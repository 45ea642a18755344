/** What a region or its server answers with instead of an answer, and what is to be done then. */
import { ServerError } from "../grpc/mod.ts";
import { REGION_ERROR, type RegionError } from "./messages.ts";

/** Why an attempt came to nothing: what the region said, or how the server was lost. */
export type Trouble = { region: RegionError } | { lost: string };

/** What is done about a region's refusal before the next attempt. */
export interface Remedy {
  /** What becomes of what is known of the region. */
  region: "keep" | "drop" | "lead" | "replace";
  /** How long is waited: not, a little, or as long as a busy server needs. */
  wait: "none" | "little" | "busy";
}

/** Refusals after which the region is looked up again. */
const LOOK_UP: readonly number[] = [
  REGION_ERROR.regionNotFound,
  REGION_ERROR.keyNotInRegion,
  REGION_ERROR.storeNotMatch,
  REGION_ERROR.isWitness,
  REGION_ERROR.mismatchPeerId,
];

/** Refusals that another attempt cannot mend, and why. */
const HOPELESS: Readonly<Record<number, string>> = {
  [REGION_ERROR.raftEntryTooLarge]:
    "it is larger than an entry of Raft's log may be (raft-entry-max-size); make values or batches " +
    "smaller",
  [REGION_ERROR.diskFull]: "the disk of a server is full; make room there",
  [REGION_ERROR.undeterminedResult]: "whether it was done is not known, and it is not done again",
};

/**
 * What to do about a refusal.
 *
 * @param isFirst Whether it is the operation's first trouble.
 * @throws {ServerError} Where another attempt cannot end otherwise.
 */
export function remedyOf(error: RegionError, isFirst: boolean): Remedy {
  const hopeless = HOPELESS[error.kind];
  if (hopeless !== undefined) throw new ServerError(hopeless);
  // A second time in a row, two servers may be telling of each other.
  const soon = isFirst ? "none" : "little";
  switch (error.kind) {
    case REGION_ERROR.notLeader:
      return error.leader === undefined
        ? { region: "drop", wait: "little" }
        : { region: "lead", wait: soon };
    case REGION_ERROR.epochNotMatch:
      return { region: error.regions?.length ? "replace" : "drop", wait: soon };
    case REGION_ERROR.serverIsBusy:
      return { region: "keep", wait: "busy" };
    default:
      if (LOOK_UP.includes(error.kind)) return { region: "drop", wait: soon };
      // What only text is said of may be anything: the region is looked up too.
      return { region: error.kind === 0 ? "drop" : "keep", wait: "little" };
  }
}

/** A trouble in words, as the end of a sentence. */
export function troubleWords(trouble: Trouble): string {
  if ("lost" in trouble) return trouble.lost;
  const { kind, text } = trouble.region;
  const said = text === "" ? "" : ` (${text.slice(0, 200)})`;
  switch (kind) {
    case REGION_ERROR.notLeader:
      return `its region has no leader that answers${said}`;
    case REGION_ERROR.serverIsBusy:
      return `the server is busy${said}`;
    default:
      return `its region does not take it${said}`;
  }
}

/** The first and the longest wait, ms. */
const WAITS = { little: [2, 500], busy: [2000, 10_000] } as const;

/** The waits of one operation, which end at its deadline. */
export class Waits {
  readonly #late: number;
  readonly #seconds: number;
  readonly #times = { little: 0, busy: 0 };

  /** @param startedAt Of the operation, by `performance.now()`. */
  constructor(startedAt: number, deadlineMs: number) {
    this.#late = startedAt + deadlineMs;
    this.#seconds = deadlineMs / 1000;
  }

  /** What is left of the operation's time, ms. */
  get leftMs(): number {
    return this.#late - performance.now();
  }

  /**
   * Waits longer each time, and not always as long: what was refused together does not come back
   * together.
   *
   * @param leastMs As long at least, where a server asks for it.
   * @throws {ServerError} Where the operation would be late; at once.
   */
  async wait(how: "little" | "busy", trouble: Trouble, leastMs = 0): Promise<void> {
    const [first, longest] = WAITS[how];
    const whole = leastMs > 0 ? leastMs : Math.min(longest, first * 2 ** this.#times[how]++);
    const ms = leastMs > 0 ? whole : whole * (0.5 + Math.random() / 2);
    if (ms >= this.leftMs) throw this.late(trouble);
    await new Promise((resolve) => setTimeout(resolve, ms));
  }

  /** The error of an operation that ran out of time. */
  late(trouble: Trouble): ServerError {
    return new ServerError(`${troubleWords(trouble)}, and it has ${this.#seconds} s in all`);
  }
}
