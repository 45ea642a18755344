/** What a node is like right now. */
import * as v from "valibot";
import { FIRST_ISSUE } from "../result/mod.ts";
import { type ClockOffset, clockOffset, clockWarning, isOff } from "./clock.ts";
import { ClusterError } from "./error.ts";
import type { ClusterNode } from "./inventory.ts";
import { ask, type Link, type Transport } from "./link.ts";
import { NOTHING_PUSHED, type Places } from "./places.ts";
import { shellWord } from "./shell_word.ts";

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
});

/** What `deno task doctor --json` says of a node, as far as it is used here. */
type DoctorReport = v.InferOutput<typeof Doctor>;

/** What a node is like. */
export interface NodeStatus {
  node: string;
  reachable: boolean;
  /** What is wrong, each in one line. */
  problems: string[];
  clock: ClockOffset | null;
  /** What doctor says there; `null` where it could not be asked. */
  doctor: DoctorReport | null;
}

/**
 * Finds out what a node is like. Whatever fails becomes a problem of its row.
 *
 * @param patienceSeconds How long it may take over a question, s; doctor watches the machine for a
 * second.
 */
export async function nodeStatus(
  transport: Transport,
  node: ClusterNode,
  places: Places,
  patienceSeconds: number,
  signal?: AbortSignal,
): Promise<NodeStatus> {
  const status: NodeStatus = {
    node: node.name,
    reachable: false,
    problems: [],
    clock: null,
    doctor: null,
  };
  let link: Link;
  try {
    link = await transport.connect(node, signal);
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    return { ...status, problems: [error.message] };
  }
  status.reachable = true;
  try {
    status.clock = await clockOffset(link, patienceSeconds);
    if (status.clock !== null && isOff(status.clock)) {
      status.problems.push(clockWarning(status.clock));
    }
    const { report, problem } = await askDoctor(link, places, patienceSeconds);
    status.doctor = report;
    if (problem !== null) status.problems.push(problem);
  } finally {
    await link.close();
  }
  return status;
}

async function askDoctor(
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
