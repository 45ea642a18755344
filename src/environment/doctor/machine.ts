/** What the doctor looks at, and what it says where it could not look. */
import type { Remark, Tell } from "../../remark/mod.ts";
import type { EnvironmentRecord, PressureRecord } from "../../result/mod.ts";

/** A machine that is examined. */
export interface ExaminedMachine {
  environment: EnvironmentRecord;
  /** What else it does, where that was measured. */
  pressure?: PressureRecord | undefined;
}

/** What a remark of the doctor tells of. */
export type MachineTopic = "kernel" | "processor" | "memory" | "data" | "load";

/** Examines one thing about a machine. */
export type Examine = Tell<ExaminedMachine, MachineTopic>;

/** What is examined, and why it matters to a measurement. */
type Examined =
  & Pick<Remark<MachineTopic>, "id" | "topic">
  & Required<Pick<Remark<MachineTopic>, "why">>;

/**
 * A remark on something that could not be found out.
 *
 * @param examined What was to be examined.
 * @param what The same in words, as the subject of a sentence.
 * @param mend How to find it out on Linux.
 */
export function unknown(
  { environment: { os } }: ExaminedMachine,
  examined: Examined,
  what: string,
  mend: string,
): Remark<MachineTopic> {
  return {
    ...examined,
    severity: "info",
    about: [],
    condition: "it could not be found out",
    numbers: {},
    text: `${what} could not be found out.`,
    mend: os === "linux" ? mend : "Measure on Linux, where it can be found out.",
  };
}

/** Bytes as whole mebibytes. */
export function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}
