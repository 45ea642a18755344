/** The memory. */
import { type Examine, mebibytes, unknown } from "./machine.ts";

/** Whether pages are in swap. */
export const swap: Examine = (machine) => {
  const { swapUsedBytes, swapBytes } = machine.environment;
  if (swapUsedBytes === 0 || swapBytes === 0) return null;
  const examined = {
    id: "swap",
    topic: "memory",
    why: "A page that has to come back from swap takes as long as thousands of operations.",
  } as const;
  if (swapUsedBytes === null || swapUsedBytes === undefined) {
    return unknown(machine, examined, "Whether swap is in use", "cat /proc/swaps");
  }
  return {
    ...examined,
    severity: "warn",
    about: [],
    condition: "swap is in use",
    numbers: { bytes: swapUsedBytes },
    text: `${mebibytes(swapUsedBytes)} of swap are in use.`,
    mend: "sudo swapoff -a (needs as much free memory)",
  };
};

/** Whether the kernel puts pages together for every process. */
export const hugePages: Examine = (machine) => {
  const { transparentHugePages } = machine.environment;
  const examined = {
    id: "huge-pages",
    topic: "memory",
    why: "The kernel puts pages together in the background and while memory is asked for, " +
      "which shows in the tail of latencies.",
  } as const;
  if (transparentHugePages === null) {
    return unknown(
      machine,
      examined,
      "The setting of transparent huge pages",
      "cat /sys/kernel/mm/transparent_hugepage/enabled",
    );
  }
  if (transparentHugePages !== "always") return null;
  return {
    ...examined,
    severity: "warn",
    about: [],
    condition: "transparent huge pages are on for every process",
    numbers: {},
    text: "Transparent huge pages are on for every process.",
    mend: "echo madvise | sudo tee /sys/kernel/mm/transparent_hugepage/enabled",
  };
};
