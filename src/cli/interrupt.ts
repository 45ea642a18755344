/**
 * A signal that Ctrl-C, or a request to end, aborts. A second one ends the process at once, as if
 * nobody listened.
 */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  const names = ["SIGINT", "SIGTERM"] as const;
  const stop = () => {
    for (const name of names) Deno.removeSignalListener(name, stop);
    controller.abort();
  };
  for (const name of names) Deno.addSignalListener(name, stop);
  return controller.signal;
}

/** Lets a request to end be noticed that came while the process was busy. */
export function noticeInterrupts(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
