/** Measures a night, here or on the machines of the cluster. */
import {
  type ClusterNode,
  collect,
  type Inventory,
  type NodesSession,
  placesOf,
  readSession,
  SESSION_FILE,
} from "../../cluster/mod.ts";
import { JOURNAL_FILE } from "../../result/mod.ts";
import { bench, type BenchRequest, resumeBench } from "../../run/mod.ts";
import { withProgress } from "../bench_session.ts";
import { measureSession, newSession, seconds, transportOf } from "../nodes.ts";
import type { Streams } from "../streams.ts";
import { VERSION } from "../version.ts";
import type { NightlyFlags } from "./flags.ts";
import type { Night } from "./night_file.ts";

/** What measuring needs. */
export interface MeasureOptions {
  flags: NightlyFlags;
  streams: Streams;
  signal: AbortSignal;
  /** The machines, with `--nodes`. */
  cluster: Cluster | null;
}

/** The machines that are meant. */
export interface Cluster {
  inventory: Inventory;
  nodes: readonly ClusterNode[];
}

/**
 * Measures on this machine, or goes on where a night was broken off. Whatever it has measured is in
 * the journal, however it ends.
 *
 * @throws {RunError} Where it cannot begin or go on.
 */
export async function measureHere(
  night: Night,
  request: BenchRequest | null,
  { flags, streams, signal }: MeasureOptions,
): Promise<void> {
  // Nothing of the call but what was measured: where pages go is nobody's business.
  const command = ["nightly", night.file.suite, "--profile", night.file.profile];
  if (isThere(`${night.bench}/${JOURNAL_FILE}`)) {
    const resumed = {
      directory: night.bench,
      dataDirectory: flags.data,
      command,
      version: VERSION,
    };
    await withProgress(streams, (events) => resumeBench(resumed, events, signal));
  } else if (request !== null) {
    const fresh = { ...request, directory: night.bench, command };
    for (const warning of request.warnings) streams.error(`note: ${warning}\n`);
    await withProgress(streams, (events) => bench(fresh, events, signal));
  }
}

/**
 * Measures on the machines, or goes on where a night was broken off: those that have measured all are
 * left alone.
 *
 * @throws {ClusterError} Where nothing can be written here.
 */
export async function measureNodes(
  night: Night,
  suite: string,
  options: MeasureOptions & { cluster: Cluster },
): Promise<NodesSession> {
  const { flags, streams, signal, cluster: { inventory, nodes } } = options;
  const isResumed = isThere(`${night.bench}/${SESSION_FILE}`);
  using transport = transportOf(inventory, flags);
  let session: NodesSession;
  let waiting = nodes;
  if (isResumed) {
    session = await collectNodes(night, options);
    const left = session.rows.filter((row) => row.state !== "measured").map(({ node }) => node);
    waiting = nodes.filter(({ name }) => left.includes(name));
  } else {
    Deno.mkdirSync(night.bench, { recursive: true });
    const { profile, id } = night.file;
    session = {
      ...newSession(suite, { ...flags, profile, reconnect: flags.reconnect }, nodes),
      id,
    };
  }
  const names = waiting.map(({ name }) => name);
  if (names.length > 0) streams.error(`Benching ${names.join(", ")}\n`);
  await measureSession(session, night.bench, {
    inventory,
    nodes: waiting,
    transport,
    flags,
    streams,
    signal,
  });
  return session;
}

/**
 * Fetches what the machines have of a night and is not here.
 *
 * @throws {ClusterError} Where nothing can be written here.
 */
export async function collectNodes(
  night: Night,
  { flags, streams, signal, cluster: { inventory, nodes } }: MeasureOptions & { cluster: Cluster },
): Promise<NodesSession> {
  const session = readSession(night.bench);
  const left = session.rows.filter((row) => row.state !== "measured").map(({ node }) => node);
  using transport = transportOf(inventory, flags);
  const collected = await collect(
    session,
    nodes.filter(({ name }) => left.includes(name)),
    {
      transport,
      places: placesOf(inventory),
      directory: night.bench,
      patienceSeconds: seconds("--patience", flags.patience ?? "30"),
      signal,
    },
  );
  for (const { node, bytes, problem } of collected) {
    streams.error(`${node}  ${problem ?? `${bytes} bytes of journal fetched`}\n`);
  }
  return session;
}

function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
