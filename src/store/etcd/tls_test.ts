import assert from "node:assert/strict";
import type { StoreOptions } from "../contract.ts";
import { StoreError } from "../error.ts";
import { type Certificate, HAS_OPENSSL, makeAuthority } from "../grpc/_testing/certificates.ts";
import { Slice } from "../slice.ts";
import { soon, startServer, type TestServer } from "./_testing/server.ts";
import { ETCD, openEtcd } from "./mod.ts";

const missing = ETCD.missing({}) ?? (HAS_OPENSSL ? undefined : "There is no openssl here");

/** Starts an etcd that shows a certificate, and waits until it listens. */
async function startTls(
  { certFile, keyFile }: Certificate,
  ...more: string[]
): Promise<TestServer> {
  const files = [`--cert-file=${certFile}`, `--key-file=${keyFile}`];
  const server = await startServer([...files, ...more], "https");
  await soon(async () => (await Deno.connect({ port: portOf(server.endpoint) })).close());
  return server;
}

const portOf = (endpoint: string) => Number(endpoint.split(":")[1]);

/** Opens and closes; the error that it ends with. */
async function outcome(endpoints: string, options: StoreOptions): Promise<StoreError | undefined> {
  try {
    const store = await openEtcd("bench", { endpoints, deadlineMs: 5000, ...options });
    await store.put(Slice.fromText("a"), Slice.fromText("1"));
    await store.close();
    return undefined;
  } catch (error) {
    assert.ok(error instanceof StoreError, `${error}`);
    return error;
  }
}

Deno.test({
  ignore: missing !== undefined,
  timeout: 120_000,
  name: "open() says in one line what is wrong with whose certificate" +
    (missing === undefined ? "" : ` (${missing})`),
}, async () => {
  const folder = await Deno.makeTempDir({ prefix: "tidemark-tls-" });
  try {
    const ours = await makeAuthority(folder, "ours");
    const others = await makeAuthority(folder, "others");
    const names = "DNS:client";
    const good = await ours.sign("good");
    const old = await ours.sign("old", { endedIn: 2020 });
    const elsewhere = await ours.sign("elsewhere", { names: "DNS:etcd.example" });
    const client = await ours.sign("client", { names });
    const oldClient = await ours.sign("old-client", { names, endedIn: 2020 });
    const stranger = await others.sign("stranger", { names });
    await using server = await startTls(good);
    await using expired = await startTls(old);
    await using misnamed = await startTls(elsewhere);
    const asks = ["--client-cert-auth", `--trusted-ca-file=${ours.caFile}`];
    await using mutual = await startTls(good, ...asks);
    await using plain = await startServer();
    await soon(async () => (await openEtcd("bench", { endpoints: plain.endpoint })).close());
    const { caFile } = ours;
    const cases: [what: string, TestServer, StoreOptions, said: RegExp | undefined][] = [
      ["well", server, { caFile }, undefined],
      [
        "without TLS",
        server,
        {},
        /without a word: it speaks no gRPC, or only by TLS \(caFile=FILE\)/,
      ],
      ["TLS to a plain one", plain, { caFile }, /speaks no TLS; leave caFile out/],
      ["unknown", server, { caFile: others.caFile }, /signed by somebody unknown; name that auth/],
      [
        "expired",
        expired,
        { caFile },
        /the certificate of 127\.0\.0\.1:\d+ has expired; renew it$/,
      ],
      ["another name", misnamed, { caFile }, /for another name; use that one \(etcd\.example\)$/],
      ["no PEM", server, { caFile: `${folder}/ours/index.txt` }, /has no certificate in PEM; name/],
      ["a key for a CA", server, { caFile: good.keyFile }, /has no certificate in PEM; name/],
      [
        "half a pair",
        server,
        { caFile, certFile: client.certFile, keyFile: good.keyFile },
        /the key of \S+good\.key is not that of \S+client\.pem$/,
      ],
      ["mTLS", mutual, { caFile, ...client }, undefined],
      ["mTLS without one", mutual, { caFile }, /wants to see a client's certificate \(certFile=/],
      // Servers before 3.5 say of no certificate what is wrong with it.
      [
        "mTLS by a stranger",
        mutual,
        { caFile, ...stranger },
        /does not take the certificate of \S+stranger\.pem(?:, since it does not know| \(Bad)/,
      ],
      [
        "mTLS, expired",
        mutual,
        { caFile, ...oldClient },
        /does not take the certificate of \S+old-client\.pem(?:, which has expired| \(Bad)/,
      ],
    ];
    for (const [what, { endpoint }, options, said] of cases) {
      const error = await outcome(endpoint, options);
      if (said === undefined) assert.equal(error, undefined, what);
      else {
        assert.match(`${error?.message}`, said, `${what}: ${error?.message}`);
        assert.match(error!.message, /^Cannot open the database bench: [^\n]+$/, what);
        // Whether a server speaks TLS at all is for nobody but its owner to say.
        assert.equal(error!.kind, what === "without TLS" ? "engine" : "usage", what);
      }
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
