import assert from "node:assert/strict";
import { connectionWords } from "./dial.ts";

Deno.test("connectionWords() says of each way in which a connection fails what to do", () => {
  const mend = "start etcd there";
  const own = { certFile: "c.pem", keyFile: "c.key" };
  const said: [Error, { certFile?: string } | undefined, RegExp][] = [
    [
      new Deno.errors.ConnectionRefused("os error 111"),
      undefined,
      /^nothing listens at a:1; start/,
    ],
    [
      new Error("failed to lookup address information"),
      {},
      /^no machine is known by the name in a:1/,
    ],
    [new Error("unexpected end of file"), {}, /^a:1 speaks no TLS; leave caFile out/],
    [new Error("received corrupt message of type InvalidContentType"), {}, /^a:1 speaks no TLS/],
    [
      new Deno.errors.ConnectionReset("Connection reset by peer (os error 104)"),
      {},
      /^a:1 breaks off at once, as what speaks no TLS; leave caFile out/,
    ],
    [new Error("Connection reset by peer (os error 104)"), undefined, /^a:1: Connection reset/],
    [
      new Error("invalid peer certificate: Expired"),
      {},
      /^the certificate of a:1 has expired; ren/,
    ],
    [
      new Error("invalid peer certificate: certificate not valid yet: …"),
      {},
      /does not hold yet; look/,
    ],
    [new Error("invalid peer certificate: BadSignature"), {}, /of a:1 is no good: BadSignature$/],
    [
      new Error("received fatal alert: CertificateRequired"),
      {},
      /^a:1 wants to see a client's cert/,
    ],
    // The same word is of the server's certificate without an alert, and of ours in one.
    [
      new Error("received fatal alert: CertificateExpired"),
      own,
      /of c\.pem, which has expired; renew/,
    ],
    [
      new Error("received fatal alert: UnknownCA"),
      own,
      /does not take the certificate of c\.pem, since/,
    ],
    [
      new Error("received fatal alert: ProtocolVersion"),
      {},
      /^a:1 breaks TLS off \(ProtocolVersion\)$/,
    ],
  ];
  for (const [error, tls, told] of said) {
    assert.match(connectionWords(error, "a:1", { tls, mend }).message, told);
  }
});
