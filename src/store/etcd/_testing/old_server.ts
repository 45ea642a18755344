import { createServer, type ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";
import { ProtoWriter } from "../../grpc/mod.ts";

/** A server that says of itself which version of etcd it is, and nothing else. */
export async function serveVersion(
  version: string,
): Promise<{ endpoint: string } & AsyncDisposable> {
  const header = new ProtoWriter().number(1, 1).number(2, 1).number(3, 1);
  const status = new ProtoWriter().message(1, header).text(2, version).number(4, 1).view.slice();
  const sessions = new Set<{ destroy(): void }>();
  const server = createServer();
  server.on("session", (session) => sessions.add(session));
  server.on("stream", (stream: ServerHttp2Stream) => {
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, {
      waitForTrailers: true,
    });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.end(Uint8Array.of(0, 0, 0, 0, status.length, ...status));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const session of sessions) session.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
