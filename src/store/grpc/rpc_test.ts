import assert from "node:assert/strict";
import { serveEcho } from "./_testing/echo_server.ts";
import { Http2Error, newMeter } from "./http2.ts";
import { ProtoReader, ProtoWriter } from "./protobuf.ts";
import { RPC_CODE, RpcConnection, RpcError } from "./rpc.ts";

async function connect(port: number, deadlineMs = 20_000): Promise<RpcConnection> {
  const authority = `127.0.0.1:${port}`;
  const rpc = new RpcConnection(await Deno.connect({ hostname: "127.0.0.1", port }), {
    authority,
    tls: false,
    deadlineMs,
  });
  await rpc.ready;
  return rpc;
}

/** A message with so many bytes in it, and what it is read back as. */
async function echo(rpc: RpcConnection, bytes: number, way = "echo"): Promise<number[]> {
  const content = Uint8Array.from({ length: bytes }, (_, i) => i * 7 + (i >> 8));
  const lengths: number[] = [];
  await rpc.call(`/test/${way}`, new ProtoWriter().bytes(1, content).view, (answer) => {
    assert.equal(answer.next(), 1);
    const back = answer.bytes();
    assert.ok(back.every((byte, i) => byte === content[i]), `${bytes}`);
    lengths.push(back.length);
  });
  return lengths;
}

Deno.test("call() carries messages of any size both ways", { timeout: 120_000 }, async () => {
  await using server = await serveEcho();
  const rpc = await connect(server.port);
  // Less than a frame, more than one, more than the windows that begin.
  for (const bytes of [0, 1, 16_370, 16_384, 65_530, 65_536, 300_000, 3_000_000]) {
    assert.deepEqual(await echo(rpc, bytes), [bytes]);
  }
  assert.equal(rpc.inFlight, 0);
  rpc.close();
});

Deno.test("call() has many in flight, each with its own answer", { timeout: 120_000 }, async () => {
  for (const settings of [{}, { maxConcurrentStreams: 3 }]) {
    await using server = await serveEcho(settings);
    const rpc = await connect(server.port);
    const sizes = Array.from({ length: 200 }, (_, i) => i * 97 % 5000);
    const answers = await Promise.all(sizes.map((bytes) => echo(rpc, bytes)));
    assert.deepEqual(answers, sizes.map((bytes) => [bytes]));
    rpc.close();
  }
});

Deno.test("call() reads the messages of one answer that has several", {
  timeout: 120_000,
}, async () => {
  await using server = await serveEcho();
  const rpc = await connect(server.port);
  assert.deepEqual(await echo(rpc, 100, "twice"), [100, 100]);
  assert.deepEqual(await echo(rpc, 50_000, "twice"), [50_000, 50_000]);
  rpc.close();
});

async function refusal(call: Promise<unknown>): Promise<RpcError> {
  const error = await call.then(() => undefined, (error) => error);
  assert.ok(error instanceof RpcError, `${error}`);
  return error;
}

Deno.test("call() says how it failed, and others go on", { timeout: 120_000 }, async () => {
  await using server = await serveEcho();
  const rpc = await connect(server.port, 300);
  const [status, http, late, fine] = await Promise.all([
    refusal(echo(rpc, 1, "fails")),
    refusal(echo(rpc, 1, "http")),
    refusal(echo(rpc, 1, "never")),
    echo(rpc, 5),
  ]);
  assert.deepEqual([status.code, status.message], [RPC_CODE.resourceExhausted, "no space \u20ac"]);
  assert.equal(http.code, RPC_CODE.unimplemented);
  assert.match(http.message, /HTTP's 404: it is no gRPC server/);
  assert.deepEqual([late.code, late.message], [
    RPC_CODE.deadlineExceeded,
    "it did not answer within 0.3 s",
  ]);
  assert.deepEqual(fine, [5]);
  const waiting = refusal(echo(rpc, 1, "never"));
  await echo(rpc, 1);
  server.drop();
  assert.equal((await waiting).code, RPC_CODE.unavailable);
  assert.equal((await refusal(echo(rpc, 1))).code, RPC_CODE.unavailable);
  rpc.close();
});

Deno.test("call() passes on what the reader of an answer throws", {
  timeout: 120_000,
}, async () => {
  await using server = await serveEcho();
  const rpc = await connect(server.port);
  const wrong = rpc.call("/test/echo", Uint8Array.of(0xff), (answer: ProtoReader) => {
    answer.next();
  });
  await assert.rejects(wrong, RangeError);
  assert.deepEqual(await echo(rpc, 3), [3]);
  rpc.close();
});

Deno.test("ready says what is there instead of HTTP/2", { timeout: 120_000 }, async () => {
  const answers: [string, RegExp][] = [
    ["HTTP/1.1 400 Bad Request\r\n\r\n", /answers by HTTP\/1/],
    ["\x15\x03\x01\x00\x02\x02\x0a", /speaks TLS/],
    ["220 mail.example.org ESMTP\r\n", /speaks no HTTP\/2/],
    ["", /without a word/],
  ];
  for (const [said, expected] of answers) {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const serving = listener.accept().then(async (conn) => {
      await conn.read(new Uint8Array(1024));
      await conn.write(Uint8Array.from(said, (character) => character.charCodeAt(0)));
      conn.close();
    });
    const { port } = listener.addr as Deno.NetAddr;
    await assert.rejects(connect(port), (error) => {
      assert.ok(error instanceof Http2Error, `${error}`);
      assert.match(error.message, expected);
      return true;
    });
    await serving;
  }
});

Deno.test("ping() is sent only after an answer, and one at a time", {
  timeout: 120_000,
}, async () => {
  await using server = await serveEcho();
  const rpc = await connect(server.port);
  assert.equal(rpc.ping(), undefined);
  await echo(rpc, 10);
  const ping = rpc.ping();
  assert.equal(rpc.ping(), undefined);
  assert.ok(await ping! >= 0);
  assert.equal(rpc.ping(), undefined);
  await echo(rpc, 10);
  const broken = rpc.ping()!;
  server.drop();
  await assert.rejects(broken, Http2Error);
  rpc.close();
});

Deno.test("a connection's meter counts what is answered, from writing to reading", {
  timeout: 120_000,
}, async () => {
  await using server = await serveEcho();
  const meter = newMeter();
  const stream = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  const rpc = new RpcConnection(stream, {
    authority: "x",
    tls: false,
    deadlineMs: 20_000,
  });
  await rpc.ready;
  // What came before it is no business of the meter's.
  await echo(rpc, 10);
  rpc.meter = meter;
  const start = performance.now();
  await echo(rpc, 10);
  await echo(rpc, 20);
  const took = performance.now() - start;
  assert.equal(meter.requests, 2);
  assert.ok(meter.gapMs > 0 && meter.gapMs <= took + 10);
  assert.ok(meter.ms > 0 && meter.ms <= took, `${meter.ms} of ${took}`);
  rpc.close();
});
