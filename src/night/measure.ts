/** Measures a night, here or on the machines of the cluster. */
import {
  collectSession,
  measureSession,
  newSession,
  type NodesSession,
  placesOf,
  readSession,
  SESSION_FILE,
  SshTransport,
  unmeasured,
} from "../cluster/mod.ts";
import { isThere, JOURNAL_FILE } from "../disk/mod.ts";
import { bench, type BenchRequest, resumeBench } from "../run/mod.ts";
import type { Night } from "./night_file.ts";
import type { NightCluster, NightPlan } from "./plan.ts";

/**
 * Measures on this machine, or goes on where a night was broken off. Whatever it has measured is in
 * the journal, however it ends.
 *
 * @throws {RunError} Where it cannot begin or go on.
 */
export async function measureHere(
  { night, dataDirectory, version, withProgress, signal, tell }: NightPlan,
  request: BenchRequest | null,
): Promise<void> {
  const { file, bench: directory } = night;
  // Nothing of the call but what was measured: where pages go is nobody's business.
  const command = ["nightly", file.suite, "--profile", file.profile];
  if (isThere(`${directory}/${JOURNAL_FILE}`)) {
    const resumed = { directory, dataDirectory, command, version };
    await withProgress((events) => resumeBench(resumed, events, signal));
  } else if (request !== null) {
    const fresh = { ...request, directory, command };
    for (const warning of request.warnings) tell(`note: ${warning}\n`);
    await withProgress((events) => bench(fresh, events, signal));
  }
}

/**
 * Measures on the machines, or goes on where a night was broken off: those that have measured all are
 * left alone.
 *
 * @throws {ClusterError} Where nothing can be written here.
 */
export async function measureNodes(plan: NightPlan, cluster: NightCluster): Promise<void> {
  const { night, tell, signal } = plan;
  const { inventory, nodes, args, ssh, supply, reconnectSeconds } = cluster;
  const isResumed = isThere(`${night.bench}/${SESSION_FILE}`);
  let session: NodesSession;
  let waiting = nodes;
  if (isResumed) {
    session = await collectNodes(night, cluster, plan);
    waiting = unmeasured(session, nodes);
  } else {
    Deno.mkdirSync(night.bench, { recursive: true });
    session = newSession({ id: night.file.id, startedAt: new Date(), args, nodes });
  }
  const names = waiting.map(({ name }) => name);
  if (names.length > 0) tell(`Benching ${names.join(", ")}\n`);
  using transport = new SshTransport(inventory, ssh);
  await measureSession(session, waiting, {
    transport,
    places: placesOf(inventory),
    directory: night.bench,
    patienceSeconds: ssh.patienceSeconds,
    reconnectSeconds,
    supply,
    signal,
    tell,
  });
}

/**
 * Fetches what the machines have of a night and is not here.
 *
 * @throws {ClusterError} Where nothing can be written here.
 */
export async function collectNodes(
  { bench }: Night,
  { inventory, nodes, ssh }: NightCluster,
  { signal, tell }: Pick<NightPlan, "signal" | "tell">,
): Promise<NodesSession> {
  const session = readSession(bench);
  using transport = new SshTransport(inventory, ssh);
  await collectSession(session, unmeasured(session, nodes), {
    transport,
    places: placesOf(inventory),
    directory: bench,
    patienceSeconds: ssh.patienceSeconds,
    signal,
    tell,
  });
  return session;
}
