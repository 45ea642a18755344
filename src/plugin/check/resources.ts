/** What the process has: what a plug-in does not give back is seen in it. */
import { listKernelFolder, readKernelFile } from "../../native/mod.ts";

/** What a process has. */
interface Resources {
  /** Memory that is resident, bytes. */
  bytes: number;
  /** Open files. */
  files: number;
  threads: number;
}

/** What this process has; 0 of what the system does not tell. */
export function resources(): Resources {
  const status = readKernelFile("/proc/self/status") ?? "";
  const number = (name: string) =>
    Number(new RegExp(`^${name}:\\s*(\\d+)`, "m").exec(status)?.[1] ?? 0);
  return {
    bytes: number("RssAnon") * 1024,
    files: listKernelFolder("/proc/self/fd")?.length ?? 0,
    threads: number("Threads"),
  };
}
