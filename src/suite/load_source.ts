/**
 * A load as a suite's file may write it: in a few lines, with counts such as `100k`, sizes such as
 * `4KiB`, and defaults. What is made of it leaves nothing open.
 */
import { listWithSuggestion, parseBytes, parseCount } from "../format/mod.ts";
import {
  type ClientGroup,
  COMPRESSIBILITY,
  type KeyDistribution,
  LOAD_OPERATION_NAMES,
  type LoadSpec,
  MOST_DIVISOR,
  MOST_THETA,
  type OperationMix,
  type SizeDistribution,
} from "../workload/mod.ts";

/** A number, or a text such as `20k`; of bytes such as `64KiB`. */
type Amount = number | string;

/** A size that is drawn anew each time, as a suite may write it; a single one is always the same. */
export type SizeSource =
  | Amount
  | { kind: "fixed"; size: Amount }
  | { kind: "uniform"; least: Amount; most: Amount }
  | { kind: "pareto"; shape: number; scale: number; least?: Amount; most: Amount };

/** A distribution of keys as a suite may write it: its name, or its kind and what is not as usual. */
export type KeyDistributionSource =
  | KeyDistribution["kind"]
  | { [Kind in KeyDistribution["kind"]]: Kinded<Extract<KeyDistribution, { kind: Kind }>> }[
    KeyDistribution["kind"]
  ];
type Kinded<D extends KeyDistribution> = Pick<D, "kind"> & Partial<D>;

/** Clients that all do the same, as a suite may write them. */
export interface ClientsSource {
  /** Shares of the operations; they sum to 1. */
  mix: OperationMix;
  /** How many clients. @default 1 */
  clients?: number;
  /** Which keys they take; θ is 0.99, the hotspot YCSB's. @default "uniform" */
  keyDistribution?: KeyDistributionSource;
  /** Entries of a scan. @default 100 */
  scanLength?: SizeSource;
  /** Keys of a multi-get, and puts of a batch. @default 10 */
  batchKeys?: Amount;
  /** Watchers of the key of each client that does `watch`. @default 1 */
  watchers?: Amount;
  /** How long the leases of `expireLease` are granted for, s: at least 2, as etcd has it. @default 2 */
  leaseSeconds?: Amount;
  /** Operations a second of all of them together. @default each begins as its last one ends */
  rate?: Amount;
  /** How the rate's operations arrive. @default "poisson" */
  arrivals?: "constant" | "poisson";
}

/** A load as a suite may write it. */
export interface LoadSource extends ClientsSource {
  /** Keys in the store at the beginning. */
  keys: Amount;
  /** Bytes of a value. */
  valueSize: SizeSource;
  /** To what share of its length a value compresses. @default 0.5 */
  compressibility?: number;
  /** Whether the keys are loaded beforehand. @default true */
  filled?: boolean;
  /** `key-` and a number, or YCSB's hash of it. @default "numbered" */
  keyForm?: LoadSpec["keyForm"];
  /** Clients that load the store beside those that are measured. @default none */
  beside?: readonly ClientsSource[];
}

/** Keys that `key-` and twelve digits can tell apart. */
const MOST_KEYS = 1e12;
/** Clients of one process. */
const MOST_CLIENTS = 1024;
/** Bytes of a value, and entries of a scan. */
const MOST_SIZE = 2 ** 30;
/** Keys of a batch: each has its place in memory. */
const MOST_BATCH = 1e6;
/** Watchers of a key: each is a stream where the store is a server. */
const MOST_WATCHERS = 10_000;
/** Seconds of a lease: a run waits for its end. */
const MOST_LEASE_S = 30;
/** Operations a second: one a nanosecond. */
const MOST_RATE = 1e9;

/** Usual parameters: YCSB's θ and hotspot, and Facebook's ranges and keys as RocksDB's wiki has them. */
const USUAL = {
  sequential: {},
  uniform: {},
  zipfian: { theta: 0.99 },
  scrambledZipfian: {},
  latest: { theta: 0.99 },
  hotspot: { keyShare: 0.2, operationShare: 0.8 },
  mixgraph: {
    ranges: 30,
    rangeHotness: [14.18, -2.917, 0.0164, -0.08082],
    keyHotness: [0.002312, 0.3467],
  },
} as const satisfies {
  [K in KeyDistribution["kind"]]: Omit<Extract<KeyDistribution, { kind: K }>, "kind">;
};

