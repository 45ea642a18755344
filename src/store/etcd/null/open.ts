import { newMeter } from "../../grpc/mod.ts";
import { startNullServer } from "../../grpc/null/worker.ts";
import { connectEtcd } from "../client.ts";
import { EtcdStore } from "../store.ts";

/** How long an operation may take, ms. */
const DEADLINE_MS = 10_000;

/** Starts the server in a thread of its own, and opens a store on it; the two end together. */
export async function openNullEtcd(path: string): Promise<EtcdStore> {
  const { endpoint, end } = await startNullServer(new URL("./server.ts", import.meta.url));
  try {
    const client = await connectEtcd({
      endpoints: [endpoint],
      role: "leader",
      connections: 1,
      deadlineMs: DEADLINE_MS,
      consistency: "linearizable",
      meter: newMeter(),
    });
    const cluster = {
      endpoints: [endpoint],
      pids: [],
      end,
      complaint: () => Promise.resolve(undefined),
    };
    return new EtcdStore(path, client, {}, cluster, "");
  } catch (error) {
    await end();
    throw error;
  }
}
