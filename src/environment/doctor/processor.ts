/** The processor, its clock, and what it gets of both. */
import { type Examine, unknown } from "./machine.ts";

/** Sources of time that are read without a system call. */
const FAST_CLOCKS: ReadonlySet<string> = new Set(["tsc", "arch_sys_counter"]);
const FAST_VIRTUAL_CLOCKS: ReadonlySet<string> = new Set([
  "kvm-clock",
  "hyperv_clocksource_tsc_page",
]);

/** Who knows of the processor what a virtual machine cannot find out. */
const ASK_THE_HOST = "The machine under this virtual one decides it; ask who runs it.";

/** Whether the processor is clocked by demand. */
export const governor: Examine = (machine) => {
  const { cpu } = machine.environment;
  if (cpu.governor === "performance") return null;
  const examined = {
    id: "governor",
    topic: "processor",
    why: "A processor that is clocked by demand measures its clock's climb, not the store.",
  } as const;
  if (cpu.governor === null) {
    return unknown(
      machine,
      examined,
      "The processor's frequency governor",
      cpu.virtual ? ASK_THE_HOST : "cat /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor",
    );
  }
  return {
    ...examined,
    severity: "warn",
    about: [],
    condition: "the frequency governor is not performance",
    numbers: {},
    text: `The processor's frequency governor is ${cpu.governor}.`,
    mend: "echo performance | sudo tee /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor",
  };
};

/** Whether the processor may clock above its nominal frequency. */
export const turbo: Examine = (machine) => {
  const { cpu } = machine.environment;
  if (cpu.turbo === false) return null;
  const examined = {
    id: "turbo",
    topic: "processor",
    why: "A turbo clock depends on heat and on what the other cores do, so runs drift apart.",
  } as const;
  if (cpu.turbo === null) {
    return unknown(
      machine,
      examined,
      "Whether the processor's turbo is on",
      cpu.virtual ? ASK_THE_HOST : "Look for turbo or boost in the firmware's settings.",
    );
  }
  return {
    ...examined,
    severity: "warn",
    about: [],
    condition: "turbo is on",
    numbers: {},
    text: "The processor's turbo is on.",
    mend: "echo 1 | sudo tee /sys/devices/system/cpu/intel_pstate/no_turbo (Intel), or " +
      "echo 0 | sudo tee /sys/devices/system/cpu/cpufreq/boost",
  };
};

/** Whether there is one for the engine beside the one that measures. */
export const processors: Examine = (machine) => {
  const { logical, usable: allowed } = machine.environment.cpu;
  const examined = {
    id: "processors",
    topic: "processor",
    why: "Flushes and compactions take the processor from the thread that is measured.",
  } as const;
  if (logical === null) return unknown(machine, examined, "The number of processors", "nproc");
  const usable = Math.min(logical, allowed ?? logical);
  if (usable >= 2) return null;
  return {
    ...examined,
    severity: "warn",
    about: [],
    condition: "fewer than two processors can be used",
    numbers: { usable, logical },
    text: `Only ${usable} of ${logical} logical processors can be used.`,
    mend: "Give the machine, the container or the process (taskset) at least two processors.",
  };
};

/** Whether other machines share the processor. */
export const virtual: Examine = (machine) => {
  const { cpu } = machine.environment;
  if (cpu.virtual === false) return null;
  const examined = {
    id: "virtual",
    topic: "processor",
    why: "Other machines on the same host come and go, and change what is measured here.",
  } as const;
  if (cpu.virtual === null) {
    return unknown(
      machine,
      examined,
      "Whether this is a virtual machine",
      "systemd-detect-virt",
    );
  }
  return {
    ...examined,
    severity: "info",
    about: [],
    condition: "the machine is a virtual one",
    numbers: {},
    text: "This is a virtual machine.",
    mend: "Compare only with results from the same machine, and look at each run's steal.",
  };
};

/** Whether time is read without a system call. */
export const clocksource: Examine = (machine) => {
  const { clocksource } = machine.environment;
  const examined = {
    id: "clocksource",
    topic: "processor",
    why: "Every operation of a latency benchmark reads the clock twice, and a clock that needs " +
      "a system call costs about as much as a read from the store.",
  } as const;
  if (clocksource === null || clocksource === undefined) {
    return unknown(
      machine,
      examined,
      "The kernel's source of time",
      "Look at the clock's cost, which every result records.",
    );
  }
  if (FAST_CLOCKS.has(clocksource)) return null;
  return {
    ...examined,
    severity: FAST_VIRTUAL_CLOCKS.has(clocksource) ? "info" : "warn",
    about: [],
    condition: "the kernel's source of time is not the processor's counter",
    numbers: {},
    text: `The kernel's source of time is ${clocksource}.`,
    mend: "echo tsc | sudo tee /sys/devices/system/clocksource/clocksource0/current_clocksource",
  };
};

/** Whether the machine saves power. */
export const battery: Examine = (machine) => {
  const { onBattery } = machine.environment;
  if (onBattery === false) return null;
  const examined = {
    id: "battery",
    topic: "processor",
    why: "On a battery the firmware holds the processor and the disk back.",
  } as const;
  if (onBattery === null || onBattery === undefined) {
    return unknown(
      machine,
      examined,
      "Whether the machine runs on a battery",
      "Look at its plug.",
    );
  }
  return {
    ...examined,
    severity: "warn",
    about: [],
    condition: "the machine runs on its battery",
    numbers: {},
    text: "The machine runs on its battery.",
    mend: "Plug it in.",
  };
};
