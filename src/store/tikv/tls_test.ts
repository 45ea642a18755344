import assert from "node:assert/strict";
import type { StoreOptions } from "../contract.ts";
import { StoreError } from "../error.ts";
import { HAS_OPENSSL, makeAuthority } from "../grpc/_testing/certificates.ts";
import { Slice } from "../slice.ts";
import { startDouble } from "./_testing/double.ts";
import { openTikv } from "./store.ts";

/** Opens, writes and reads; what it ends with. */
async function outcome(pd: string, options: StoreOptions): Promise<string> {
  try {
    const store = await openTikv("bench", { pd, deadlineMs: 3000, ...options });
    const [key, into] = [Slice.fromText("a"), new Slice(10)];
    await store.put(key, Slice.fromText("1"));
    assert.equal(await store.get(key, into), 1);
    await store.close();
    return "well";
  } catch (error) {
    assert.ok(error instanceof StoreError, `${error}`);
    assert.ok(!error.message.includes("\n"));
    return error.message;
  }
}

Deno.test({
  ignore: !HAS_OPENSSL,
  timeout: 60_000,
  name: "the store speaks TLS to PD and the servers, and shows who it is" +
    (HAS_OPENSSL ? "" : " (there is no openssl here)"),
}, async () => {
  const folder = await Deno.makeTempDir({ prefix: "tidemark-tls-" });
  try {
    const ours = await makeAuthority(folder, "ours");
    const others = await makeAuthority(folder, "others");
    const server = await ours.sign("server");
    const client = await ours.sign("client", { names: "DNS:client" });
    const read = (path: string) => Deno.readTextFileSync(path);
    const shown = { cert: read(server.certFile), key: read(server.keyFile) };
    const { caFile } = ours;
    await using open = await startDouble({ tls: shown });
    assert.equal(await outcome(open.pd, { caFile }), "well");
    assert.match(await outcome(open.pd, { caFile: others.caFile }), /signed by somebody unknown/);
    assert.match(await outcome(open.pd, {}), /it speaks TLS|without a word/);
    await using plain = await startDouble();
    assert.match(await outcome(plain.pd, { caFile }), /speaks no TLS/);
    await using mutual = await startDouble({ tls: { ...shown, clients: read(caFile) } });
    assert.equal(await outcome(mutual.pd, { caFile, ...client }), "well");
    assert.match(await outcome(mutual.pd, { caFile }), /wants to see a client's certificate/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
