/**
 * Where the time of an operation on a server goes: each part measured by itself, and their sum held
 * against what the client measured as a whole. Means, since a server's buckets tell no more.
 */
import type { RunRecord, ServerMemberRecord, ServerTimeName, StoreRecord } from "../result/mod.ts";
import { mean } from "../stats/mod.ts";
import { LOAD_OPERATIONS } from "../workload/mod.ts";
import type { MeasuredBenchmark } from "./benchmark.ts";
import type { ClusterAnalysis, Decomposition, DecompositionPart, PartName } from "./model.ts";

/** Parts and whole may differ by this much of the whole; beyond it the report says what is missing. */
export const MOST_MISSING = 0.15;

/** A run's servers. */
type Servers = NonNullable<RunRecord["servers"]>;

/** Takes the time of every benchmark apart whose store is a server. */
export function decompose(measured: readonly MeasuredBenchmark[]): Decomposition[] {
  return measured.flatMap(({ record, runs }) => {
    const telling = runs.flatMap((run) =>
      run.servers !== undefined && run.servers.operations > 0
        ? [{ ...run, servers: run.servers }]
        : []
    );
    const told = telling.map(({ servers }) => servers);
    const ways = telling.map((run) => wayOf(record.workload.operation, run));
    const apart = telling.map(({ servers }, i) => partsOf(servers, ways[i]!));
    const [first, way] = [apart[0], ways[0]];
    if (first === undefined || way === undefined) return [];
    const parts = first.map(({ part }): DecompositionPart => ({
      part,
      ns: mean(apart.map((own) => own.find((other) => other.part === part)?.ns ?? 0)),
    }));
    const totalNs = mean(told.map(({ meanNs }) => meanNs));
    const sumNs = parts.reduce((sum, { ns }) => sum + ns, 0);
    const missing = 1 - sumNs / totalNs;
    const unread = told.find(({ unread }) => unread !== undefined)?.unread;
    return [{
      benchmark: record.id,
      store: record.store,
      name: record.name,
      operation: record.workload.operation,
      runs: told.length,
      inFlight: told[0]!.inFlight,
      cluster: clusterOf(runs.find(({ store }) => store !== null)?.store ?? undefined),
      wayNs: meanOf(told, ({ connectNs }) => connectNs ?? undefined, false),
      totalNs,
      parts,
      sumNs,
      missing,
      agrees: Math.abs(missing) <= MOST_MISSING,
      untold: untold(told, first, way),
      requests: mean(told.map(requestsEach)),
      others: Math.max(...told.map(othersShare)),
      gap: told.map(({ gap }) => gap).reduce((a, b) => a.ns >= b.ns ? a : b),
      retries: sumOf(told, ({ retries }) => retries),
      beside: {
        cpuNs: mean(told.map(({ cpuNs, operations }) => cpuNs / operations)),
        syncsEach: meanOf(told, (own) => timesOf(leaderOf(own), "walFsync")?.count, true),
        followersFsyncNs: followersFsync(told),
        commitNs: meanTime(told, "backendCommit"),
        commitShare: commitShare(told),
        leaderChanges: sumOf(
          told,
          (own) => Math.max(0, ...own.members.map(({ counts }) => counts.leaderChanges ?? 0)),
        ),
        slowApplies: sumOf(
          told,
          (own) => own.members.reduce((sum, { counts }) => sum + (counts.slowApplies ?? 0), 0),
        ),
      },
      ...(unread !== undefined && { unread }),
    }];
  });
}

/** The servers as a store described them. */
function clusterOf(store: StoreRecord | undefined): ClusterAnalysis {
  const { endpoints, role, consistency, cable, delayMs, jitterMs, loss } = store?.options ?? {};
  return {
    servers: typeof endpoints === "number" ? endpoints : null,
    leads: role === undefined ? null : role === "leader",
    newest: consistency !== "serializable",
    cable: typeof cable !== "string" ? null : {
      kind: cable,
      delayMs: Number(delayMs ?? 0),
      jitterMs: Number(jitterMs ?? 0),
      loss: Number(loss ?? 0),
    },
  };
}

/** How operations go through a cluster. */
interface Way {
  /** Requests of an operation in the mean that go into Raft's log; the others read. */
  writes: number;
  /** Whether reads ask by a round of Raft whether the leader leads still; else they ask nobody. */
  asks: boolean;
}

function wayOf(operation: string | null, { store, load }: RunRecord): Way {
  return {
    writes: load === undefined ? Number(operation === "put") : writesOf(load),
    asks: store?.options.consistency !== "serializable",
  };
}

/** Requests of an operation of a mix that write: each writing operation has one, whatever it reads. */
function writesOf({ operations }: NonNullable<RunRecord["load"]>): number {
  const count = (own: typeof operations) => own.reduce((sum, { count }) => sum + count, 0);
  const writing = operations.filter(({ operation }) => LOAD_OPERATIONS[operation].writes);
  const all = count(operations);
  return all === 0 ? 0 : count(writing) / all;
}

