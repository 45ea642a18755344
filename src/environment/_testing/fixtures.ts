/** Other machines, for tests: the files that are read of each, and what its system says. */
import type { FileSource, SystemSource } from "../source.ts";

/** A source that reads from a table of paths; folders follow from the paths. */
export function filesOf(table: Record<string, string>): FileSource {
  return {
    read: (path) => table[path] ?? null,
    list: (path) => {
      const prefix = path + "/";
      const names = Object.keys(table).filter((file) => file.startsWith(prefix))
        .map((file) => file.slice(prefix.length).split("/")[0]!);
      return names.length === 0 ? null : [...new Set(names)].filter((name) => name !== "").sort();
    },
  };
}

/** A machine: its files, and where its data directory is. */
export interface Machine {
  files: FileSource;
  system: SystemSource;
  dataDirectory: string;
}

function systemOf(system: Partial<SystemSource>): SystemSource {
  return {
    os: "linux",
    arch: "x86_64",
    kernel: () => "6.1.0-18-amd64",
    hostname: () => "bench-1",
    parallelism: () => 2,
    cpuModel: () => null,
    memoryBytes: () => null,
    freeBytes: () => 100 * 2 ** 30,
    realPath: (path) => path,
    runtime: { deno: "2.9.6", v8: "15.0", typescript: "6.0" },
    ...system,
  };
}

function cpuinfo(processors: number, model: string, flags: string): string {
  return Array.from(
    { length: processors },
    (_, index) => `processor\t: ${index}\nmodel name\t: ${model}\nflags\t\t: ${flags}\n`,
  ).join("\n");
}

const NO_SWAPS = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";
const CLOCK = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
const HUGE_PAGES = "/sys/kernel/mm/transparent_hugepage/enabled";

/** A laptop on its battery: powersave, turbo, encrypted disk, swap in use, a mouse. */
const laptop: Machine = {
  dataDirectory: "/home/alice/bench data/db",
  system: systemOf({ parallelism: () => 4, hostname: () => "laptop" }),
  files: filesOf({
    "/proc/cpuinfo": cpuinfo(4, "Intel(R) Core(TM) i7-1185G7 @ 3.00GHz", "fpu vme tsc sse2"),
    "/proc/meminfo": "MemTotal:       16094720 kB\nMemFree:         1000000 kB\n",
    "/proc/self/mountinfo": [
      "24 1 253:0 / / rw,noatime shared:1 - ext4 /dev/mapper/root rw,errors=remount-ro",
      "30 24 259:1 / /boot rw,relatime shared:2 - ext4 /dev/nvme0n1p1 rw",
      "31 24 0:40 / /home rw,relatime shared:3 - btrfs /dev/mapper/home rw,compress=zstd:1,subvol=/@h",
      "32 31 0:41 / /home/alice/bench rw - tmpfs tmpfs rw",
      "33 31 0:40 /x /home/alice/bench\\040data rw,noatime - btrfs /dev/mapper/home rw,ssd,subvol=/x",
      "",
    ].join("\n"),
    "/proc/swaps": NO_SWAPS + "/dev/dm-2  partition\t8388604\t\t524288\t\t-2\n",
    "/sys/block/dm-0/dm/name": "root\n",
    "/sys/block/dm-1/dm/name": "home\n",
    "/sys/block/dm-1/slaves/nvme0n1p2/": "",
    "/sys/block/dm-1/queue/rotational": "0\n",
    "/sys/block/dm-1/queue/scheduler": "none\n",
    "/sys/block/nvme0n1/nvme0n1p1/partition": "1\n",
    "/sys/block/nvme0n1/nvme0n1p2/partition": "2\n",
    "/sys/block/nvme0n1/queue/rotational": "0\n",
    "/sys/block/nvme0n1/queue/scheduler": "none [mq-deadline] kyber\n",
    "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor": "powersave\n",
    "/sys/devices/system/cpu/cpu1/cpufreq/scaling_governor": "powersave\n",
    "/sys/devices/system/cpu/cpufreq/boost": "0\n",
    "/sys/devices/system/cpu/intel_pstate/no_turbo": "0\n",
    "/sys/class/power_supply/AC/type": "Mains\n",
    "/sys/class/power_supply/AC/online": "0\n",
    "/sys/class/power_supply/BAT0/type": "Battery\n",
    "/sys/class/power_supply/BAT0/status": "Discharging\n",
    [CLOCK]: "tsc\n",
    [HUGE_PAGES]: "[always] madvise never\n",
  }),
};

/** A virtual machine with one of its two processors allowed, and a virtual disk. */
const virtualMachine: Machine = {
  dataDirectory: "/var/lib/tidemark",
  system: systemOf({ parallelism: () => 1, freeBytes: () => 3 * 2 ** 30 }),
  files: filesOf({
    "/proc/cpuinfo": cpuinfo(2, "AMD EPYC", "fpu tsc hypervisor"),
    "/proc/meminfo": "MemTotal:       4000000 kB\n",
    "/proc/self/mountinfo": "27 1 254:1 / / rw,relatime - ext4 /dev/vda1 rw,discard\n",
    "/proc/swaps": NO_SWAPS,
    "/sys/dev/block/254:1/uevent": "MAJOR=254\nMINOR=1\nDEVNAME=vda1\nDEVTYPE=partition\n",
    "/sys/block/vda/vda1/partition": "1\n",
    "/sys/block/vda/queue/rotational": "1\n",
    "/sys/block/vda/queue/scheduler": "none [mq-deadline] kyber bfq\n",
    [CLOCK]: "kvm-clock\n",
    [HUGE_PAGES]: "always [madvise] never\n",
  }),
};

