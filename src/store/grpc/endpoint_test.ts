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
  for (
    const text of ["", "a", "a:0", "a:65536", "a:1+", "a:1,b:2", "ftp://a:1", "a:1/x", "::1:2"]
  ) {
    assert.throws(() => parseEndpoints(text), StoreError, text);
  }
});
