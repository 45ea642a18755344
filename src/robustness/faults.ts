/**
 * Faults under load: writers put keys through etcd's client into a cluster of three while its members
 * are killed or stopped, one fault after the other. Every write that was acknowledged is read back at
 * the end. Writes `reports/e2e-faults.md`.
 *
 * Run by `deno task test:faults`, with `--kills N` for fewer than 50.
 */
import { parseArgs } from "node:util";
import { formatCount, formatPercent, formatTime, plural } from "../format/mod.ts";
import { newMeter, ProtoReader, ProtoWriter, RpcError } from "../store/grpc/mod.ts";
import { Members } from "../store/etcd/_testing/members.ts";
import { soon } from "../store/etcd/_testing/server.ts";
import { STANDARD } from "../cli/streams.ts";
import { connectEtcd, type EtcdClient, type EtcdTarget } from "../store/etcd/client.ts";
import { METHOD, readRange } from "../store/etcd/messages.ts";

const WRITERS = 16;
const VALUE_BYTES = 256;
/** Before each fault and after it, ms. */
const STEADY_MS = 1500;
/** How long a stopped member is stopped, ms. */
const PAUSE_MS = 3000;
/** A window of the time line, ms. */
const WINDOW_MS = 250;
/** How long writing may take to go on, ms. */
const PATIENCE_MS = 30_000;
const NODES = 3;

/** What is done to a member. */
const FAULTS = {
  "leader killed": { role: "leader", act: "kill" },
  "follower killed": { role: "follower", act: "kill" },
  "leader stopped": { role: "leader", act: "pause" },
  "follower stopped": { role: "follower", act: "pause" },
} as const;
type FaultName = keyof typeof FAULTS;

/** A write that was acknowledged. */
interface Write {
  /** When, and how long it took, ms. */
  at: number;
  ms: number;
}

/** What a fault came to. */
interface Outcome {
  fault: FaultName;
  at: number;
  /** The longest time without an acknowledgement from the fault on, ms. */
  gapMs: number;
  /** Until a window had half of the rate before, ms. */
  recoveredMs: number | null;
  errors: number;
  retries: number;
}

