import assert from "node:assert/strict";
import fc from "fast-check";
import { machineCodeAddress, monotonicClock, runsMachineCode } from "../../native/mod.ts";
import { libraryIsThere, Slice, StoreError } from "../../store/mod.ts";
import { NullStore } from "../../store/null/store.ts";
import { openRaw } from "../../store/raw/mod.ts";
import { LOAD_CODES, type OperationMix } from "../../workload/mod.ts";
import { FakeClock } from "../_testing/fake_clock.ts";
import { loadOfOneGroup } from "../_testing/one_group.ts";
import { closedLoop, LostKeyError, SyncOperations } from "./client.ts";
import { fill } from "./fill.ts";
import { MOST_NS } from "./histogram.ts";
import { ClientMemory, Place } from "./memory.ts";
import { NativeLoop, nativeLoop } from "./native_loop.ts";
import { NATIVE_LOOP_CODE } from "./native_loop_code.ts";
import { clientParts } from "./parts.ts";
import { read } from "./reading.ts";
import { slowSince } from "./slow.ts";

const ignore = !runsMachineCode();
const CLOSED = { loop: "closed" } as const;

/** What a client of a made-up store is to do. */
interface Script {
  mix: OperationMix;
  seed: number;
  filled: boolean;
  /** What its operations take, ns, in turn. */
  times: readonly number[];
  /** Every so many of its gets find nothing; 0: none. */
  absent: number;
  /** The operation that fails, from 0. */
  failing: number;
  floor: number;
  end: number;
}

/**
 * A store of which the test says what operations take and find, in place of an engine that nobody can
 * make as slow as that, or fail when it should.
 */
class ScriptedStore extends NullStore {
  readonly clock = new FakeClock();
  readonly log: string[] = [];
  readonly #script: Script;
  #gets = 0;

  constructor(script: Script) {
    super();
    this.#script = script;
  }

  /** @returns Whether the operation succeeds. */
  #take(what: string): boolean {
    const { times, failing } = this.#script;
    const number = this.log.push(what) - 1;
    this.clock.advance(times[number % times.length]!);
    return number !== failing;
  }

  override put(key: Slice, value: Slice): void {
    const words = [key, value].map((each) => new TextDecoder().decode(each.view()));
    if (!this.#take(`put ${words}`)) throw new StoreError("Cannot put", "put");
  }

  override get(key: Slice, into: Slice): number {
    if (!this.#take(`get ${new TextDecoder().decode(key.view())}`)) {
      throw new StoreError("Cannot get", "get");
    }
    const { absent } = this.#script;
    return absent > 0 && ++this.#gets % absent === 0 ? -1 : into.length;
  }
}

const OPERATION = { parameters: ["u64", "u64", "u64", "u64", "u64"], result: "i64" } as const;
const CLOCK = { parameters: ["i32", "pointer"], result: "i32" } as const;

function sliceAt(address: bigint, length: bigint): Slice {
  const bytes = new Uint8Array(Number(length));
  new Deno.UnsafePointerView(Deno.UnsafePointer.create(address)!).copyInto(bytes);
  return Slice.from(bytes);
}

/** The machine code over a made-up store, which it calls as it calls an engine. */
function scriptedLoop(store: ScriptedStore, parts: ReturnType<typeof partsOf>) {
  let failure: unknown;
  const operation = (does: (key: Slice, value: Slice) => number) =>
    new Deno.UnsafeCallback(OPERATION, (_self, key, keyLength, value, length) => {
      try {
        return BigInt(does(sliceAt(key, keyLength), sliceAt(value, length)));
      } catch (error) {
        failure = error;
        return -2n;
      }
    });
  const get = operation((key, into) => store.get(key, into));
  const put = operation((key, value) => {
    store.put(key, value);
    return value.length;
  });
  const gettime = new Deno.UnsafeCallback(CLOCK, (_id, time) => {
    const words = new BigInt64Array(Deno.UnsafePointerView.getArrayBuffer(time!, 16));
    const now = BigInt(store.clock.now());
    words[0] = ORIGIN + now / 1_000_000_000n;
    words[1] = now % 1_000_000_000n;
    return 0;
  });
  const addressOf = ({ pointer }: { pointer: Deno.PointerValue }) =>
    Deno.UnsafePointer.value(pointer);
  const run = new Deno.UnsafeFnPointer(
    Deno.UnsafePointer.create(machineCodeAddress(NATIVE_LOOP_CODE))!,
    { parameters: ["u64"], result: "u8" },
  );
  const checked: string[] = [];
  const loop = new NativeLoop(
    {
      get: { code: addressOf(get), self: 1n },
      put: { code: addressOf(put), self: 2n },
      check(name) {
        checked.push(name);
        throw failure;
      },
    },
    parts,
    Number(ORIGIN),
    { clock: { code: addressOf(gettime), id: 1 }, run: (cells) => run.call(cells) },
  );
  const close = () => [get, put, gettime].forEach((each) => each.close());
  return { loop, checked, close };
}

