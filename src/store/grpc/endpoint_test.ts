import assert from "node:assert/strict";
import { StoreError } from "../error.ts";
import { parseEndpoints } from "./endpoint.ts";

Deno.test("parseEndpoints() reads names and addresses, and refuses what is neither", () => {
  assert.deepEqual(parseEndpoints("10.0.0.1:2379+node-2.example:2380+[fe80::1]:1"), {
    endpoints: [
      { host: "10.0.0.1", port: 2379 },
      { host: "node-2.example", port: 2380 },
      { host: "fe80::1", port: 1 },
    ],
    tls: false,
  });
  assert.deepEqual(parseEndpoints("https://a:1"), {
    endpoints: [{ host: "a", port: 1 }],
    tls: true,
  });
  const odd = ["", "a", "a:0", "a:65536", "a:1+", "a:1,b:2", "ftp://a:1", "a:1/x", "::1:2"];
  // Names and addresses that no permission can be asked for.
  odd.push(" a:1", "a..b:1", ".:1", "é:1", "*:1", "a.:1", "[::g]:1", "[:::]:1", "a b:1", "a%b:1");
  odd.push(
    "999.1.1.1:1",
    `${"a".repeat(64)}:1`,
    "[fe80::1%eth0]:1",
    "a:1:2",
    "a:1?b",
    "https://:1",
  );
  for (const text of odd) {
    assert.throws(() => parseEndpoints(text), StoreError, text);
  }
});

Deno.test("parseEndpoints() refuses one that is named twice, and TLS for some of them", () => {
  const refusal = (text: string) => {
    try {
      parseEndpoints(text);
    } catch (error) {
      assert.ok(error instanceof StoreError);
      return error.message;
    }
    return undefined;
  };
  assert.match(`${refusal("a:1+b:1+http://a:1/")}`, /"a:1": it is named twice/);
  assert.match(`${refusal("https://a:1+b:1+http://c:1")}`, /"http:\/\/c:1": a:1 is to be spoken/);
  assert.equal(refusal("https://a:1+b:1"), undefined);
});

Deno.test("parseEndpoints() does not show a password", () => {
  assert.throws(
    () => parseEndpoints("https://root:s3cret@node:2379"),
    ({ message }) => /"@node:2379": who calls is no part/.test(message) && !/s3cret/.test(message),
  );
});
