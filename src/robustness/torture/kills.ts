/** Benches that are ended at random moments: no sample is lost, and nothing is left behind. */
import assert from "node:assert/strict";
import { listKernelFolder, readKernelFile } from "../../native/mod.ts";
import { readJournal } from "../../result/mod.ts";
import {
  expectResumed,
  INTERRUPTED_BENCH,
  samplesInJournal,
} from "../../cli/e2e/_testing/interrupted.ts";
import { isThere, start, until } from "../../cli/e2e/_testing/tidemark.ts";
import type { TortureContext, TortureStep } from "./step.ts";

/** How long such a bench measures, ms, and somewhat more. */
const SPAN_MS = 2500;
/** How often the moment comes before the first sample, while processes start and databases are filled. */
const EARLY = 0.3;
/** Of one bench, before it is left to come to its end. */
const KILLS_A_BENCH = 4;

/** Runs a bench, or goes on with it, and ends it at a random moment. @returns Whether it was in time. */
async function endedAtRandom(
  { random }: TortureContext,
  cwd: string,
  strike: (controller: Deno.ChildProcess, over: () => boolean) => boolean | Promise<boolean>,
): Promise<boolean> {
  const begun = isThere(`${cwd}/out/journal.jsonl`);
  const args = begun ? ["--resume", "out"] : INTERRUPTED_BENCH;
  const { process, ended } = start("bench", args, { cwd, env: { [MARK]: cwd } });
  let over = false;
  void ended.then(() => over = true, () => over = true);
  const path = `${cwd}/out/journal.jsonl`;
  if (!begun) {
    await until(
      "the bench has its plan",
      () => isThere(path) && readJournal(path).records.length > 0,
    );
  }
  if (random.uniform() > EARLY) {
    const before = samplesInJournal(cwd).length;
    await until("it has a new sample", () => over || samplesInJournal(cwd).length > before, 60);
  }
  await new Promise((resolve) => setTimeout(resolve, random.uniform() * SPAN_MS));
  const struck = !over && await strike(process, () => over);
  await ended;
  await until("no process of it is left", () => !isAnyLeft(cwd), 60);
  return struck;
}

/** Kills controllers by a signal, several times a bench, and lets each bench come to its end. */
async function strikeControllers(
  context: TortureContext,
  signal: Deno.Signal,
  times: number,
): Promise<void> {
  for (let done = 0, bench = 0; context.goOn(done, times); bench++) {
    const cwd = `${context.folder}/${signal}-${bench}`;
    Deno.mkdirSync(cwd);
    let kept: string[] = [];
    for (let again = 0; again < KILLS_A_BENCH && context.goOn(done, times); again++) {
      const struck = await endedAtRandom(context, cwd, (process) => {
        process.kill(signal);
        return true;
      });
      const now = samplesInJournal(cwd);
      assert.deepEqual(now.slice(0, kept.length), kept, "a sample is lost");
      kept = now;
      // One that was faster than the moment was not struck.
      if (!struck) break;
      done++;
      context.count(signal);
    }
    await expectResumed(cwd, kept);
    context.count("samples that were kept", kept.length);
    context.count("benches that came to their end");
    Deno.removeSync(cwd, { recursive: true });
  }
}

/** A variable that the processes of a bench have, by which they are found again. */
const MARK = "TIDEMARK_TORTURE";

/** Whether a process of a bench is left. */
function isAnyLeft(cwd: string): boolean {
  return (listKernelFolder("/proc") ?? []).some((name) =>
    /^\d+$/.test(name) && readKernelFile(`/proc/${name}/environ`)?.includes(`${MARK}=${cwd}\0`)
  );
}

/** A child of a process, where it has one. */
function childOf(pid: number): number | undefined {
  const children = readKernelFile(`/proc/${pid}/task/${pid}/children`) ?? "";
  return children.split(" ").filter((text) => text !== "").map(Number)[0];
}

/** SIGKILL, SIGTERM and SIGHUP of the controller. */
export const controllerKills: TortureStep = {
  name: "kills",
  what: "signals to the controller of a bench",
  seconds: { quick: 20, full: 600 },
  skip: () => Deno.build.os === "linux" ? undefined : "processes are found as Linux shows them",
  async run(context) {
    const quick = context.form === "quick";
    await strikeControllers(context, "SIGTERM", quick ? 1 : 4);
    await strikeControllers(context, "SIGHUP", quick ? 1 : 4);
    await strikeControllers(context, "SIGKILL", quick ? 2 : 40);
  },
};

/** SIGKILL of the process of a run. */
export const childKills: TortureStep = {
  name: "child-kills",
  what: "SIGKILL of a run's process",
  seconds: { quick: 10, full: 200 },
  skip: () => Deno.build.os === "linux" ? undefined : "processes are found as Linux shows them",
  async run(context) {
    const times = context.form === "quick" ? 1 : 10;
    for (let done = 0, bench = 0; context.goOn(done, times); bench++) {
      const cwd = `${context.folder}/child-${bench}`;
      Deno.mkdirSync(cwd);
      const struck = await endedAtRandom(context, cwd, async (process, over) => {
        // One run may be over, and the next not begun.
        let child: number | undefined;
        await until("a run's process is there", () => {
          child = childOf(process.pid);
          return child !== undefined || over();
        });
        if (child === undefined) return false;
        Deno.kill(child, "SIGKILL");
        return true;
      });
      if (struck) {
        done++;
        context.count("SIGKILL");
      }
      const kept = samplesInJournal(cwd);
      await expectResumed(cwd, kept);
      context.count("samples that were kept", kept.length);
      Deno.removeSync(cwd, { recursive: true });
    }
  },
};
