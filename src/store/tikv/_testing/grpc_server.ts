import { Buffer } from "node:buffer";
import {
  createSecureServer,
  createServer,
  type Http2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";

/** A call did not end well: its status. */
export class Status extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** Answers a message with another one, or with none. @throws {Status} */
export type Handler = (message: Uint8Array) => Promise<Uint8Array | undefined>;

/** A gRPC server that a test has started. */
export interface GrpcServer {
  readonly port: number;
  /** Ends it with its connections. */
  stop(): Promise<void>;
}

/** What a server shows, and whose clients it takes: contents of files in PEM. */
export interface ServerTls {
  cert: string;
  key: string;
  /** Absent: it asks nobody who calls. */
  clients?: string;
}

const OK = 0;
const UNIMPLEMENTED = 12;
const PREFIX_BYTES = 5;

/**
 * Serves calls by their paths: each message of a call is handled as it comes, so that calls of one
 * message and of many go alike.
 *
 * @param port 0 for a free one.
 * @param tls Absent: none.
 */
export async function serveGrpc(
  handlerOf: (path: string) => Handler | undefined,
  port = 0,
  tls?: ServerTls,
): Promise<GrpcServer> {
  const server = tls === undefined ? createServer() : createSecureServer({
    cert: tls.cert,
    key: tls.key,
    ...(tls.clients !== undefined && {
      ca: tls.clients,
      requestCert: true,
      rejectUnauthorized: true,
    }),
  });
  const sessions = new Set<Http2Session>();
  server.on("session", (session) => {
    sessions.add(session);
    session.on("error", () => {});
    session.on("close", () => sessions.delete(session));
  });
  server.on("stream", (stream: ServerHttp2Stream, headers) => {
    const handler = handlerOf(String(headers[":path"]));
    if (handler === undefined) {
      refuse(stream, UNIMPLEMENTED, `unknown method ${headers[":path"]}`);
    } else serve(stream, handler);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const session of sessions) session.destroy();
      await closed;
    },
  };
}

function serve(stream: ServerHttp2Stream, handler: Handler): void {
  let rest: Uint8Array = new Uint8Array(0);
  let status = OK;
  let text = "";
  let pending = 0;
  let isWhole = false;
  stream.on("error", () => {});
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.on("wantTrailers", () => {
    stream.sendTrailers({
      "grpc-status": String(status),
      ...(text !== "" && { "grpc-message": encodeURIComponent(text) }),
    });
  });
  const end = () => {
    if (isWhole && pending === 0 && !stream.destroyed) stream.end();
  };
  const handle = async (message: Uint8Array) => {
    pending++;
    try {
      const answer = await handler(message);
      if (answer !== undefined && !stream.destroyed) stream.write(framed(answer));
    } catch (error) {
      status = error instanceof Status ? error.code : 2;
      text = error instanceof Error ? error.message : String(error);
      isWhole = true;
    }
    pending--;
    end();
  };
  stream.on("data", (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (;;) {
      if (rest.length < PREFIX_BYTES) return;
      const length = new DataView(rest.buffer, rest.byteOffset).getUint32(1);
      if (rest.length < PREFIX_BYTES + length) return;
      void handle(rest.subarray(PREFIX_BYTES, PREFIX_BYTES + length));
      rest = rest.subarray(PREFIX_BYTES + length);
    }
  });
  stream.on("end", () => {
    isWhole = true;
    end();
  });
}

function refuse(stream: ServerHttp2Stream, code: number, text: string): void {
  stream.on("error", () => {});
  stream.respond({
    ":status": 200,
    "content-type": "application/grpc",
    "grpc-status": String(code),
    "grpc-message": encodeURIComponent(text),
  }, { endStream: true });
}

function framed(message: Uint8Array): Uint8Array {
  const frame = new Uint8Array(PREFIX_BYTES + message.length);
  new DataView(frame.buffer).setUint32(1, message.length);
  frame.set(message, PREFIX_BYTES);
  return frame;
}
