/** What a node is like right now, and whether it has everything that a bench will need. */
import * as v from "valibot";
import { FIRST_ISSUE } from "../result/mod.ts";
import { type Checks, checksOf, failureOf, notChecked, problemsOf } from "./check.ts";
import { type ClockOffset, clockOffset } from "./clock.ts";
import { ClusterError } from "./error.ts";
import type { ClusterNode } from "./inventory.ts";
import { ask, type Link, type Transport } from "./link.ts";
import { NOTHING_PUSHED, type Places } from "./places.ts";
import { probe } from "./probe.ts";
import { shellWord } from "./shell_word.ts";

const Names = v.array(v.string());

const Doctor = v.looseObject({
  environment: v.looseObject({
    kernel: v.string(),
    host: v.string(),
    data: v.looseObject({
      filesystem: v.nullable(v.string()),
      freeBytes: v.nullable(v.number()),
    }),
    runtime: v.looseObject({ deno: v.string() }),
  }),
  findings: v.array(
    v.looseObject({ id: v.string(), severity: v.picklist(["warn", "info"]), text: v.string() }),
  ),
  stores: v.array(v.looseObject({ name: v.string(), missing: v.nullable(v.string()) })),
  engine: v.looseObject({
    machine: v.nullable(v.string()),
    default: v.string(),
    installed: Names,
    kept: Names,
  }),
});

/** What `deno task doctor --json` says of a node, as far as it is used here. */
export type DoctorReport = v.InferOutput<typeof Doctor>;

/** What a node is like. */
export interface NodeStatus {
  node: string;
  reachable: boolean;
  /** What a bench will need, each thing in a word. */
  checks: Checks;
  /** Whether a bench can run there. */
  ready: boolean;
  /** What is wrong, each in one line. */
  problems: string[];
  clock: ClockOffset | null;
  /** What was pushed to it; `null` where that is not known. */
  release: string | null;
  /** What doctor says there; `null` where it could not be asked. */
  doctor: DoctorReport | null;
}

/** How to look at a node. */
export interface StatusOptions {
  /** How long it may take over a question, s; doctor watches the machine for a second. */
  patienceSeconds: number;
  /** The digest of this project's content, to hold the node's against. */
  content?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** Finds out what a node is like. Whatever fails becomes a problem of its row. */
export async function nodeStatus(
  transport: Transport,
  node: ClusterNode,
  places: Places,
  options: StatusOptions,
): Promise<NodeStatus> {
  let link: Link;
  try {
    link = await transport.connect(node, options.signal);
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    return notReached(node.name, error);
  }
  try {
    return await statusOver(link, node.name, places, options);
  } finally {
    await link.close();
  }
}

/** The status of a node to which there is no connection. */
export function notReached(node: string, { word, message }: ClusterError): NodeStatus {
  const checks = notChecked(word ?? "no", message);
  return { ...statusOf(node, checks), reachable: false };
}

/** Finds out what a node is like to which there is a connection. */
export async function statusOver(
  link: Link,
  node: string,
  places: Places,
  { patienceSeconds, content }: Omit<StatusOptions, "signal">,
): Promise<NodeStatus> {
  const clock = await clockOffset(link, patienceSeconds);
  const probed = await probe(link, places, patienceSeconds);
  if ("word" in probed) {
    return { ...statusOf(node, notChecked(probed.word, probed.text)), clock };
  }
  const { report: doctor, problem } = probed.deno === null
    ? { report: null, problem: null }
    : await askDoctor(link, places, patienceSeconds);
  const seen = { clock, probe: probed, doctor, doctorProblem: problem, content: content ?? null };
  return { ...statusOf(node, checksOf(seen)), clock, release: probed.release, doctor };
}

function statusOf(node: string, checks: Checks): NodeStatus {
  return {
    node,
    reachable: true,
    checks,
    ready: failureOf(checks) === null,
    problems: problemsOf(checks),
    clock: null,
    release: null,
    doctor: null,
  };
}

/** Asks a node's doctor. */
export async function askDoctor(
  link: Link,
  { project, databases }: Places,
  patienceSeconds: number,
): Promise<{ report: DoctorReport | null; problem: string | null }> {
  const fail = (problem: string) => ({ report: null, problem });
  const answer = await ask(
    link,
    `cd ${shellWord(project)} 2>/dev/null || exit ${NOTHING_PUSHED}; ` +
      `exec deno task --quiet doctor --json --data ${shellWord(databases)}`,
    patienceSeconds,
  );
  if (answer === undefined) {
    return fail(`it answers, and hangs: no word within ${patienceSeconds} s`);
  }
  if (answer.code === NOTHING_PUSHED) return fail("nothing was pushed to it; deno task nodes push");
  if (answer.code !== 0) {
    const line = answer.err.trim().split("\n").at(-1)?.slice(0, 200);
    return fail(`doctor ended with ${answer.code}${line ? `: ${line}` : ""}`);
  }
  let json: unknown;
  try {
    json = JSON.parse(answer.out);
  } catch {
    return fail("doctor's answer is not JSON; push the project again");
  }
  const parsed = v.safeParse(Doctor, json, FIRST_ISSUE);
  if (!parsed.success) return fail("doctor's answer has another form; push the project again");
  return { report: parsed.output, problem: null };
}
