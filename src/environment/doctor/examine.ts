import { type Remark, tellAll } from "../../remark/mod.ts";
import type { EnvironmentRecord, PressureRecord } from "../../result/mod.ts";
import { disk, filesystem, freeSpace, scheduler } from "./data.ts";
import { load, otherProcesses, steal } from "./load.ts";
import type { Examine, MachineTopic } from "./machine.ts";
import { hugePages, swap } from "./memory.ts";
import { battery, clocksource, governor, processors, turbo, virtual } from "./processor.ts";

/** Whether the kernel could be asked at all: three files that every Linux has. */
const permissions: Examine = ({ environment }) => {
  const { os, swapBytes, data: { filesystem }, clocksource } = environment;
  const asked = [swapBytes, filesystem, clocksource ?? null];
  if (os !== "linux" || asked.some((answer) => answer !== null)) return null;
  return {
    id: "permissions",
    topic: "kernel",
    severity: "warn",
    about: [],
    condition: "nothing that every Linux says could be found out",
    numbers: {},
    text: "Neither /proc nor /sys could be read.",
    why: "Nobody can say then what machine was measured, nor what else it did.",
    mend: "Run Deno with --allow-ffi, through which they are read, as deno task doctor does.",
  };
};

const ALL: readonly Examine[] = [
  permissions,
  governor,
  turbo,
  processors,
  virtual,
  clocksource,
  battery,
  swap,
  hugePages,
  filesystem,
  disk,
  scheduler,
  freeSpace,
  steal,
  otherProcesses,
  load,
];

/**
 * Says what makes a machine unfit to measure on, and how to mend it: the worst first, otherwise in a
 * fixed order. What could not be found out is said as such, and is never taken for fine.
 *
 * @param environment What the machine is.
 * @param pressure What else it does, where that was measured.
 */
export function examine(
  environment: EnvironmentRecord,
  pressure?: PressureRecord,
): Remark<MachineTopic>[] {
  const remarks = tellAll(ALL, { environment, pressure });
  return [
    ...remarks.filter(({ severity }) => severity === "warn"),
    ...remarks.filter(({ severity }) => severity === "info"),
  ];
}
