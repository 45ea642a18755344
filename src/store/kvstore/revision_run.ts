import { readMain, readSub } from "./revision.ts";

/** Wanted revisions that must follow each other closely before records are read in a row. */
const RUN = 4;
/** How far apart two revisions may be to follow each other closely. */
const NEAR = 4;

/**
 * Decides how a walk over keys gets at their records. Where keys were written in their order, their
 * revisions follow each other, and a cursor of the engine over the records can go along (the row);
 * elsewhere each record is looked up.
 */
export class RevisionRun {
  #lastMain = 0;
  /** How many revisions followed each other closely. A walk begins in the hope that they do. */
  #run = RUN;
  /** Where the row is. */
  #main = -1;
  #sub = 0;

  /** Whether the revision that is wanted now is to be looked for in the row. */
  wants(main: number): boolean {
    const distance = this.#lastMain === 0 ? 0 : main - this.#lastMain;
    this.#lastMain = main;
    this.#run = distance >= 0 && distance <= NEAR ? this.#run + 1 : 0;
    return this.#run >= RUN;
  }

  /** A new row begins, before its first record. */
  begin(): void {
    this.#main = -1;
  }

  /** Whether the row is before a revision. */
  isBefore(main: number, sub: number): boolean {
    return this.#main < main || this.#main === main && this.#sub < sub;
  }

  /** Whether the row is at a revision. */
  isAt(main: number, sub: number): boolean {
    return this.#main === main && this.#sub === sub;
  }

  /** The row went one record on, to the revision that is wanted. */
  follow(main: number, sub: number): void {
    this.#lastMain = this.#main = main;
    this.#sub = sub;
  }

  /** The row is at the revision of this key. */
  moveToKey(bytes: Uint8Array): void {
    this.#main = readMain(bytes);
    this.#sub = readSub(bytes);
  }
}
