/** The beginning of a night. */
import { sessionId, suiteWord } from "../run/mod.ts";
import { makeNight, type Night } from "./night_file.ts";

/** What a night is to be. */
interface NewNight {
  /** The suite, by name or by file. */
  suite: string;
  profile: string;
  /** The night that its results are kept as, `YYYY-MM-DD`. @default the day it begins, UTC */
  night?: string | undefined;
  startedAt: Date;
  /** Whether it is measured on the machines of the cluster. */
  nodes: boolean;
  /** What this machine is called in the history. */
  host: string;
}

/**
 * Begins a night in the directory of the nights.
 *
 * @throws {NightError} Where its folder cannot be made.
 */
export function begin(out: string, { suite, startedAt, night, ...what }: NewNight): Night {
  return makeNight(out, {
    ...what,
    schema: "tidemark.nightly",
    version: 1,
    id: sessionId(suite, startedAt),
    night: night ?? startedAt.toISOString().slice(0, 10),
    startedAt: startedAt.toISOString(),
    endedAt: null,
    suite: suiteWord(suite),
    settled: false,
    stages: [],
  });
}
