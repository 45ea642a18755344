import assert from "node:assert/strict";
import { freeSubnet } from "./subnet.ts";

const HEAD =
  "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";
const route = (destination: string, mask: string) =>
  `eth0\t${destination}\t00000000\t0001\t0\t0\t0\t${mask}\t0\t0\t0\n`;

Deno.test("freeSubnet() is of the benchmarks' network, and its first part where all is free", () => {
  // The default route, and 192.0.2.0/24.
  const routes = HEAD + route("00000000", "00000000") + route("000200C0", "00FFFFFF");
  const addresses = freeSubnet(routes, () => 0)!;
  assert.equal(addresses.length, 14);
  assert.deepEqual([addresses[0], addresses.at(-1)], ["198.18.0.1", "198.18.0.14"]);
  assert.equal(freeSubnet(routes, () => 0.99999)![0], "198.19.255.241");
});

Deno.test("freeSubnet() goes by what is taken, larger or smaller than its parts", () => {
  // 198.18.0.0/28, and of the next part one address.
  const routes = HEAD + route("000012C6", "F0FFFFFF") + route("131012C6", "FFFFFFFF") +
    route("110012C6", "FFFFFFFF");
  assert.equal(freeSubnet(routes, () => 0)![0], "198.18.0.33");
  // 198.18.0.0/16.
  assert.equal(freeSubnet(HEAD + route("000012C6", "0000FFFF"), () => 0)![0], "198.19.0.1");
  // 198.0.0.0/8.
  assert.equal(freeSubnet(HEAD + route("000000C6", "000000FF")), undefined);
});
