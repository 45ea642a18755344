/**
 * Faults under load: writers put keys through etcd's client into a cluster of three while its members
 * are killed, stopped or cut off, or their disk is slowed, one fault after the other. Every write that
 * was acknowledged is read back at the end. Writes `reports/e2e-faults.md`.
 *
 * Run by `deno task test:faults`, with `--kills N` for fewer than 50.
 */
import { parseArgs } from "node:util";
import { hasEnded, kill } from "../child/mod.ts";
import { STANDARD } from "../cli/streams.ts";
import { formatCount } from "../format/mod.ts";
import { readKernelFile } from "../native/mod.ts";
import { type Cable, layCable, missingCable } from "../store/cable/mod.ts";
import { Members } from "../store/etcd/_testing/members.ts";
import { soon } from "../store/etcd/_testing/server.ts";
import { connectEtcd, type EtcdClient, type EtcdTarget } from "../store/etcd/client.ts";
import { METHOD, readRange } from "../store/etcd/messages.ts";
import { findProgram } from "../store/find_program.ts";
import { newMeter, ProtoReader, ProtoWriter, RpcError } from "../store/grpc/mod.ts";
import {
  type FaultName,
  FAULTS,
  faultsReport,
  type LoadTold,
  NODES,
  type Outcome,
  PAUSE_MS,
  VALUE_BYTES,
  WINDOW_MS,
  type Write,
  WRITERS,
} from "./faults_report.ts";

/** Before each fault and after it, ms. */
const STEADY_MS = 1500;
/** How long writing may take to go on, ms. */
const PATIENCE_MS = 30_000;
/** Writers that go on whatever happens. */
class Load implements LoadTold {
  readonly acknowledged: number[] = [];
  readonly writes: Write[] = [];
  readonly errors: string[] = [];
  lost = 0;
  #next = 0;
  #ending = false;
  readonly #working: Promise<void>[];

  constructor(client: EtcdClient) {
    this.#working = Array.from({ length: WRITERS }, () => this.#write(client));
  }

  async #write(client: EtcdClient): Promise<void> {
    const message = new ProtoWriter();
    while (!this.#ending) {
      const number = this.#next++;
      message.clear().bytes(1, keyOf(number)).bytes(2, valueOf(number));
      const start = performance.now();
      try {
        await client.call(METHOD.put, message.view, () => {});
        const at = performance.now();
        this.acknowledged.push(number);
        this.writes.push({ at, ms: at - start });
      } catch (error) {
        if (!(error instanceof RpcError)) throw error;
        this.errors.push(error.message);
        // Each number is tried once: whether it was written is not known, and not asked.
        await sleep(20);
      }
    }
  }

  async end(): Promise<void> {
    this.#ending = true;
    await Promise.all(this.#working);
  }
}

function keyOf(number: number): Uint8Array {
  return new TextEncoder().encode(`write/${String(number).padStart(10, "0")}`);
}

