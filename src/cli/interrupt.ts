/**
 * How long more signals are taken for the first one, ms. `deno task` hands Ctrl-C on by two ways of
 * its own, and a terminal gives it to every process of the group besides: the bench gets one to three
 * of them for one press of the key, on a busy machine some time apart.
 */
const SAME_PRESS_MS = 1000;

/**
 * A signal that Ctrl-C, or a request to end, aborts. Another one, a second or more after it, ends the
 * process at once, as if nobody listened.
 *
 * @param samePressMs How long more of them mean the same, ms; for tests.
 */
export function interruptSignal(samePressMs = SAME_PRESS_MS): AbortSignal {
  const controller = new AbortController();
  const names = ["SIGINT", "SIGTERM"] as const;
  const leave = () => {
    for (const name of names) Deno.removeSignalListener(name, stop);
  };
  const stop = () => {
    if (controller.signal.aborted) return;
    controller.abort();
    // What is left to do may end sooner, and does not wait for this.
    Deno.unrefTimer(setTimeout(leave, samePressMs));
  };
  for (const name of names) Deno.addSignalListener(name, stop);
  return controller.signal;
}

/**
 * Lets a request to end be noticed that came while the process was busy: the runtime hears of a
 * signal when it has nothing to do, and tells of it a turn later.
 */
export function noticeInterrupts(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50));
}
