import assert from "node:assert/strict";
import { networkReason } from "./network_reason.ts";

const CASES: [said: string, reason: RegExp][] = [
  [
    "error sending request for url (http://refused.example/): client error (Connect): tcp connect " +
    "error: Connection refused (os error 111)",
    /^the connection is refused; /,
  ],
  [
    "client error (Connect): dns error: failed to lookup address information: Name or service not " +
    "known",
    /^its name is not known to the name service; /,
  ],
  ["invalid peer certificate: UnknownIssuer", /^its certificate is not to be trusted; /],
  ["received corrupt message of type InvalidContentType", /^it does not speak TLS there; /],
  ["tcp connect error: Network is unreachable (os error 101)", /^no way leads there; /],
  ["operation timed out", /^it does not answer; /],
  ["connection closed before message completed", /^the connection broke off; /],
  ["something new", /^the connection failed; /],
];

for (const [said, reason] of CASES) {
  Deno.test(`networkReason() says ${reason.source} of: ${said}`, () => {
    const error = new TypeError("error sending request", { cause: new Error(said) });
    assert.match(networkReason(error), reason);
    assert.doesNotMatch(networkReason(error), /os error|client error/);
  });
}

Deno.test("networkReason() is not led by the words in an address, nor round in a circle", () => {
  const error = new Error("error for url (https://refused.example/tls?timeout)");
  assert.match(networkReason(error), /^the connection failed; /);
  error.cause = error;
  assert.match(networkReason(error), /^the connection failed; /);
});

Deno.test("networkReason() knows what Deno says where nobody listens", async () => {
  // Bound and never listening to anybody once it is closed.
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  await assert.rejects(fetch(`http://127.0.0.1:${port}/`), (error) => {
    assert.match(networkReason(error), /^the connection is refused; /);
    return true;
  });
});