const CLIENT_FIELDS = [
  "mix",
  "clients",
  "keyDistribution",
  "scanLength",
  "batchKeys",
  "watchers",
  "leaseSeconds",
  "rate",
  "arrivals",
];
const LOAD_FIELDS = [
  "keys",
  "valueSize",
  "compressibility",
  "filled",
  "keyForm",
  "beside",
  ...CLIENT_FIELDS,
];

/**
 * The load with every default in its place, and checked.
 *
 * @throws {RangeError} Where a field is not known, lacks, or makes no sense; the message begins with
 * the field, and is one line.
 */
export function readLoad(source: LoadSource): LoadSpec {
  const all = fieldsOf(source, "load", LOAD_FIELDS);
  const read = new Reader("");
  const keys = read.count("keys", all.keys, 1, MOST_KEYS);
  const filled = read.flag("filled", all.filled, true);
  const load: LoadSpec = {
    keys,
    filled,
    keyForm: read.choice("keyForm", all.keyForm ?? "numbered", ["numbered", "hashed", "binary"]),
    valueSize: read.size("valueSize", all.valueSize, parseBytes, "a size such as 100 or 4KiB"),
    compressibility: read.share("compressibility", all.compressibility ?? COMPRESSIBILITY),
    groups: [
      readClients(source, "", keys, filled, true),
      ...list("beside", all.beside).map((clients, place) => {
        fieldsOf(clients, `beside.${place}`, CLIENT_FIELDS);
        return readClients(clients as ClientsSource, `beside.${place}.`, keys, filled, false);
      }),
    ],
  };
  const clients = load.groups.reduce((sum, group) => sum + group.clients, 0);
  if (clients > MOST_CLIENTS) {
    throw new RangeError(`clients: there are ${clients} in all; have at most ${MOST_CLIENTS}`);
  }
  return load;
}

function readClients(
  source: ClientsSource,
  where: string,
  keys: number,
  filled: boolean,
  counted: boolean,
): ClientGroup {
  const read = new Reader(where);
  const mix = read.mix(source.mix);
  if (!filled && counted && !WRITING.some((name) => (mix[name] ?? 0) > 0)) {
    throw read.wrong("mix", "it only reads, and the store begins empty; leave filled out");
  }
  const batches = mix.multiGet !== undefined || mix.batch !== undefined;
  if (source.batchKeys !== undefined && !batches) {
    throw read.wrong("batchKeys", "the mix has neither multiGet nor batch; leave it out");
  }
  if (source.scanLength !== undefined && mix.scan === undefined) {
    throw read.wrong("scanLength", "the mix has no scan; leave it out");
  }
  if (source.arrivals !== undefined && source.rate === undefined) {
    throw read.wrong("arrivals", "without a rate nothing arrives; give a rate, or leave it out");
  }
  const clients = read.count("clients", source.clients ?? 1, 1, MOST_CLIENTS);
  const delayed = DELAYED.find((name) => mix[name] !== undefined);
  if (delayed !== undefined && source.rate !== undefined) {
    throw read.wrong("rate", `${delayed} is not timed from its begin; leave rate out`);
  }
  if (mix.compactHistory !== undefined && clients > 1) {
    throw read.wrong(
      "clients",
      "one client compacts what all have written; have 1, and others beside",
    );
  }
  for (const [field, name] of OF_ONE_OPERATION) {
    if (source[field] === undefined || mix[name] !== undefined) continue;
    throw read.wrong(field, `the mix has no ${name}; leave it out`);
  }
  return {
    clients,
    mix,
    keyDistribution: read.distribution(source.keyDistribution ?? "uniform", keys),
    scanLength: read.size(
      "scanLength",
      source.scanLength ?? 100,
      parseCount,
      "entries such as 100",
    ),
    batchKeys: read.count("batchKeys", source.batchKeys ?? 10, 1, MOST_BATCH),
    ...(mix.watch !== undefined && {
      watchers: read.count("watchers", source.watchers ?? 1, 1, MOST_WATCHERS),
    }),
    ...(mix.expireLease !== undefined && {
      leaseSeconds: read.count("leaseSeconds", source.leaseSeconds ?? 2, 2, MOST_LEASE_S),
    }),
    pace: source.rate === undefined ? { loop: "closed" } : {
      loop: "open",
      arrivals: read.choice("arrivals", source.arrivals ?? "poisson", ["constant", "poisson"]),
      rate: read.number(
        "rate",
        amount(source.rate, parseCount),
        (rate) => rate > 0 && rate <= MOST_RATE,
        `operations a second such as 20k, up to ${MOST_RATE}`,
        source.rate,
      ),
    },
    counted,
  };
}

