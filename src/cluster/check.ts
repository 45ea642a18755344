/** What a bench needs of a node, each thing in a word, and in a sentence where something is wrong. */
import { basename } from "node:path";
import { formatBytes } from "../format/mod.ts";
import { type ClockOffset, clockWarning, isOff } from "./clock.ts";
import type { Probe } from "./probe.ts";
import type { DoctorReport } from "./status.ts";

/** What is looked at, in the order in which it is shown. */
export const CHECK_NAMES = [
  "ssh",
  "clock",
  "deno",
  "project",
  "library",
  "disk",
  "load",
] as const;
/** What is looked at. */
export type CheckName = typeof CHECK_NAMES[number];

/** How one thing is. */
export interface Check {
  /** `fail`: no bench can run. `warn`: one can, and should not. */
  state: "fine" | "warn" | "fail" | "unknown";
  word: string;
  /** What is wrong and how to mend it, as a clause; `null` where there is nothing to say. */
  text: string | null;
}

/** How everything is. */
export type Checks = Record<CheckName, Check>;

/** The oldest Deno that runs a bench, by trial: 2.6.4 begins one and fails. */
const LEAST_DENO = "2.8";

/** What the checks are made of. */
export interface Seen {
  clock: ClockOffset | null;
  probe: Probe;
  /** What doctor said; `null` where it could not be asked. */
  doctor: DoctorReport | null;
  /** Why not; `null` where it could be, or was not. */
  doctorProblem: string | null;
  /** The digest of this project's content; `null` where nothing is to be held against it. */
  content: string | null;
}

const UNKNOWN: Check = { state: "unknown", word: "–", text: null };

/** The checks of a node that could not be asked. */
export function notChecked(word: string, text: string): Checks {
  const unknown = Object.fromEntries(CHECK_NAMES.map((name) => [name, UNKNOWN])) as Checks;
  return { ...unknown, ssh: { state: "fail", word, text } };
}

/** The checks of a node that answered. */
export function checksOf(seen: Seen): Checks {
  return {
    ssh: fine("ok"),
    clock: clockCheck(seen),
    deno: denoCheck(seen),
    project: projectCheck(seen),
    library: libraryCheck(seen),
    disk: diskCheck(seen),
    load: loadCheck(seen),
  };
}

/** What is wrong, each in one line. */
export function problemsOf(checks: Checks): string[] {
  return CHECK_NAMES.map((name) => checks[name].text).filter((text) => text !== null);
}

/** Why no bench can run on a node, in one line; `null` where one can. */
export function failureOf(checks: Checks): string | null {
  const failed = CHECK_NAMES.find((name) => checks[name].state === "fail");
  return failed === undefined ? null : checks[failed].text ?? checks[failed].word;
}

function fine(word: string): Check {
  return { state: "fine", word, text: null };
}

function clockCheck({ clock }: Seen): Check {
  if (clock === null) return UNKNOWN;
  return isOff(clock) ? { state: "warn", word: "off", text: clockWarning(clock) } : fine("ok");
}

function denoCheck({ probe: { deno } }: Seen): Check {
  if (deno === null) {
    const text = "there is no deno on the PATH of its SSH sessions; install Deno there";
    return { state: "fail", word: "missing", text };
  }
  if (!isOlder(deno, LEAST_DENO)) return fine(deno);
  const text = `its Deno is ${deno}, and a bench needs ${LEAST_DENO} or newer; upgrade it`;
  return { state: "fail", word: deno, text };
}

/** Whether a version is older than another, by its first two numbers. */
function isOlder(version: string, least: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [leastMajor = 0, leastMinor = 0] = least.split(".").map(Number);
  return major < leastMajor || (major === leastMajor && minor < leastMinor);
}

function projectCheck({ probe: { deno, release, content: there }, ...seen }: Seen): Check {
  const { doctor, doctorProblem, content } = seen;
  if (doctorProblem !== null) {
    return { state: "fail", word: release === null ? "missing" : "fails", text: doctorProblem };
  }
  if (doctor === null || deno === null || there === null || content === null) return UNKNOWN;
  if (there === content) return fine("same");
  const text = `its project is ${release}, which is another one than here; deno task nodes push`;
  return { state: "warn", word: "other", text };
}

function libraryCheck({ doctor }: Seen): Check {
  if (doctor === null) return UNKNOWN;
  const { machine, installed, kept, default: usual } = doctor.engine;
  const used = installed[0] === undefined
    ? kept.find((release) => release === usual)
    : basename(installed[0]);
  const missing = doctor.stores.find(({ name }) => name === "raw")?.missing ?? null;
  if (used !== undefined && missing === null) return fine(used);
  if (used !== undefined) return { state: "warn", word: "unfit", text: missing };
  const text = machine === null
    ? "no librocksdb is installed on it, and no release has a library for its kind of machine"
    : `it has no librocksdb; deno task nodes push gives it the release ${usual}`;
  return { state: "warn", word: "none", text };
}

function diskCheck({ probe: { stateProblem, dataProblem, freeBytes } }: Seen): Check {
  const [what, said] = stateProblem !== null
    ? ["results", stateProblem]
    : ["databases", dataProblem];
  if (said !== null) {
    return { state: "fail", word: wordOf(said), text: `${what} cannot be written there: ${said}` };
  }
  return freeBytes === null ? UNKNOWN : fine(formatBytes(freeBytes));
}

function wordOf(said: string): string {
  if (/No space left|quota/.test(said)) return "full";
  return /Read-only/.test(said) ? "read-only" : "denied";
}

/** What others do on a node, as doctor finds it. */
const LOADS: ReadonlySet<string> = new Set(["steal", "other-processes", "load"]);

function loadCheck({ doctor }: Seen): Check {
  if (doctor === null) return UNKNOWN;
  const busy = doctor.findings.some(({ id, severity }) => LOADS.has(id) && severity === "warn");
  // Doctor's own words stand among its findings.
  return busy ? { state: "warn", word: "busy", text: null } : fine("idle");
}
