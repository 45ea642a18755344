/**
 * A sentence whose condition holds, with the numbers that it came from. It is plain data, and carried
 * by the value that it is about: an analysis, a benchmark, a comparison, a claim, a machine. Whoever
 * prints that value says it; nobody else has to know when it holds.
 */
export interface Remark<Topic extends string = string> {
  /** Stable name, e.g. `kvstore-overhead`; the same in every version. */
  id: string;
  /** What kind of thing it tells of; a report groups by it. */
  topic: Topic;
  /**
   * `warn`: figures move by more than a few per cent, or do not mean what they seem to. `info`: to be
   * known when figures are read or compared, or could not be found out.
   */
  severity: "warn" | "info";
  /** What of its carrier it is about: ids of benchmarks, names of stores, a side. Empty: all of it. */
  about: string[];
  /** What was tested, in words. */
  condition: string;
  /** What the sentence was made of: shares and factors are plain fractions. */
  numbers: Record<string, number>;
  /** The remark, in whole sentences. */
  text: string;
  /** Why it matters to a measurement, in a sentence, where the remark does not say so itself. */
  why?: string;
  /** How to mend it, a command or a sentence, where it can be mended. */
  mend?: string;
}

/** Says something of a value where its condition holds, and nothing (`null`, no remarks) elsewhere. */
export type Tell<Value, Topic extends string = string> = (
  value: Value,
) => Remark<Topic> | Remark<Topic>[] | null;

/** The remarks on a value whose condition holds, in the order of those who tell them. */
export function tellAll<Value, Topic extends string>(
  tellers: readonly Tell<Value, Topic>[],
  value: Value,
): Remark<Topic>[] {
  return tellers.flatMap((tell) => tell(value) ?? []);
}

/** The sentences of some remarks, for those who print nothing else of them. */
export function textsOf(remarks: readonly Remark[]): string[] {
  return remarks.map(({ text }) => text);
}