/** Operations whose time counts from something that they wait for. */
const DELAYED = ["watch", "expireLease"] as const;

/** Fields that say something of one operation. */
const OF_ONE_OPERATION = [["watchers", "watch"], ["leaseSeconds", "expireLease"]] as const;

/** Operations after which there is something to read. */
const WRITING = ["update", "insert", "batch"] as const;

/** Shares sum to 1 but for rounding. */
const ROUNDING = 1e-9;

/** Reads fields, whose place it says where one makes no sense. */
class Reader {
  readonly #where: string;

  /** @param where What stands before a field's name. */
  constructor(where: string) {
    this.#where = where;
  }

  wrong(field: string, what: string): RangeError {
    return new RangeError(`${this.#where}${field}: ${what}`);
  }

  /** A number that makes sense. @param wanted What to give in its place. */
  number(
    field: string,
    value: unknown,
    makesSense: (value: number) => boolean,
    wanted: string,
    said = value,
  ): number {
    if (typeof value === "number" && makesSense(value)) return value;
    const how = said === undefined ? "it is missing" : `it is ${shown(said)}`;
    throw this.wrong(field, `${how}; give ${wanted}`);
  }

  count(field: string, said: unknown, least: number, most: number): number {
    return this.number(
      field,
      amount(said, parseCount),
      (value) => Number.isSafeInteger(value) && value >= least && value <= most,
      `a whole number from ${least} to ${most}, such as ${Math.min(most, 20_000)}`,
      said,
    );
  }

  share(field: string, value: unknown): number {
    return this.number(
      field,
      value,
      (share) => share > 0 && share <= 1,
      "a share above 0, up to 1",
    );
  }

  flag(field: string, value: unknown, usual: boolean): boolean {
    if (value === undefined) return usual;
    if (typeof value === "boolean") return value;
    throw this.wrong(field, `it is ${shown(value)}; give true or false`);
  }

  choice<T extends string>(field: string, value: unknown, names: readonly T[]): T {
    if (names.includes(value as T)) return value as T;
    throw this.wrong(field, `it is ${shown(value)}; ${listWithSuggestion(String(value), names)}`);
  }

  mix(mix: unknown): OperationMix {
    if (mix === undefined) throw this.wrong("mix", "it is missing; give shares such as { get: 1 }");
    const shares = Object.entries(fieldsOf(mix, `${this.#where}mix`, LOAD_OPERATION_NAMES))
      .map(([name, share]) => [name, this.share(`mix.${name}`, share)] as const);
    const sum = shares.reduce((total, [, share]) => total + share, 0);
    if (Math.abs(sum - 1) > ROUNDING) {
      const total = Number(sum.toPrecision(6));
      throw this.wrong("mix", `its shares sum to ${total}; let them sum to 1`);
    }
    return Object.fromEntries(shares);
  }

  size(
    field: string,
    said: unknown,
    parse: (text: string) => number | undefined,
    wanted: string,
  ): SizeDistribution {
    const one = (name: string, value: unknown) =>
      this.number(
        name,
        amount(value, parse),
        (size) => Number.isSafeInteger(size) && size >= 1 && size <= MOST_SIZE,
        `${wanted}, up to ${MOST_SIZE}`,
        value,
      );
    if (typeof said !== "object" || said === null) {
      return { kind: "fixed", size: one(field, said) };
    }
    const { kind } = said as { kind?: unknown };
    const known = this.choice(`${field}.kind`, kind, ["fixed", "uniform", "pareto"]);
    const all = fieldsOf(said, `${this.#where}${field}`, ["kind", ...SIZE_FIELDS[known]]);
    if (known === "fixed") return { kind: known, size: one(`${field}.size`, all.size) };
    const [least, most] = [
      known === "pareto" && all.least === undefined ? 1 : one(`${field}.least`, all.least),
      one(`${field}.most`, all.most),
    ];
    if (least > most) {
      throw this.wrong(`${field}.least`, `it is ${least}, more than the most, ${most}; give less`);
    }
    if (known === "uniform") return { kind: known, least, most };
    return {
      kind: known,
      shape: this.number(
        `${field}.shape`,
        all.shape,
        (k) => Math.abs(k) <= 10,
        "a number from -10 to 10",
      ),
      scale: this.number(`${field}.scale`, all.scale, isPositive, "a number above 0"),
      least,
      most,
    };
  }

