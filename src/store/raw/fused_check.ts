/**
 * Holds our machine code against plain calls, once a process, on a small database in memory: what a
 * function takes may change from one release to another, and a walk that reads wrong entries would
 * be measured as if it were right.
 */
import { Slice } from "../slice.ts";
import type { FunctionAddresses } from "./addresses.ts";
import { AddressArray, addressOf, cString, keepAlive, OutWord } from "./native.ts";
import { performed, prepareNativeOperations, RawNativeOperations } from "./native_operations.ts";
import { pointRead, preparePointReads } from "./point_read.ts";
import type { RocksSymbols } from "./symbols.ts";
import { type Move, WalkPool } from "./walk.ts";

/** What is needed beside what every store needs; without it nothing is checked. */
const IN_MEMORY = {
  rocksdb_create_mem_env: { parameters: [], result: "u64" },
  rocksdb_options_set_env: { parameters: ["u64", "u64"], result: "void" },
  rocksdb_env_destroy: { parameters: ["u64"], result: "void" },
} as const;

/** An empty value, one that fits the slice that it is read into, and one that does not. */
const VALUE_BYTES = [0, 1024, 5000];
const CAPACITY = 2048;
const PATH = "/tidemark-check";
/** How a walk begins, and how it goes on. */
const DIRECTIONS: readonly [Move, Move][] = [["first", "next"], ["last", "prev"]];

/**
 * Whether machine code finds what plain calls find, and writes it: walks in both directions, and gets of
 * values that are empty, fit, do not fit, and are not there.
 *
 * @param path The library's file.
 * @throws {Error} Where the system refuses memory or an open file.
 */
export function fusedAgree(
  path: string,
  symbols: RocksSymbols,
  addresses: FunctionAddresses,
): boolean {
  let memory;
  try {
    memory = Deno.dlopen(path, IN_MEMORY).symbols;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return false;
  }
  // What can throw comes before the first native object, which nobody would give back.
  preparePointReads(addresses);
  prepareNativeOperations();
  const pools = {
    plain: new WalkPool(symbols, undefined),
    fused: new WalkPool(symbols, addresses),
  };
  const env = memory.rocksdb_create_mem_env();
  const options = symbols.rocksdb_options_create();
  symbols.rocksdb_options_set_create_if_missing(options, 1);
  memory.rocksdb_options_set_env(options, env);
  const [write, read] = [
    symbols.rocksdb_writeoptions_create(),
    symbols.rocksdb_readoptions_create(),
  ];
  const error = new OutWord();
  const [name, family] = [cString(PATH), cString("default")];
  const names = new AddressArray([addressOf(family)]);
  const kinds = new AddressArray([options]);
  const handles = new AddressArray([0n]);
  const database = symbols.rocksdb_open_column_families(
    options,
    addressOf(name),
    1,
    names.address,
    kinds.address,
    handles.address,
    error.address,
  );
  keepAlive(name, family, names, kinds);
  let agree = false;
  if (error.isNull) {
    const [handle] = handles.read();
    const place = { symbols, database, read, family: handle!, error };
    const native = new RawNativeOperations({
      ...place,
      addresses,
      write,
      error: { address: error.address, check() {} },
    });
    fill(place, write);
    const plain = seen(place, pools.plain, readsOf(place, undefined));
    const fused = seen(place, pools.fused, readsOf(place, addresses));
    const again = seen(place, pools.plain, (key, into) => performed(native.get, key, into));
    agree = error.isNull && plain === expected() && fused === plain && again === plain;
    // The same entries once more, written by machine code.
    const gone = keyOf(1);
    symbols.rocksdb_delete_cf(database, write, handle!, gone.address, gone.size, error.address);
    keepAlive(gone);
    for (const i of VALUE_BYTES.keys()) {
      agree &&= performed(native.put, keyOf(i), valueOf(i)) === VALUE_BYTES[i];
    }
    agree &&= error.isNull && seen(place, pools.plain, readsOf(place, undefined)) === plain;
    native.close();
    symbols.rocksdb_column_family_handle_destroy(handle!);
    symbols.rocksdb_close(database);
  }
  if (!error.isNull) symbols.rocksdb_free(error.takeAddress());
  symbols.rocksdb_readoptions_destroy(read);
  symbols.rocksdb_writeoptions_destroy(write);
  symbols.rocksdb_options_destroy(options);
  memory.rocksdb_env_destroy(env);
  return agree;
}

/** A database that is open. */
interface Place {
  symbols: RocksSymbols;
  database: bigint;
  /** Read options. */
  read: bigint;
  /** The column family's handle. */
  family: bigint;
  error: OutWord;
}

const keyOf = (i: number) => Slice.fromText(`key ${i}`);
const valueOf = (i: number) => Slice.from(new Uint8Array(VALUE_BYTES[i]!).fill(65 + i));

function fill({ symbols, database, family, error }: Place, write: bigint): void {
  for (const i of VALUE_BYTES.keys()) {
    const [key, value] = [keyOf(i), valueOf(i)];
    symbols.rocksdb_put_cf(
      database,
      write,
      family,
      key.address,
      key.size,
      value.address,
      value.size,
      error.address,
    );
    keepAlive(key, value);
  }
}

/** How a value is got: as a store gets it. */
type Read = (key: Slice, into: Slice) => number;

/** Gets of the store's own. @param addresses Where machine code is to call them. */
function readsOf(
  { symbols, database, read, family, error }: Place,
  addresses: FunctionAddresses | undefined,
): Read {
  const reads = pointRead({ symbols, addresses, database, read, error: error.address });
  return (key, into) => reads.get(family, key, into);
}

/** All that reading finds, as a text. */
function seen({ symbols, database, read, family }: Place, pool: WalkPool, get: Read): string {
  const found: string[] = [];
  for (const [begin, go] of DIRECTIONS) {
    const iterator = symbols.rocksdb_create_iterator_cf(database, read, family);
    const walk = pool.take(iterator);
    walk.moves(begin);
    while (walk.step()) {
      walk.moves(go);
      found.push(
        textAt(walk.keyAddress, walk.keyLength),
        textAt(walk.valueAddress, walk.valueLength),
      );
    }
    pool.give(walk);
    symbols.rocksdb_iter_destroy(iterator);
  }
  for (let i = 0; i <= VALUE_BYTES.length; i++) {
    const [key, into] = [keyOf(i), new Slice(CAPACITY)];
    const length = get(key, into);
    const copied = length >= 0 && length <= CAPACITY ? length : CAPACITY;
    found.push(`${length}`, new TextDecoder().decode(into.bytes.subarray(0, copied)));
  }
  return found.join("\n");
}

/** What there is to be found. */
function expected(): string {
  const text = (slice: Slice) => new TextDecoder().decode(slice.view());
  const entries = VALUE_BYTES.map((_, i) => [text(keyOf(i)), text(valueOf(i))]);
  const untouched = "\0".repeat(CAPACITY);
  return [
    ...entries.flat(),
    ...entries.toReversed().flat(),
    ...VALUE_BYTES.flatMap((bytes, i) => [
      `${bytes}`,
      bytes > CAPACITY ? untouched : text(valueOf(i)),
    ]),
    "-1",
    untouched,
  ].join("\n");
}

function textAt(address: bigint, length: number): string {
  if (length === 0) return "";
  const bytes = new Uint8Array(length);
  new Deno.UnsafePointerView(Deno.UnsafePointer.create(address)!).copyInto(bytes);
  return new TextDecoder().decode(bytes);
}
