/** What a bench needs of the world but for files: injected, so that tests of it are exact. */
import { checkoutCommit, collectEnvironment, PressureMeter } from "../environment/mod.ts";
import type { EnvironmentRecord, PressureRecord } from "../result/mod.ts";
import { makeMemoryGroup } from "../native/mod.ts";
import { enterMachine, type Presence } from "./company.ts";
import { runDuet, runThenTurns } from "./duet.ts";
import { requireDeno, runProcess } from "./process.ts";

/** The world as a bench sees it. */
export interface World {
  /** The time of day. */
  now(): Date;
  /**
   * Makes sure that runs can be started at all.
   *
   * @throws {RunError} Where they cannot.
   */
  requireProcess(): Promise<void>;
  /** Measures one run, as {@linkcode runProcess} does. */
  runProcess: typeof runProcess;
  /** Measures two runs in turns, as {@linkcode runDuet} does. */
  runDuet: typeof runDuet;
  /** Measures runs and lets them take turns afterwards, as {@linkcode runThenTurns} does. */
  runThenTurns: typeof runThenTurns;
  /** What machine this is, with databases in this directory, which need not be there yet. */
  environment(dataDirectory: string): EnvironmentRecord;
  /**
   * Begins to watch what else the machine does.
   *
   * @returns Ends it, and tells what was; given the run's own processor time, s.
   */
  watchPressure(): (ownSeconds: number | null) => PressureRecord;
  /** Lets a bench be seen by the others on this machine. */
  enterMachine(): Presence;
  /** Makes a group of bounded memory, as {@linkcode makeMemoryGroup} does. */
  makeMemoryGroup: typeof makeMemoryGroup;
  /** The commit that the program is at, if it is known. */
  commit(): string | null;
}

/** The world itself. */
export const WORLD: World = {
  now: () => new Date(),
  requireProcess: requireDeno,
  runProcess,
  runDuet,
  runThenTurns,
  environment: collectEnvironment,
  watchPressure() {
    const meter = new PressureMeter();
    meter.start();
    return (ownSeconds) => meter.stop(ownSeconds);
  },
  enterMachine: () => enterMachine(),
  makeMemoryGroup,
  commit: () => checkoutCommit(`${import.meta.dirname}/../..`),
};
