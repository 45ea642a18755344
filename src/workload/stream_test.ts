import assert from "node:assert/strict";
import fc from "fast-check";
import { LOAD_CODES, LOAD_OPERATION_NAMES, type LoadSpec } from "./load.ts";
import { clientsOf, groupOf, operationStream } from "./stream.ts";

function loadOf(
  group: Partial<LoadSpec["groups"][number]> = {},
  load: Partial<LoadSpec> = {},
): LoadSpec {
  return {
    keys: 1000,
    filled: true,
    keyForm: "numbered",
    valueSize: { kind: "fixed", size: 100 },
    compressibility: 0.5,
    groups: [{
      clients: 1,
      mix: { get: 1 },
      keyDistribution: { kind: "uniform" },
      scanLength: { kind: "uniform", least: 1, most: 100 },
      batchKeys: 8,
      pace: { loop: "closed" },
      counted: true,
      ...group,
    }],
    ...load,
  };
}

Deno.test("a stream has the operations of the mix in their shares", () => {
  const mix = {
    get: 0.5,
    update: 0.2,
    scan: 0.1,
    readModifyWrite: 0.1,
    multiGet: 0.06,
    batch: 0.04,
  };
  const stream = operationStream(loadOf({ mix }), 0, 1);
  const found = new Map<string, number>();
  for (let i = 0; i < 50_000; i++) {
    const name = LOAD_OPERATION_NAMES[stream.next()]!;
    found.set(name, (found.get(name) ?? 0) + 1);
    const many = name === "multiGet" || name === "batch";
    assert.equal(stream.count, many ? 8 : 1);
    if (name === "scan") assert.ok(stream.scanLength >= 1 && stream.scanLength <= 100);
    if (name === "batch") assert.ok(stream.valueBytes.every((bytes) => bytes === 100));
  }
  for (const [name, share] of Object.entries(mix)) {
    assert.ok(Math.abs(found.get(name)! / 50_000 - share) < 0.01, name);
  }
});

Deno.test("clients insert new keys, no two the same, and take only new ones that they put", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.constantFrom("latest" as const, "zipfian" as const, "uniform" as const),
      fc.nat(),
      (clients, kind, seed) => {
        const keyDistribution = kind === "uniform" ? { kind } as const : { kind, theta: 0.99 };
        const load = loadOf({ clients, mix: { get: 0.5, insert: 0.5 }, keyDistribution });
        const everybodys = new Set<number>();
        for (let client = 0; client < clients; client++) {
          const own = new Set<number>();
          const stream = operationStream(load, client, seed);
          for (let i = 0; i < 300; i++) {
            const code = stream.next();
            const key = stream.keys[0]!;
            if (code === LOAD_CODES.insert) {
              assert.ok(key >= 1000 && !everybodys.has(key), String(key));
              everybodys.add(key);
              own.add(key);
            } else {
              assert.ok(key < 1000 || own.has(key), String(key));
            }
          }
        }
      },
    ),
    { seed: 18, numRuns: 50 },
  );
});

Deno.test("latest takes the key that was just put most", () => {
  const load = loadOf({
    mix: { get: 0.5, insert: 0.5 },
    keyDistribution: { kind: "latest", theta: 0.99 },
  });
  const stream = operationStream(load, 0, 4);
  let newest = 999;
  let gets = 0;
  let hits = 0;
  for (let i = 0; i < 20_000; i++) {
    const code = stream.next();
    if (code === LOAD_CODES.insert) newest = stream.keys[0]!;
    else {
      gets++;
      if (stream.keys[0] === newest) hits++;
    }
  }
  assert.ok(hits / gets > 0.08, `${hits} of ${gets}`);
});

Deno.test("the same seed gives the same stream, and each client has its own", () => {
  const take = (client: number, seed: number) => {
    const stream = operationStream(loadOf({ clients: 2 }), client, seed);
    return Array.from({ length: 30 }, () => [stream.next(), stream.keys[0]]);
  };
  assert.deepEqual(take(0, 1), take(0, 1));
  assert.notDeepEqual(take(0, 1), take(1, 1));
  assert.notDeepEqual(take(0, 1), take(0, 2));
});

Deno.test("a get may miss where somebody deletes, or nothing was loaded", () => {
  assert.equal(operationStream(loadOf(), 0, 1).mayMiss, false);
  assert.equal(operationStream(loadOf({ mix: { get: 0.5, delete: 0.5 } }), 0, 1).mayMiss, true);
  assert.equal(operationStream(loadOf({}, { filled: false }), 0, 1).mayMiss, true);
});

Deno.test("groupOf() finds each client's group and its place there", () => {
  const [group] = loadOf({ clients: 2 }).groups;
  const load = loadOf({}, { groups: [group!, { ...group!, clients: 1, counted: false }] });
  assert.equal(clientsOf(load), 3);
  const found = [0, 1, 2].map((client) => groupOf(load, client));
  assert.deepEqual(found.map(({ place }) => place), [0, 1, 0]);
  assert.deepEqual(found.map(({ group: { counted } }) => counted), [true, true, false]);
  assert.throws(() => groupOf(load, 3), {
    name: "RangeError",
    message: "Cannot find client 3: the load has 3",
  });
});
