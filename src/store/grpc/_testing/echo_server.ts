import { Buffer } from "node:buffer";
import { createServer, type ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";

/** A gRPC server that gives back what it is sent. */
export interface EchoServer extends AsyncDisposable {
  port: number;
  /** Ends its connections. */
  drop(): void;
}

/**
 * Serves on a free port. What a path ends with says how: `/echo`, `/never` (no answer), `/fails` (a
 * status), `/http` (no gRPC), `/twice` (two messages).
 */
export async function serveEcho(settings: { maxConcurrentStreams?: number } = {}): Promise<
  EchoServer
> {
  const server = createServer({ settings });
  const sessions = new Set<{ destroy(): void }>();
  server.on("session", (session) => sessions.add(session));
  server.on("stream", (stream: ServerHttp2Stream, headers) => {
    stream.on("error", () => {});
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => answer(stream, String(headers[":path"]), Buffer.concat(chunks)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const drop = () => {
    for (const session of sessions) session.destroy();
    sessions.clear();
  };
  return {
    port: (server.address() as AddressInfo).port,
    drop,
    async [Symbol.asyncDispose]() {
      drop();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(stream: ServerHttp2Stream, path: string, body: Buffer): void {
  const way = path.split("/").at(-1);
  if (way === "never") return;
  if (way === "http") {
    stream.respond({ ":status": 404 });
    stream.end();
    return;
  }
  const fails = way === "fails";
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.on("wantTrailers", () => {
    stream.sendTrailers(
      fails
        ? { "grpc-status": "8", "grpc-message": "no%20space %E2%82%AC" }
        : { "grpc-status": "0" },
    );
  });
  if (!fails) stream.write(body);
  if (way === "twice") stream.write(body);
  stream.end();
}