  distribution(said: unknown, keys: number): KeyDistribution {
    const field = "keyDistribution";
    const isName = typeof said === "string";
    const kinds = Object.keys(USUAL) as KeyDistribution["kind"][];
    if (!isName && (typeof said !== "object" || said === null)) {
      throw this.wrong(field, `it is ${shown(said)}; ${listWithSuggestion("", kinds)}`);
    }
    const kind = isName
      ? this.choice(field, said, kinds)
      : this.choice(`${field}.kind`, (said as { kind?: unknown }).kind, kinds);
    const fields = ["kind", ...Object.keys(USUAL[kind])];
    const given = isName ? {} : fieldsOf(said, `${this.#where}${field}`, fields);
    const distribution = { ...USUAL[kind], ...given, kind } as KeyDistribution;
    this.#refuseParameters(field, distribution, keys);
    return distribution;
  }

  #refuseParameters(field: string, distribution: KeyDistribution, keys: number): void {
    switch (distribution.kind) {
      case "zipfian":
      case "latest": {
        const wanted = `a θ above 0, up to ${MOST_THETA}, or take uniform`;
        const { theta } = distribution;
        this.number(`${field}.theta`, theta, (value) => value > 0 && value <= MOST_THETA, wanted);
        return;
      }
      case "scrambledZipfian":
        if (keys <= MOST_DIVISOR) return;
        throw this.wrong(field, `it hashes to at most ${MOST_DIVISOR} keys; take zipfian`);
      case "hotspot":
        for (const name of ["keyShare", "operationShare"] as const) {
          this.number(`${field}.${name}`, distribution[name], isProper, "a share between 0 and 1");
        }
        return;
      case "mixgraph": {
        const { ranges, rangeHotness, keyHotness } = distribution;
        this.count(`${field}.ranges`, ranges, 1, keys);
        this.#numbers(`${field}.rangeHotness`, rangeHotness, 4, Number.isFinite);
        this.#numbers(`${field}.keyHotness`, keyHotness, 2, isPositive);
        return;
      }
    }
  }

  #numbers(
    field: string,
    value: unknown,
    count: number,
    makesSense: (value: number) => boolean,
  ): void {
    const numbers = list(`${this.#where}${field}`, value);
    if (numbers.length !== count) {
      throw this.wrong(field, `it has ${numbers.length} numbers; give ${count}`);
    }
    numbers.forEach((number, i) => {
      this.number(`${field}.${i}`, number, makesSense, "a number that makes sense there");
    });
  }
}

const SIZE_FIELDS = {
  fixed: ["size"],
  uniform: ["least", "most"],
  pareto: ["shape", "scale", "least", "most"],
} as const;

const isPositive = (value: number) => value > 0 && Number.isFinite(value);
const isProper = (value: number) => value > 0 && value < 1;

/** A number, or what a text says; anything else as it is. */
function amount(said: unknown, parse: (text: string) => number | undefined): unknown {
  return typeof said === "string" ? parse(said) : said;
}

/** An object's fields, all of which have to be known. */
function fieldsOf(
  value: unknown,
  where: string,
  known: readonly string[],
): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new RangeError(`${where}: it is ${shown(value)}, and has to be an object`);
  }
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown === undefined) return value as Record<string, unknown>;
  const path = where === "load" ? unknown : `${where}.${unknown}`;
  const there = listWithSuggestion(unknown, known);
  throw new RangeError(`${path}: there is no such field; ${there}`);
}

function list(where: string, value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  throw new RangeError(`${where}: it is ${shown(value)}, and has to be a list`);
}

/** The most of a value that is shown, letters. */
const MOST_LETTERS = 40;

function shown(value: unknown): string {
  if (typeof value === "function" || typeof value === "symbol") return `a ${typeof value}`;
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "number" || value === undefined) return String(value);
  if (typeof value === "object" && value !== null) {
    return Array.isArray(value) ? "a list" : "an object";
  }
  const text = JSON.stringify(value);
  return text.length <= MOST_LETTERS ? text : `${text.slice(0, MOST_LETTERS)}…`;
}
