/**
 * Ticks a second in `/proc/stat` and `/proc/PID/stat`. The kernel's USER_HZ: 100 on every
 * architecture that Deno runs on, whatever the kernel's own tick is.
 */
export const TICKS_PER_SECOND = 100;

/**
 * Processor time (user and system) that a process has used so far, s; `null` where it cannot be
 * told.
 *
 * @param stat The text of its `/proc/PID/stat`; `null` where it cannot be read.
 */
export function processorSeconds(stat: string | null): number | null {
  // proc_pid_stat(5): the second field is the name in parentheses, which may hold spaces and
  // parentheses itself; utime and stime are fields 14 and 15.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  const seconds = (Number(fields?.[11]) + Number(fields?.[12])) / TICKS_PER_SECOND;
  return Number.isFinite(seconds) ? seconds : null;
}
