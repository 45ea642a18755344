/**
 * End to end: the same puts, gets, scans and mixes on a storage layer alone and through etcd, of one server
 * and of three, also with a delay between them. Every write is on the device before it is acknowledged, on
 * both sides: what is left of the difference is the client, the network, gRPC and Raft.
 */
import {
  type BenchmarkSpec,
  defineSuite,
  type LoadBenchmarkSource,
  parseFigures,
} from "../src/mod.ts";
import published from "./published_figures.json" with { type: "json" };

const KEYS = 2000;
/** As etcd's own benchmarks have it. */
const VALUE_BYTES = 256;
/** Operations in flight. */
const CLIENTS = [1, 8, 64] as const;

/**
 * Few samples where several are in flight, and long ones: at the end of each all have to come back, and
 * fewer and fewer are in flight meanwhile.
 */
const samples = (clients: number) => clients === 1 ? 100 : 5;

const of = { keys: KEYS, valueBytes: VALUE_BYTES } as const;

const benchmarks: BenchmarkSpec[] = [
  ...CLIENTS.map((clients): BenchmarkSpec => ({
    ...of,
    name: `put/${clients}`,
    kind: "latency",
    operation: "put",
    samples: samples(clients),
    clients,
  })),
  ...CLIENTS.map((clients): BenchmarkSpec => ({
    ...of,
    name: `get/${clients}`,
    kind: "latency",
    operation: "get",
    samples: samples(clients),
    shape: "settled",
    clients,
  })),
  {
    ...of,
    name: "scan/1000",
    kind: "throughput",
    operation: "scan",
    elements: 1000,
    samples: 10,
    shape: "settled",
  },
];

/** One way between any two of the machines, and from the client to each, ms. */
const DELAYS_MS = [0, 1, 5] as const;
/** What is measured over a delay: it takes its time for each operation. */
const farApart = ["put/1", "put/64", "get/1"];
/** What else is, where there is time. */
const farApartToo = ["get/64", "scan/1000", "mixed/90-10", "rate/400"];

/** Clients of a mix: threads on a storage layer by itself, whose writes share syncs, else in flight. */
const MIX_CLIENTS = 8;
/** Operations a second of a schedule: what three servers on one machine keep up with; of one client. */
const [RATE, RATE_OF_ONE] = [400, 100];

const data = { keys: KEYS, valueSize: VALUE_BYTES } as const;
const mixed = { ...data, mix: { get: 0.9, update: 0.1 }, clients: MIX_CLIENTS } as const;

/** A load of keys that are all as likely, for as long as two seconds. */
const loadOf = (name: string, load: LoadBenchmarkSource["load"]): LoadBenchmarkSource => ({
  name,
  shape: "settled",
  seconds: 2,
  load,
});

const loads: LoadBenchmarkSource[] = [
  loadOf("mixed/90-10", mixed),
  loadOf(`rate/${RATE}`, { ...mixed, rate: RATE }),
];
const mixes = loads.map(({ name }) => name);

const [ONE, SOME, MANY] = CLIENTS;
/**
 * With as many clients on a storage layer by itself as through servers: each operation by itself, and the
 * mix with one client and with many, as fast as it goes and by a schedule.
 */
const thorough: LoadBenchmarkSource[] = [
  ...[ONE, MANY].flatMap((clients) => [
    loadOf(`mixed/90-10/${clients}`, { ...mixed, clients }),
    loadOf(`rate/${clients === ONE ? RATE_OF_ONE : RATE}/${clients}`, {
      ...mixed,
      clients,
      rate: clients === ONE ? RATE_OF_ONE : RATE,
    }),
  ]),
  ...[SOME, MANY].flatMap((clients) => [
    loadOf(`updates/${clients}`, { ...data, mix: { update: 1 }, clients }),
    loadOf(`gets/${clients}`, { ...data, mix: { get: 1 }, clients }),
    loadOf(`scans/${clients}`, { ...data, mix: { scan: 1 }, scanLength: 1000, clients }),
  ]),
];
const rest = thorough.map(({ name }) => name);

/** What a storage layer by itself is measured in: it answers at once, so that one is in flight. */
const alone = ["put/1", "get/1", "scan/1000"];
const gets = CLIENTS.map((clients) => `get/${clients}`);

export default defineSuite({
  name: "e2e",
  title: "End to End: Storage Alone and through etcd",
  summary:
    "The same puts, gets and scans on the storage layer alone and through etcd's client, gRPC, " +
    "Raft and storage, with every write synced before it is acknowledged: what of a storage layer's " +
    "throughput a server leaves, also where servers are apart.",
  stores: ["raw", "kvstore", "etcd"],
  storeOptions: { wal: "synced" },
  variants: [
    { store: "raw", options: {}, benchmarks: [...alone, ...mixes, ...rest], thorough: rest },
    {
      store: "kvstore",
      options: {},
      benchmarks: [...alone, ...mixes, ...rest],
      thorough: [...mixes, ...rest],
    },
    { store: "etcd", options: { nodes: 1 }, thorough: rest },
    { store: "etcd", options: { nodes: 1, consistency: "serializable" }, benchmarks: gets },
    { store: "etcd", options: { nodes: 3 }, thorough: rest },
    { store: "etcd", options: { nodes: 3, consistency: "serializable" }, benchmarks: gets },
    ...DELAYS_MS.map((delayMs) => ({
      store: "etcd",
      options: { nodes: 3, delayMs },
      benchmarks: [...farApart, ...farApartToo],
      thorough: farApartToo,
    })),
  ],
  benchmarks,
  loads: [...loads, ...thorough],
  claims: [
    {
      name: "Bet 1",
      hypothesis: "A storage layer of the Rust-and-RocksDB class matches or exceeds TiKV and etcd.",
      evidence: [
        {
          benchmark: "put/1",
          metric: "mean",
          figures: ["etcd-write-3.2.0-1-clients"],
          stores: ["raw", "kvstore"],
        },
        {
          benchmark: "get/1",
          metric: "mean",
          figures: [
            "etcd-read-3.2.0-1-clients-linearizable",
            "etcd-read-3.2.0-1-clients-serializable",
          ],
          stores: ["raw", "kvstore"],
        },
      ],
      limits: [
        "A storage layer without a server does not what etcd does: nothing is replicated, and nobody " +
        "else can reach it. What a server of that class leaves is to be measured.",
        "TiKV was not measured, and no figure of it with one operation in flight was published.",
      ],
    },
  ],
  figures: parseFigures(published),
  nextSteps: [
    "Measure on machines of their own, with a network in between: on one machine the servers, the " +
    "client and the emulated cable share its processors.",
    "Measure at the rates of the deployment (`--rate 2k`).",
    "Measure with servers that run for longer than a run: their databases are new here.",
  ],
});