/** A value that belongs to its key alone. */
function valueOf(number: number): Uint8Array {
  const value = new Uint8Array(VALUE_BYTES).fill(number % 251);
  value.set(keyOf(number));
  return value;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits until a condition holds. */
async function until(condition: () => boolean, what: string): Promise<void> {
  const late = performance.now() + PATIENCE_MS;
  while (!condition()) {
    if (performance.now() > late) throw new Error(`${what} did not come to pass`);
    await sleep(5);
  }
}

/** Lets a neighbour sync what it writes to a file system, over and over. */
async function slowDisk(folder: string, ms: number): Promise<void> {
  const file = `${folder}/neighbour`;
  const writer = new Deno.Command("dd", {
    args: ["if=/dev/zero", `of=${file}`, "bs=16M", "oflag=dsync", "conv=notrunc", "count=100000"],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  try {
    await sleep(ms);
  } finally {
    kill(writer);
    await hasEnded(writer);
    await Deno.remove(file).catch(() => {});
  }
}

/** Waits until every member answers and knows a leader. */
async function whenWhole(target: EtcdTarget): Promise<void> {
  const client = await soon(() => connectEtcd(target, true));
  client.close();
}

/** Does one thing to one member, and waits until all is well again. */
async function suffer(
  fault: FaultName,
  members: Members,
  target: EtcdTarget,
  client: EtcdClient,
  load: Load,
  folder: string,
): Promise<Outcome> {
  await sleep(STEADY_MS);
  const { role, act } = FAULTS[fault];
  const leader = members.indexOf(client.endpoint);
  const victim = role === "leader" ? leader : (leader + 1) % NODES;
  const [errors, retries, before] = [load.errors.length, client.retries, load.writes.length];
  const at = performance.now();
  const rate = load.writes.filter((write) => write.at > at - STEADY_MS).length / STEADY_MS;
  switch (act) {
    case "kill":
      await members.kill(victim);
      break;
    case "stop":
      members.pause(victim);
      await sleep(PAUSE_MS);
      members.resume(victim);
      break;
    case "cut":
      await members.join(victim, false);
      await sleep(PAUSE_MS);
      await members.join(victim, true);
      break;
    case "slow":
      await slowDisk(folder, PAUSE_MS);
  }
  await until(() => load.writes.length > before + WRITERS, "an acknowledgement");
  await sleep(STEADY_MS);
  if (act === "kill") members.start(victim);
  await whenWhole(target);
  const after = load.writes.filter((write) => write.at >= at).map((write) => write.at)
    .toSorted((a, b) => a - b);
  const gaps = after.map((time, i) => time - (after[i - 1] ?? at));
  return {
    fault,
    at,
    gapMs: Math.max(...gaps),
    recoveredMs: recovery(after, at, rate),
    errors: load.errors.length - errors,
    retries: client.retries - retries,
    load,
  };
}

/** When a window after the longest gap began that has half of the rate before; ms after the fault. */
function recovery(after: readonly number[], at: number, rate: number): number | null {
  let longest = { end: at, ms: 0 };
  after.forEach((time, i) => {
    const ms = time - (after[i - 1] ?? at);
    if (ms > longest.ms) longest = { end: time, ms };
  });
  for (let from = longest.end; from < after.at(-1)! - WINDOW_MS; from += WINDOW_MS / 5) {
    const within = after.filter((time) => time >= from && time < from + WINDOW_MS).length;
    if (within >= rate * WINDOW_MS / 2) return from - at;
  }
  return null;
}

/** The numbers whose values are there as they were written. */
async function readBack(client: EtcdClient): Promise<Set<number>> {
  const found = new Set<number>();
  const [end, message] = [new TextEncoder().encode("write0"), new ProtoWriter()];
  for (let from = keyOf(0), more = true; more;) {
    let last = from;
    message.clear().bytes(1, from).bytes(2, end).number(3, 2000);
    await client.call(METHOD.range, message.view, (answer: ProtoReader) => {
      const read = readRange(answer);
      more = read.more;
      for (const { key, value } of read.entries) {
        const number = Number(new TextDecoder().decode(key).slice(6));
        const wanted = valueOf(number);
        if (value.every((byte, i) => byte === wanted[i])) found.add(number);
        last = key.slice();
      }
    });
    from = Uint8Array.of(...last, 0);
  }
  return found;
}

const { values: asked } = parseArgs({
  args: Deno.args,
  options: {
    kills: { type: "string", default: "50" },
    others: { type: "string", default: "3" },
    out: { type: "string", default: "reports/e2e-faults.md" },
  },
});
const [kills, others] = [Number(asked.kills), Number(asked.others)];
const faults: FaultName[] = (Object.keys(FAULTS) as FaultName[]).flatMap((name) =>
  new Array<FaultName>(name === "leader killed" ? kills : others).fill(name)
);

/** Does faults to a cluster, one after the other, and reads every acknowledged write back. */
async function endure(faults: readonly FaultName[], cable?: Cable): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "tidemark-faults-" });
  await using members = new Members(folder, NODES, cable);
  const target: EtcdTarget = {
    endpoints: members.endpoints,
    role: "leader",
    connections: 1,
    deadlineMs: 10_000,
    consistency: "linearizable",
    meter: newMeter(),
  };
  const client = await soon(() => connectEtcd(target, true));
  const load = new Load(client);
  for (const fault of faults) {
    const outcome = await suffer(fault, members, target, client, load, folder);
    outcomes.push(outcome);
    const gap = Math.round(outcome.gapMs);
    STANDARD.error(`${outcomes.length}, ${fault}: no answer for ${gap} ms\n`);
  }
  await load.end();
  const there = await readBack(client);
  load.lost = load.acknowledged.filter((number) => !there.has(number)).length;
  STANDARD.error(`${formatCount(load.acknowledged.length)} acknowledged, ${load.lost} lost\n`);
  const { version } = client.status;
  client.close();
  return version;
}

const load1 = Number.parseFloat(readKernelFile("/proc/loadavg") ?? "");
const begun = performance.now();
const outcomes: Outcome[] = [];
const isCut = (fault: FaultName) => FAULTS[fault].act === "cut";
const version = await endure(faults.filter((fault) => !isCut(fault)));
const missing = missingCable() ??
  (findProgram("ip") === undefined
    ? "There is no ip on this machine: install iproute2"
    : undefined);
if (missing === undefined && others > 0) {
  const cable = await layCable(NODES, { delayMs: 0, jitterMs: 0, loss: 0 });
  try {
    await endure(faults.filter(isCut), cable);
  } finally {
    await cable.end();
  }
}
const left = missing && `members that are cut off and come back. ${missing}.`;
const minutes = (performance.now() - begun) / 60_000;
const told = {
  version,
  load1: Number.isFinite(load1) ? load1 : null,
  minutes,
  outcomes,
  ...(left !== undefined && { left }),
};
Deno.writeTextFileSync(asked.out, faultsReport(told));
if (outcomes.some(({ load }) => load.lost > 0)) Deno.exitCode = 1;