/** Writers that go on whatever happens. */
class Load {
  readonly acknowledged: number[] = [];
  readonly writes: Write[] = [];
  readonly errors: string[] = [];
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
): Promise<Outcome> {
  await sleep(STEADY_MS);
  const { role, act } = FAULTS[fault];
  const leader = members.indexOf(client.endpoint);
  const victim = role === "leader" ? leader : (leader + 1) % NODES;
  const [errors, retries, before] = [load.errors.length, client.retries, load.writes.length];
  const at = performance.now();
  const rate = load.writes.filter((write) => write.at > at - STEADY_MS).length / STEADY_MS;
  if (act === "kill") await members.kill(victim);
  else {
    members.pause(victim);
    await sleep(PAUSE_MS);
    members.resume(victim);
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

const folder = await Deno.makeTempDir({ prefix: "tidemark-faults-" });
await using members = new Members(folder, NODES);
const target: EtcdTarget = {
  endpoints: members.endpoints,
  role: "leader",
  connections: 1,
  deadlineMs: 10_000,
  consistency: "linearizable",
  meter: newMeter(),
};
const client = await soon(() => connectEtcd(target, true));
const { version } = client.status;
const load = new Load(client);
const begun = performance.now();
const outcomes: Outcome[] = [];
for (const fault of faults) {
  const outcome = await suffer(fault, members, target, client, load);
  outcomes.push(outcome);
  const told = `${outcomes.length} of ${faults.length}, ${fault}`;
  STANDARD.error(`${told}: no answer for ${Math.round(outcome.gapMs)} ms\n`);
}
await load.end();
const minutes = (performance.now() - begun) / 60_000;
const there = await readBack(client);
client.close();
const lost = load.acknowledged.filter((number) => !there.has(number));
Deno.writeTextFileSync(asked.out, report());
STANDARD.error(`${formatCount(load.acknowledged.length)} acknowledged, ${lost.length} lost\n`);
if (lost.length > 0) Deno.exitCode = 1;

/** What it came to, as Markdown. */
function report(): string {
  const names = [...new Set(faults)];
  const rows = names.map((fault) => {
    const own = outcomes.filter((outcome) => outcome.fault === fault);
    const spread = (values: number[]) => {
      const sorted = values.toSorted((a, b) => a - b);
      const [least, middle, most] = [0, 0.5, 1].map((share) =>
        formatTime(sorted[Math.round(share * (sorted.length - 1))]! * 1e6)
      );
      return `${middle} (${least} to ${most})`;
    };
    const again = own.flatMap(({ recoveredMs }) => recoveredMs ?? []);
    const sum = (read: (outcome: Outcome) => number) =>
      formatCount(own.reduce((all, outcome) => all + read(outcome), 0));
    return `| ${fault} | ${own.length} | ${spread(own.map(({ gapMs }) => gapMs))} | ` +
      `${again.length === 0 ? "–" : spread(again)} | ${sum(({ errors }) => errors)} | ` +
      `${sum(({ retries }) => retries)} |`;
  });
  const errorShare = formatPercent(
    load.errors.length / (load.acknowledged.length + load.errors.length),
  );
  const errors = [...Map.groupBy(load.errors, (message) => message)]
    .map(([message, all]) => `- ${formatCount(all.length)} × ${message}`);
  return [
    "# Faults under load",
    "",
    `etcd ${version}, ${NODES} members on one machine, ${WRITERS} writers of ${VALUE_BYTES} bytes to ` +
    `the leader through Tidemark's client, ${minutes.toFixed(1)} minutes, ` +
    `${plural(outcomes.length, "fault")}. \`deno task test:faults\` writes this.`,
    "",
    `**Of ${formatCount(load.acknowledged.length)} writes that were acknowledged, ${lost.length} ` +
    `were lost**: each was read back at the end, with its value. ` +
    `${plural(load.errors.length, "write")} ended with an error, ${errorShare} of all.`,
    "",
    "No answer: the longest time without an acknowledgement from the fault on. Recovered: until a " +
    `quarter of a second had half of the rate before. Medians, with the least and the most. Stopped ` +
    `members were stopped for ${PAUSE_MS / 1000} s.`,
    "",
    "| Fault | Times | No answer | Recovered | Errors | Retries |",
    "| --- | ---: | ---: | ---: | ---: | ---: |",
    ...rows,
    "",
    ...(errors.length === 0 ? [] : ["The errors that writers saw:", "", ...errors, ""]),
    ...names.flatMap(timeLine),
    "Not shown: members that are cut off from the network and come back, and slow disks.",
    "",
  ].join("\n");
}

/** The fault that is in the middle by its gap, window by window. */
function timeLine(fault: FaultName): string[] {
  const own = outcomes.filter((outcome) => outcome.fault === fault)
    .toSorted((a, b) => a.gapMs - b.gapMs);
  const { at, gapMs } = own[Math.floor(own.length / 2)]!;
  const lines: string[] = [];
  for (let from = -4; from * WINDOW_MS < gapMs + 2000; from++) {
    const [begin, end] = [at + from * WINDOW_MS, at + (from + 1) * WINDOW_MS];
    const times = load.writes.filter((write) => write.at >= begin && write.at < end)
      .map(({ ms }) => ms).toSorted((a, b) => a - b);
    const rate = times.length * 1000 / WINDOW_MS;
    const quantile = (share: number) =>
      times.length === 0
        ? "–"
        : formatTime(times[Math.min(times.length - 1, Math.floor(share * times.length))]! * 1e6);
    const mark = from === 0 ? ` ← ${fault}` : times.length === 0 ? " no answer" : "";
    const bar = "█".repeat(Math.round(rate / 200));
    lines.push(
      `| ${(from * WINDOW_MS / 1000).toFixed(2)} s | ${formatCount(rate)} | ${quantile(0.5)} | ` +
        `${quantile(0.99)} | ${bar}${mark} |`,
    );
  }
  return [
    `## ${fault[0]!.toUpperCase()}${fault.slice(1)}`,
    "",
    "The one of them that is in the middle by its time without an answer, in windows of " +
    `${WINDOW_MS} ms:`,
    "",
    "| Since the fault | Acknowledged, 1/s | p50 | p99 | |",
    "| ---: | ---: | ---: | ---: | --- |",
    ...lines,
    "",
  ];
}
