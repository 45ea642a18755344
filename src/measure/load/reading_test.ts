import assert from "node:assert/strict";
import { LOAD_CODES } from "../../workload/mod.ts";
import { loadOfOneGroup } from "../_testing/one_group.ts";
import { clientsOf } from "./clients.ts";
import { slotOf, totalOf } from "./histogram.ts";
import { Place } from "./memory.ts";
import { between, countingOf, emptyReading, read } from "./reading.ts";

/** Two clients, each of which has put and got so often, in 100 ns and 5 µs. */
function twoClients() {
  const clients = clientsOf(loadOfOneGroup({ get: 1 }, { loop: "closed" }, 2));
  const work = (puts: number, gets: number) => {
    for (const { memory } of clients) {
      memory.numbers[Place.operations]! += puts + gets;
      memory.numbers[Place.bytesPut]! += 10 * puts;
      memory.byOperation[LOAD_CODES.update]![slotOf(100)]! += puts;
      memory.byOperation[LOAD_CODES.get]![slotOf(5000)]! += gets;
      memory.times.response[slotOf(7000)]! += puts + gets;
    }
  };
  return { clients, work };
}

Deno.test("read() sums up what all clients have done, and between() what they did meanwhile", () => {
  const { clients, work } = twoClients();
  work(3, 1);
  const before = read(clients, 10);
  work(2, 5);
  const after = read(clients, 30);
  assert.deepEqual([before.operations, before.bytesPut, totalOf(before.service)], [8, 60, 8]);
  const meanwhile = between(before, after);
  assert.deepEqual([meanwhile.at, meanwhile.operations, meanwhile.bytesPut], [30, 14, 40]);
  assert.equal(meanwhile.service[slotOf(5000)], 10);
  assert.equal(meanwhile.byOperation[LOAD_CODES.update]![slotOf(100)], 4);
  assert.equal(meanwhile.times.response[slotOf(7000)], 14);
});

Deno.test("read() and between() write over a reading and keep nothing of what it was", () => {
  const { clients, work } = twoClients();
  work(3, 1);
  const used = read(clients, 10, emptyReading(0));
  const { service } = used;
  const fresh = twoClients();
  fresh.work(1, 1);
  assert.equal(read(fresh.clients, 20, used), used);
  assert.equal(used.service, service, "its memory is the same");
  assert.deepEqual(used, read(fresh.clients, 20));
  const difference = between(emptyReading(0), read(clients, 30));
  between(used, read(fresh.clients, 40), difference);
  assert.deepEqual(difference, emptyReading(40));
});

Deno.test("read() reads what the load's clients count in, and nothing else", () => {
  const { clients, work } = twoClients();
  const counting = countingOf(loadOfOneGroup({ get: 1 }, { loop: "closed" }, 2));
  work(3, 1);
  const reading = read(clients, 10, emptyReading(0, counting));
  assert.deepEqual([totalOf(reading.service), totalOf(reading.times.response)], [2, 0]);
  assert.equal(totalOf(reading.byOperation[LOAD_CODES.update]!), 0);
});
