/** Slow operations and all, with what went on beside, by blocks of the measured time. */
import type { Activity, Timeline } from "./causes.ts";

/** Operations that ended in a stretch of time, and those of them that were slow. */
export interface Operations {
  operations: number;
  slow: number;
}

/** A block of the measured time. */
export interface CauseBlock extends Operations {
  /** Of these, while something went on; what is not known is absent. */
  on: Partial<Record<Activity, Operations>>;
}

/** Blocks that the measured time has: several of them are as long as what goes on, few are too few. */
export const CAUSE_BLOCKS = 32;

/** Counts by blocks. An operation belongs to the moment of its end, be it slow or not. */
export class CauseBlocks {
  readonly #beside: Timeline;
  readonly #begin: number;
  readonly #ns: number;
  readonly #blocks: Operations[] = [];
  readonly #on: Partial<Record<Activity, Operations[]>> = {};
  /** Operations that are counted. */
  #known = 0;

  /**
   * @param beside What goes on.
   * @param begin When the measuring begins, and how long it takes.
   */
  constructor(beside: Timeline, begin: number, ns: number) {
    this.#beside = beside;
    this.#begin = begin;
    this.#ns = ns;
  }

  /** @param operations That had ended before. */
  knows(operations: number): void {
    this.#known = operations;
  }

  /** @param operations That have ended by a moment to which it has been looked. */
  took(operations: number, moment: number): void {
    this.#count(moment, "operations", operations - this.#known);
    this.#known = operations;
  }

  /** A slow one has ended. */
  slow(ended: number): void {
    this.#count(ended, "slow", 1);
  }

  #count(moment: number, what: keyof Operations, by: number): void {
    const place = Math.floor((moment - this.#begin) / this.#ns * CAUSE_BLOCKS);
    const block = Math.max(0, Math.min(CAUSE_BLOCKS - 1, place));
    at(this.#blocks, block)[what] += by;
    for (const activity of this.#beside.at(moment)) {
      at(this.#on[activity] ??= [], block)[what] += by;
    }
  }

  /** All of them so far. */
  blocks(): CauseBlock[] {
    return Array.from(this.#blocks, (_, block) => ({
      ...at(this.#blocks, block),
      on: Object.fromEntries(
        this.#beside.known.map((activity) => [
          activity,
          { ...at(this.#on[activity] ??= [], block) },
        ]),
      ),
    }));
  }
}

function at(blocks: Operations[], block: number): Operations {
  return blocks[block] ??= { operations: 0, slow: 0 };
}