/** A server as it should be: logical volume over two disks, tuned; nothing to be found. */
const server: Machine = {
  dataDirectory: "/data/bench",
  system: systemOf({ parallelism: () => 32 }),
  files: filesOf({
    "/proc/cpuinfo": cpuinfo(32, "AMD EPYC 7313 16-Core Processor", "fpu tsc sse2"),
    "/proc/meminfo": "MemTotal:       131886080 kB\n",
    "/proc/self/mountinfo": [
      "24 1 259:2 / / rw,relatime - ext4 /dev/nvme0n1p2 rw",
      "60 24 253:3 / /data rw,noatime - xfs /dev/mapper/vg0-data rw,attr2,logbufs=8,noquota",
    ].join("\n"),
    "/proc/swaps": NO_SWAPS,
    "/sys/dev/block/253:3/uevent": "MAJOR=253\nMINOR=3\nDEVNAME=dm-3\nDEVTYPE=disk\n",
    "/sys/block/dm-3/slaves/nvme1n1/": "",
    "/sys/block/dm-3/slaves/nvme0n1p3/": "",
    "/sys/block/nvme0n1/nvme0n1p3/partition": "3\n",
    "/sys/block/nvme0n1/queue/rotational": "0\n",
    "/sys/block/nvme0n1/queue/scheduler": "[none] mq-deadline\n",
    "/sys/block/nvme1n1/queue/rotational": "0\n",
    "/sys/block/nvme1n1/queue/scheduler": "[none] mq-deadline\n",
    "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor": "performance\n",
    "/sys/devices/system/cpu/cpufreq/boost": "0\n",
    "/sys/class/power_supply/hidpp_battery_0/type": "Battery\n",
    "/sys/class/power_supply/hidpp_battery_0/scope": "Device\n",
    "/sys/class/power_supply/hidpp_battery_0/status": "Discharging\n",
    [CLOCK]: "tsc\n",
    [HUGE_PAGES]: "always madvise [never]\n",
  }),
};

/** A build container whose data directory is in memory, mounted over another file system. */
const inMemory: Machine = {
  dataDirectory: "/tmp/bench",
  system: systemOf({ freeBytes: () => 2 ** 29 }),
  files: filesOf({
    "/proc/cpuinfo": cpuinfo(2, "AMD EPYC", "fpu tsc hypervisor"),
    "/proc/self/mountinfo": [
      "24 1 0:50 / / rw,relatime - overlay overlay rw,lowerdir=/home/alice/l,upperdir=/home/alice/u",
      "25 24 0:51 / /tmp rw - nfs4 files.example.org:/home/alice rw,vers=4.2,addr=192.0.2.1",
      "26 24 0:52 / /tmp rw,nosuid - tmpfs tmpfs rw,size=1048576k",
    ].join("\n"),
    [CLOCK]: "hpet\n",
  }),
};

/** An old machine with disks that spin, a swap file, and few of today's files. */
const oldKernel: Machine = {
  dataDirectory: "/srv",
  system: systemOf({ kernel: () => "2.6.32-754.el6.x86_64", hostname: () => "old" }),
  files: filesOf({
    "/proc/cpuinfo": cpuinfo(2, "Intel(R) Xeon(R) CPU E5450 @ 3.00GHz", "fpu tsc"),
    "/proc/self/mountinfo": "18 1 8:2 / / ro,relatime - ext3 /dev/root rw,errors=continue\n",
    "/proc/swaps": NO_SWAPS + "/swap  file\t2047996\t0\t-1\n",
    "/sys/dev/block/8:2/uevent": "MAJOR=8\nMINOR=2\nDEVNAME=sda2\nDEVTYPE=partition\n",
    "/sys/block/sda/sda2/partition": "2\n",
    "/sys/block/sda/queue/rotational": "1\n",
    "/sys/block/sda/queue/scheduler": "noop anticipatory deadline [cfq]\n",
    [CLOCK]: "acpi_pm\n",
  }),
};

/** A small board: ARM's cpuinfo has neither model name nor flags. */
const board: Machine = {
  dataDirectory: "/mnt/usb",
  system: systemOf({ arch: "aarch64" }),
  files: filesOf({
    "/proc/cpuinfo": "processor\t: 0\nFeatures\t: fp asimd\n\nprocessor\t: 1\nFeatures\t: fp\n",
    "/proc/device-tree/model": "Raspberry Pi 4 Model B Rev 1.4\0",
    "/proc/self/mountinfo": "30 1 0:60 / / rw - fuse.sshfs alice@example.org:/ rw,user_id=1000\n",
    [CLOCK]: "arch_sys_counter\n",
  }),
};

/** A Mac: no `/proc`, no `/sys`. */
const mac: Machine = {
  dataDirectory: "/Users/alice/bench",
  system: systemOf({
    os: "darwin",
    arch: "aarch64",
    kernel: () => "24.1.0",
    parallelism: () => 8,
    cpuModel: () => "Apple M2",
    memoryBytes: () => 16 * 2 ** 30,
  }),
  files: filesOf({}),
};

/** All of them, by name. */
export const machines: Record<string, Machine> = {
  "a laptop": laptop,
  "a virtual machine": virtualMachine,
  "a server": server,
  "a data directory in memory": inMemory,
  "an old kernel": oldKernel,
  "a board": board,
  "a Mac": mac,
};
