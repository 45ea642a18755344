import type { Endpoint } from "../endpoint.ts";

/** A server that does nothing, in a thread of its own. */
export interface NullServer {
  endpoint: Endpoint;
  /** Ends it and its thread. */
  end(): Promise<void>;
}

/**
 * Starts one.
 *
 * @param module What its thread runs, which calls `serveNothing()`.
 * @throws Where it does not come up.
 */
export async function startNullServer(module: URL): Promise<NullServer> {
  const worker = new Worker(module, { type: "module", name: "null server" });
  const end = () => {
    worker.terminate();
    return Promise.resolve();
  };
  const started = Promise.withResolvers<number>();
  worker.onmessage = ({ data }) => started.resolve(data);
  worker.onerror = (event) => {
    event.preventDefault();
    started.reject(new Error(event.message));
  };
  try {
    return { endpoint: { host: "127.0.0.1", port: await started.promise }, end };
  } catch (error) {
    await end();
    throw error;
  }
}