/** The second that the clock's 0 is. */
const ORIGIN = 12_345n;

function partsOf({ mix, seed, filled, floor, end }: Script, clock: FakeClock) {
  const memory = new ClientMemory();
  memory.numbers[Place.end] = end;
  memory.numbers[Place.floor] = floor;
  const load = { ...loadOfOneGroup(mix, CLOSED, 1), filled };
  return clientParts({ load, number: 0, seed }, memory, clock);
}

/** All that a client has told and asked for. */
function outcome(store: ScriptedStore, parts: ReturnType<typeof partsOf>, run: () => void) {
  let failed: string | undefined;
  try {
    run();
  } catch (error) {
    failed = `${(error as Error).name}: ${(error as Error).message}`;
  }
  const { memory } = parts;
  // When the operation under way began is told by JavaScript alone, and by nobody asked for.
  const numbers = [...memory.numbers].filter((_, place) => place !== Place.started);
  const reading = read([{ number: 0, group: 0, counted: true, memory }], 0);
  return { failed, log: store.log, numbers, reading, slow: slowSince(0, memory, 0) };
}

const scripts: fc.Arbitrary<Script> = fc.record({
  mix: fc.constantFrom<OperationMix>({ get: 1 }, { update: 1 }, { get: 0.5, update: 0.5 }),
  seed: fc.nat(1000),
  filled: fc.boolean(),
  times: fc.array(
    fc.oneof(
      fc.nat(3000),
      fc.integer({ min: 0, max: 32 }).map((bits) => 2 ** bits),
      fc.integer({ min: 1, max: 44 }).map((bits) => 2 ** bits - 1),
    ),
    { minLength: 1, maxLength: 50 },
  ),
  absent: fc.nat(40),
  failing: fc.oneof(fc.constant(Infinity), fc.nat(200)),
  floor: fc.constantFrom(0, 1000, 1e6, Infinity),
  end: fc.constantFrom(0, 1, 50_000, 3e6, MOST_NS * 3),
});

Deno.test({
  name: "the loop of machine code does, counts and tells what that of JavaScript does",
  timeout: 300_000,
  ignore,
  fn() {
    fc.assert(
      fc.property(scripts, (script) => {
        // A store that takes no time has no end.
        const ends = script.times.some((ns) => ns > 0);
        const whole = { ...script, failing: Math.min(script.failing, ends ? 1000 : 100) };
        const ours = new ScriptedStore(whole);
        const parts = partsOf(whole, ours.clock);
        const expected = outcome(
          ours,
          parts,
          () => closedLoop(new SyncOperations(ours, parts), parts),
        );
        const theirs = new ScriptedStore(whole);
        const nativeParts = partsOf(whole, theirs.clock);
        const { loop, checked, close } = scriptedLoop(theirs, nativeParts);
        assert.deepEqual(outcome(theirs, nativeParts, () => loop.run()), expected);
        assert.equal(checked.length, expected.failed?.startsWith("StoreError") ? 1 : 0);
        if (checked.length > 0) assert.equal(expected.failed, `StoreError: Cannot ${checked[0]}`);
        close();
      }),
      // Where the processor is emulated it takes seconds to make one.
      { numRuns: 300, interruptAfterTimeLimit: 120_000 },
    );
  },
});

Deno.test({
  name: "the loop of machine code stops when it is told to, and at the phase's end",
  timeout: 300_000,
  ignore,
  fn() {
    const script: Script = {
      mix: { update: 1 },
      seed: 1,
      filled: true,
      times: [10_000],
      absent: 0,
      failing: Infinity,
      floor: Infinity,
      // Ten operations and a half: the eleventh is begun.
      end: 105_000,
    };
    const store = new ScriptedStore(script);
    const parts = partsOf(script, store.clock);
    const { loop, close } = scriptedLoop(store, parts);
    loop.run();
    const { numbers, control } = parts.memory;
    assert.equal(numbers[Place.operations], 11);
    numbers[Place.end] = 1e9;
    const advance = store.clock.advance.bind(store.clock);
    // Told in the midst of what was drawn together.
    store.clock.advance = (ns) => {
      advance(ns);
      if (store.log.length === 15) control[1] = 1;
    };
    loop.run();
    assert.equal(numbers[Place.operations], 15);
    close();
  },
});

const raw = { ignore: ignore || !libraryIsThere(), timeout: 300_000 };

