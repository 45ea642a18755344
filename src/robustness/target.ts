/** What a fuzzer is of: something that reads what others may have made. */
import type { Random } from "../stats/mod.ts";

/** How a reader took an input. */
export type Taken = "accepted" | "refused";

/** One thing that is read. */
export interface FuzzTarget {
  /** Its name on the command line. */
  name: string;
  /** What is read, and how far, in a few words. */
  what: string;
  /** Real inputs, all of which are accepted as they are. */
  seeds(): readonly string[];
  /**
   * An input that the mutations of texts would not make; `undefined`: mutate a text.
   */
  make?(random: Random, seeds: readonly string[]): Uint8Array | undefined;
  /**
   * Reads an input as the program does, and uses what it accepts.
   *
   * @param folder An empty folder of the input's own, which is removed afterwards.
   * @returns `refused` is told by throwing the error that a user would see.
   */
  read(input: Uint8Array, folder: string, random: Random): void | Promise<void>;
}
