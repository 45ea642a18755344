/** What else the machine does. */
import { MOST_LOAD_PER_PROCESSOR, MOST_OTHERS_SHARE, MOST_STEAL_SHARE } from "../../remark/mod.ts";
import { type Examine, unknown } from "./machine.ts";

/** Whether the host gives processor time to other machines. */
export const steal: Examine = (machine) => {
  if (machine.pressure === undefined) return null;
  const { steal } = machine.pressure;
  const examined = {
    id: "steal",
    topic: "load",
    why: "While the host runs other machines, this one stands still, and its clock does not.",
  } as const;
  if (steal === null) {
    return unknown(
      machine,
      examined,
      "How much time the host gave to others",
      "vmstat 1 (column st)",
    );
  }
  if (steal <= MOST_STEAL_SHARE) return null;
  return {
    ...examined,
    severity: "warn",
    about: [],
    condition: `the host gave more than ${percent(MOST_STEAL_SHARE)} to other machines`,
    numbers: { steal },
    text: `The host gave ${percent(steal)} of the processors' time to other machines.`,
    mend: "Measure at a quieter time, or on a machine with processors of its own.",
  };
};

/** Whether other processes take processor time. */
export const otherProcesses: Examine = (machine) => {
  if (machine.pressure === undefined) return null;
  const { busyOthers } = machine.pressure;
  const examined = {
    id: "other-processes",
    topic: "load",
    why: "Other processes take processor time, caches and disk from what is measured.",
  } as const;
  const mend = "top shows them; stop them, or measure at a quieter time.";
  if (busyOthers === null) {
    return unknown(machine, examined, "How much time other processes used", mend);
  }
  if (busyOthers <= MOST_OTHERS_SHARE) return null;
  return {
    ...examined,
    severity: "warn",
    about: [],
    condition: `other processes used more than ${percent(MOST_OTHERS_SHARE)}`,
    numbers: { busyOthers },
    text: `Other processes used ${percent(busyOthers)} of the processors' time.`,
    mend,
  };
};

/** Whether processes wait for their turn. */
export const load: Examine = (machine) => {
  if (machine.pressure === undefined) return null;
  const { load1, busyOthers } = machine.pressure;
  const { logical } = machine.environment.cpu;
  const examined = {
    id: "load",
    topic: "load",
    why: "Processes that wait for a processor or a disk take turns with what is measured.",
  } as const;
  if (load1 === null) return unknown(machine, examined, "The load average", "uptime");
  if (logical === null) return unknown(machine, examined, "The number of processors", "nproc");
  if (load1 <= MOST_LOAD_PER_PROCESSOR * logical) return null;
  // The load average remembers a minute, earlier runs of ours among it; what was used during the
  // measurement itself is the better witness.
  if (busyOthers !== null && busyOthers <= MOST_OTHERS_SHARE) return null;
  return {
    ...examined,
    severity: "warn",
    about: [],
    condition: `the load average is above ${MOST_LOAD_PER_PROCESSOR} for each logical processor`,
    numbers: { load1, logical },
    text: `The load average is ${load1.toFixed(2)} on ${logical} logical processors.`,
    mend: "Wait until it has fallen; top shows what causes it.",
  };
};

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