/** A database in a folder of its own, filled, and a client on it. */
async function withClient(
  mix: OperationMix,
  seed: number,
  use: (client: {
    store: ReturnType<typeof openRaw>;
    parts: ReturnType<typeof clientParts>;
    loop: NativeLoop;
  }) => void,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "tidemark-native-" });
  try {
    const load = loadOfOneGroup(mix, CLOSED, 1);
    const store = openRaw(folder);
    try {
      await fill(store, load, "ingested", seed, () => {});
      const clock = monotonicClock();
      const memory = new ClientMemory();
      const parts = clientParts({ load, number: 0, seed }, memory, clock);
      const loop = nativeLoop(store, { load, number: 0 }, parts, clock);
      memory.numbers[Place.end] = clock.now() + 1e9;
      use({ store, parts, loop: loop! });
    } finally {
      store.close();
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** All entries of a database. */
function entriesOf(store: ReturnType<typeof openRaw>): Map<string, string> {
  const entries = new Map<string, string>();
  const [key, value] = [new Slice(100), new Slice(1000)];
  const text = (slice: Slice) => new TextDecoder().decode(slice.view());
  const cursor = store.cursor();
  while (cursor.next()) {
    cursor.readKey(key);
    cursor.readValue(value);
    entries.set(text(key), text(value));
  }
  cursor.close();
  return entries;
}

Deno.test({
  ...raw,
  name: "over RocksDB the loop of machine code leaves what the operations that it drew come to",
  async fn() {
    for (const mix of [{ update: 1 }, { get: 0.5, update: 0.5 }, { get: 1 }] as OperationMix[]) {
      await withClient(mix, 5, ({ store, parts, loop }) => {
        const model = entriesOf(store);
        assert.equal(model.size, 1000);
        const { numbers, byOperation } = parts.memory;
        // A second is not always enough where the machine does much else, or the processor is emulated.
        for (let times = 1; times <= 60 && numbers[Place.operations]! <= 100; times++) {
          numbers[Place.end] = parts.clock.now() + 1e9;
          loop.run();
        }
        // The same draws once more, by plain calls on a map.
        const again = clientParts(
          { load: loadOfOneGroup(mix, CLOSED, 1), number: 0, seed: 5 },
          new ClientMemory(),
          monotonicClock(),
        );
        const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
        const done = { get: 0, update: 0, read: 0, put: 0 };
        for (let i = 0; i < numbers[Place.operations]!; i++) {
          const code = again.stream.next();
          const key = again.keys[0]!;
          again.writeKey(key.bytes, again.stream.keys[0]!);
          if (code === LOAD_CODES.get) {
            done.get++;
            done.read += model.get(text(key.bytes))!.length;
          } else {
            const value = again.values[done.update++ % again.values.length]!;
            model.set(text(key.bytes), text(value.bytes));
            done.put += key.length + value.length;
          }
        }
        assert.ok(done.get + done.update > 100, "it had the time for some");
        assert.deepEqual(entriesOf(store), model);
        assert.equal(numbers[Place.keysRead], done.get);
        assert.equal(numbers[Place.bytesRead], done.read);
        assert.equal(numbers[Place.bytesPut], done.put);
        const counted = (code: number) => byOperation[code]!.reduce((sum, count) => sum + count, 0);
        assert.equal(counted(LOAD_CODES.get), done.get);
        assert.equal(counted(LOAD_CODES.update), done.update);
      });
    }
  },
});

Deno.test({
  ...raw,
  name:
    "over RocksDB the loop of machine code names the key that is lost, among those drawn together",
  async fn() {
    await withClient({ get: 1 }, 9, ({ store, parts, loop }) => {
      const again = clientParts(
        { load: loadOfOneGroup({ get: 1 }, CLOSED, 1), number: 0, seed: 9 },
        new ClientMemory(),
        monotonicClock(),
      );
      const lost = again.keys[0]!;
      const drawn = Array.from({ length: 20 }, () => {
        again.stream.next();
        return again.stream.keys[0]!;
      });
      again.writeKey(lost.bytes, drawn.at(-1)!);
      store.delete(lost);
      assert.throws(() => loop.run(), (error: Error) => {
        assert.ok(error instanceof LostKeyError);
        assert.ok(error.message.includes(new TextDecoder().decode(lost.bytes)), error.message);
        return true;
      });
      assert.equal(parts.memory.numbers[Place.operations], drawn.indexOf(drawn.at(-1)!));
    });
  },
});

Deno.test({
  ...raw,
  name: "there is no loop of machine code for other operations, for plain calls and for schedules",
  async fn() {
    await withClient({ get: 1 }, 1, ({ store, parts }) => {
      const clock = monotonicClock();
      const loopOf = (mix: OperationMix, from: Parameters<typeof nativeLoop>[0] = store) =>
        nativeLoop(from, { load: loadOfOneGroup(mix, CLOSED, 1), number: 0 }, parts, clock);
      assert.ok(loopOf({ get: 0.5, update: 0.5 }));
      assert.equal(loopOf({ get: 0.5, scan: 0.5 }), undefined);
      assert.equal(loopOf({ get: 0.5, readModifyWrite: 0.5 }), undefined);
      const plain = { machineOperations: undefined } as unknown as typeof store;
      assert.equal(loopOf({ get: 1 }, plain), undefined);
      const pace = { loop: "open", arrivals: "constant", rate: 10 } as const;
      const load = loadOfOneGroup({ get: 1 }, pace, 1);
      assert.equal(nativeLoop(store, { load, number: 0 }, parts, clock), undefined);
    });
  },
});
