/** What one client of a load does. */
import { derive, Random } from "../stats/mod.ts";
import { type KeySource, keySource } from "./key_sources.ts";
import {
  type ClientGroup,
  LOAD_CODES,
  LOAD_OPERATION_NAMES,
  type LoadSpec,
  type OperationStream,
} from "./load.ts";
import { type SizeSource, sizeSource } from "./sizes.ts";

/** All clients of a load. Each has a place: those of the first group come first. */
export function clientsOf(load: LoadSpec): number {
  return load.groups.reduce((sum, { clients }) => sum + clients, 0);
}

/**
 * The group of a client, and its place in it.
 *
 * @throws {RangeError} Where the load has no such client.
 */
export function groupOf(load: LoadSpec, client: number): { group: ClientGroup; place: number } {
  let place = client;
  for (const group of load.groups) {
    if (place < group.clients) return { group, place };
    place -= group.clients;
  }
  throw new RangeError(`Cannot find client ${client}: the load has ${clientsOf(load)}`);
}

/**
 * The stream of one client. Clients share nothing: each inserts every n-th new key of n clients, and
 * of the new keys it takes only its own, which it has surely put; all together, they take the keys
 * that the distribution says.
 *
 * @param client Its place among all clients of the load.
 * @param seed Of the whole load: each client's draws are its own all the same.
 * @throws {RangeError} Where the load has no such client.
 */
export function operationStream(load: LoadSpec, client: number, seed: number): OperationStream {
  return new ClientStream(load, client, seed);
}

class ClientStream implements OperationStream {
  readonly keys: Float64Array;
  readonly valueBytes: Float64Array;
  count = 1;
  scanLength = 0;
  readonly mayMiss: boolean;
  readonly #random: Random;
  readonly #source: KeySource;
  readonly #sizes: SizeSource;
  readonly #scans: SizeSource;
  readonly #scan = new Float64Array(1);
  /** What an operation is drawn by, from [0, 1). */
  readonly #share = new Float64Array(1);
  /** Shares of the operations up to and with each. */
  readonly #upTo: Float64Array;
  readonly #codes: Int32Array;
  readonly #batchKeys: number;
  readonly #first: number;
  readonly #clients: number;
  readonly #client: number;
  /** New keys that it has put. */
  #inserted = 0;
  #inserting = false;

  constructor(load: LoadSpec, client: number, seed: number) {
    const { group } = groupOf(load, client);
    const clients = clientsOf(load);
    const random = new Random(derive(seed, "client", String(client)));
    this.#random = random;
    this.#source = keySource(group.keyDistribution, load.keys, {
      random,
      shared: derive(seed, "shared"),
      client,
      clients,
    });
    this.#sizes = sizeSource(load.valueSize, random);
    this.#scans = sizeSource(group.scanLength, random);
    const named = LOAD_OPERATION_NAMES.filter((name) => (group.mix[name] ?? 0) > 0);
    let sum = 0;
    this.#upTo = Float64Array.from(named, (name) => sum += group.mix[name]!);
    // Shares sum to 1 but for rounding: the last operation has what is left.
    this.#upTo[named.length - 1] = Infinity;
    this.#codes = Int32Array.from(named, (name) => LOAD_CODES[name]);
    this.#batchKeys = group.batchKeys;
    const most = group.mix.multiGet || group.mix.batch ? group.batchKeys : 1;
    this.keys = new Float64Array(most);
    this.valueBytes = new Float64Array(most);
    this.#first = load.keys;
    this.#clients = clients;
    this.#client = client;
    this.mayMiss = !load.filled || load.groups.some(({ mix }) => (mix.delete ?? 0) > 0);
  }

  next(): number {
    if (this.#inserting) {
      this.#inserting = false;
      this.#inserted++;
    }
    this.#random.uniformInto(this.#share, 0);
    const share = this.#share[0]!;
    const upTo = this.#upTo;
    let place = 0;
    while (upTo[place]! <= share) place++;
    const code = this.#codes[place]!;
    this.count = 1;
    switch (code) {
      case LOAD_CODES.insert:
        this.#inserting = true;
        this.keys[0] = this.#first + this.#inserted * this.#clients + this.#client;
        this.#sizes.draw(this.valueBytes, 0);
        break;
      case LOAD_CODES.update:
      case LOAD_CODES.readModifyWrite:
      case LOAD_CODES.compareAndSwap:
      case LOAD_CODES.watch:
      case LOAD_CODES.expireLease:
      case LOAD_CODES.compactHistory:
        this.#drawKey(0);
        this.#sizes.draw(this.valueBytes, 0);
        break;
      case LOAD_CODES.scan:
        this.#drawKey(0);
        this.#scans.draw(this.#scan, 0);
        this.scanLength = this.#scan[0]!;
        break;
      case LOAD_CODES.multiGet:
        this.count = this.#batchKeys;
        for (let i = 0; i < this.#batchKeys; i++) this.#drawKey(i);
        break;
      case LOAD_CODES.batch:
        this.count = this.#batchKeys;
        for (let i = 0; i < this.#batchKeys; i++) {
          this.#drawKey(i);
          this.#sizes.draw(this.valueBytes, i);
        }
        break;
      default:
        this.#drawKey(0);
    }
    return code;
  }

  #drawKey(at: number): void {
    const first = this.#first;
    const clients = this.#clients;
    const { keys } = this;
    this.#source.draw(first + this.#inserted * clients, keys, at);
    const key = keys[at]!;
    if (key < first) return;
    // A new key, of whichever client: of the same round, the one that this client put.
    keys[at] = first + Math.floor((key - first) / clients) * clients + this.#client;
  }
}
