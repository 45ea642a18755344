/** What a step of the torture is. */
import type { Random } from "../../stats/mod.ts";

/** How often it is done. */
export type Form = "quick" | "full";

/** What a step is given. */
export interface TortureContext {
  form: Form;
  random: Random;
  /** An empty folder of its own; it is removed afterwards, with all in it. */
  folder: string;
  /** Counts something that held, by its name. */
  count(what: string, more?: number): void;
  /**
   * Whether to do it so often still: it has been done less often, and its time is not over. A machine
   * that does much else is too slow for all of it; the counts then say how much there was time for.
   */
  goOn(done: number, times: number): boolean;
}

/** One step: it does something harmful again and again, and throws where something gives way. */
export interface TortureStep {
  /** Its name on the command line. */
  name: string;
  /** What is done, in a few words. */
  what: string;
  /** Time for it in each form, s, after which it does no more. */
  seconds: Record<Form, number>;
  /** Why it cannot be done here. */
  skip?(): string | undefined;
  run(context: TortureContext): Promise<void>;
}