/** The mean of a part for an operation. */
function partsOf(servers: Servers, way: Way): DecompositionPart[] {
  const { meanNs, operations, wire, ping, connectNs } = servers;
  const each = requestsEach(servers);
  const handler = handlerOf(servers);
  const frame = ping === null ? null : ping.meanNs * each;
  // The kernel answers an opening by itself, so that it is never more than what goes through a server.
  const network = connectNs === null || frame === null ? null : Math.min(connectNs * each, frame);
  const handlerNs = handler === undefined ? null : handler.ns / operations;
  const parts: [PartName, number | null][] = [
    ["client", meanNs - wire.ns / operations],
    ["network", network],
    ["grpc", frame === null ? null : frame - (network ?? 0)],
    ...(handlerNs === null ? [] : handlerParts(servers, handlerNs, way)),
  ];
  return parts.flatMap(([part, ns]) => ns === null ? [] : [{ part, ns: Math.max(0, ns) }]);
}

/** What is inside of the server's own time for an operation; in sum that time. */
function handlerParts(
  servers: Servers,
  handlerNs: number,
  way: Way,
): [PartName, number | null][] {
  const each = requestsEach(servers);
  const { writes, asks } = way;
  const reads = Math.max(0, each - writes);
  const asked = servers.members.find((member) => member.asked);
  const range = reads > 0 ? meanOfTimes(timesOf(asked, "range")) : null;
  if (writes === 0 && range === null) return [["handler", handlerNs]];
  let left = handlerNs;
  const take = (ns: number | null, share: number) => {
    const own = Math.min((ns ?? 0) * share, left);
    left -= own;
    return own;
  };
  const fsync = take(meanOfTimes(timesOf(leaderOf(servers), "walFsync")), writes);
  const apply = take(meanOfTimes(timesOf(asked, "apply")), writes);
  const read = take(range, reads);
  return [
    [writes > 0 || asks ? "round" : "handler", left],
    ["fsync", writes > 0 ? fsync : null],
    ["apply", apply || null],
    ["range", range === null ? null : read],
  ];
}

/** The requests of all members: a client that loses one goes over to another. */
function handlerOf({ members }: Servers): { count: number; ns: number } | undefined {
  const all = members.flatMap((member) => timesOf(member, "handler") ?? []);
  if (all.length === 0) return undefined;
  return {
    count: all.reduce((sum, { count }) => sum + count, 0),
    ns: all.reduce((sum, { ns }) => sum + ns, 0),
  };
}

/** Requests of an operation: a walk makes several. */
function requestsEach({ wire, operations }: Servers): number {
  return wire.requests / operations;
}

/** How many of the server's requests were not this client's, as a share of this client's. */
function othersShare(servers: Servers): number {
  const { count } = handlerOf(servers) ?? { count: servers.wire.requests };
  return Math.max(0, count / servers.wire.requests - 1);
}

function leaderOf({ members }: Servers): ServerMemberRecord | undefined {
  return members.find(({ role }) => role === "leader");
}

function timesOf(member: ServerMemberRecord | undefined, time: ServerTimeName) {
  const times = member?.times[time];
  return times !== undefined && times.count > 0 && times.ns >= 0 ? times : undefined;
}

function meanOfTimes(times: { count: number; ns: number } | undefined): number | null {
  return times === undefined ? null : times.ns / times.count;
}

/** Reads of an operation that are told of; less is of writes that were tried again. */
const LEAST_READS = 0.01;

/** What this version of the server, or the way it was started, does not tell. */
function untold(
  told: readonly Servers[],
  parts: readonly DecompositionPart[],
  way: Way,
): Decomposition["untold"] {
  const has = (name: PartName) => parts.some(({ part }) => part === name);
  if (told.every(({ members }) => members.length === 0)) return ["server"];
  if (!has("round") && !has("handler")) return ["server"];
  const reads = mean(told.map(requestsEach)) - way.writes > LEAST_READS;
  return [
    ...(way.writes > 0 && !has("apply") ? ["apply" as const] : []),
    ...(reads && !has("range") ? ["range" as const] : []),
  ];
}

function sumOf(told: readonly Servers[], read: (servers: Servers) => number): number {
  return told.reduce((sum, own) => sum + read(own), 0);
}

/** The mean over the runs that tell. @param each Whether it is for an operation. */
function meanOf(
  told: readonly Servers[],
  read: (servers: Servers) => number | undefined,
  each: boolean,
): number | null {
  const values = told.flatMap((own) => {
    const value = read(own);
    return value === undefined ? [] : [each ? value / own.operations : value];
  });
  return values.length === 0 ? null : mean(values);
}

function meanTime(told: readonly Servers[], time: ServerTimeName): number | null {
  return meanOf(told, (own) => meanOfTimes(timesOf(leaderOf(own), time)) ?? undefined, false);
}

/** The share of the time in which the leader committed what was applied to its files. */
function commitShare(told: readonly Servers[]): number | null {
  return meanOf(told, (own) => {
    const commits = timesOf(leaderOf(own), "backendCommit");
    return commits && commits.ns / own.ns;
  }, false);
}

function followersFsync(told: readonly Servers[]): number | null {
  return meanOf(told, ({ members }) => {
    const means = members.filter(({ role }) => role === "follower").flatMap((member) =>
      meanOfTimes(timesOf(member, "walFsync")) ?? []
    );
    return means.length === 0 ? undefined : mean(means);
  }, false);
}
