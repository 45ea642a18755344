import { endpointText } from "../../grpc/mod.ts";
import { startNullServer } from "../../grpc/null/worker.ts";
import { connectTikv } from "../client.ts";
import { tikvTarget } from "../options.ts";
import { TikvStore } from "../store.ts";

/** What keys begin with: as many bytes as those of a run. */
const PREFIX = `tidemark/${"0".repeat(36)}/`;

/** Starts the server in a thread of its own, and opens a store on it; the two end together. */
export async function openNullTikv(path: string): Promise<TikvStore> {
  const { endpoint, end } = await startNullServer(new URL("./server.ts", import.meta.url));
  try {
    const options = { pd: endpointText(endpoint) };
    return new TikvStore(path, await connectTikv(tikvTarget(options)), options, PREFIX, end);
  } catch (error) {
    await end();
    throw error;
  }
}
