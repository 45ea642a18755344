/**
 * The client of etcd beside others on one real server: etcd's own benchmark tool, h2load with the same
 * request, and go-ycsb over its back end for etcd. One client has the server to itself at a time, and
 * shares the machine's cores with it, as each of them does. All but go-ycsb write and read one key of 8
 * bytes with a value of 100; go-ycsb has keys of its own, whose values are JSON of as many bytes. The
 * server's revision has to tell as many writes as a writer does.
 *
 * Needs go and its proxy, which the tools and etcd 3.6 are built with the first time (TIDEMARK_ETCD
 * names another etcd), and h2load (Debian: apt-get install nghttp2-client). What is missing is skipped
 * with the reason. Arguments: how many rounds, and which lines, with commas in between.
 */
import { Slice } from "../store/mod.ts";
import {
  currentEtcd,
  etcdBenchmark,
  goYcsb,
  h2load,
  type Had,
  runEtcdBenchmark,
  runGoYcsb,
  runH2load,
} from "../store/_testing/other_clients.ts";
import { connectEtcd } from "../store/etcd/client.ts";
import { soon } from "../store/etcd/_testing/server.ts";
import { startCluster } from "../store/etcd/cluster.ts";
import { METHOD } from "../store/etcd/messages.ts";
import { etcdTarget } from "../store/etcd/options.ts";
import { EtcdStore } from "../store/etcd/store.ts";
import { endpointText, ProtoWriter } from "../store/grpc/mod.ts";
import { compareInTurns, type Contestant, type Done, TURNS_HEAD } from "./_testing/client_turns.ts";
import { OurProcess, serveTurns } from "./_testing/our_process.ts";

const ROUNDS = 30;
const SECONDS = 0.75;
/** go-ycsb's records, of which it reads. */
const RECORDS = 10_000;
/** What makes a value of go-ycsb, JSON with base64, 100 bytes long. */
const FIELDS = { fieldcount: 1, fieldlength: 64 };
const IN_FLIGHT = [1, 64];
/** Least shares of the others' operations a second. */
const BOUND = { benchmark: 0.9, h2load: 0.7, goYcsb: 1 };

const text = (value: string) => new TextEncoder().encode(value);
const KEY = text("k".repeat(8));
const VALUE = text("v".repeat(100));

/** What can be done in a turn. */
type Kind = "put" | "range";

async function connected(endpoint: string): Promise<EtcdStore> {
  const options = { endpoints: endpoint };
  const client = await connectEtcd(etcdTarget(options));
  // Without what stands before keys on servers of others, which would be more bytes than theirs.
  return new EtcdStore("the bench", client, options, undefined, "");
}

/** What our process does. */
async function ours(endpoint: string): Promise<void> {
  const store = await connected(endpoint);
  const [key, value] = [KEY, VALUE].map((bytes) => Slice.from(bytes)) as [Slice, Slice];
  await serveTurns({
    put: () => () => store.put(key, value),
    range: () => {
      const into = new Slice(VALUE.length);
      return async () => {
        if (await store.get(key, into) !== VALUE.length) throw new Error("There is no such key");
      };
    },
  });
  store.client.close();
}

/** What h2load posts: a call's message with what stands before it. */
function bodyOf(kind: Kind): Uint8Array {
  const message = new ProtoWriter().bytes(1, KEY);
  if (kind === "put") message.bytes(2, VALUE);
  const body = new Uint8Array(5 + message.view.length);
  new DataView(body.buffer).setUint32(1, message.view.length);
  body.set(message.view, 5);
  return body;
}

/** Has a writer's operations counted by the server too. */
async function counted(store: EtcdStore, turn: () => Promise<Done>): Promise<Done> {
  const before = (await store.status()).revision;
  const done = await turn();
  const written = (await store.status()).revision - before;
  if (written !== done.operations) {
    throw new Error(`The server took ${written} writes, and not ${done.operations}`);
  }
  return done;
}

/** Says once why somebody takes no part. */
function present(name: string, had: Had): string | undefined {
  if ("path" in had) return had.path;
  console.log(`${name} is skipped: ${had.missing.split("\n")[0]}`);
  return undefined;
}

async function compare(rounds: number, only: readonly string[]): Promise<void> {
  if (Deno.env.get("TIDEMARK_ETCD") === undefined) {
    const path = present("etcd 3.6", await currentEtcd());
    if (path !== undefined) Deno.env.set("TIDEMARK_ETCD", path);
  }
  const benchmark = present("etcd's benchmark tool", await etcdBenchmark());
  const h2 = present("h2load", await h2load());
  const ycsb = present("go-ycsb", await goYcsb());
  const work = await Deno.makeTempDir({ prefix: "tidemark-etcd-bench-" });
  const cluster = await startCluster(`${work}/etcd`, 1);
  const endpoint = endpointText(cluster.endpoints[0]!);
  let process: OurProcess | undefined;
  let store: EtcdStore | undefined;
  try {
    store = await soon(() => connected(endpoint));
    const server = store;
    await server.put(Slice.from(KEY), Slice.from(VALUE));
    process = new OurProcess(import.meta.url, ["ours", endpoint]);
    const our = process;
    const records = { "etcd.endpoints": endpoint, recordcount: RECORDS, ...FIELDS };
    if (ycsb !== undefined) await runGoYcsb(ycsb, "load", "etcd", 64, records);
    console.log(
      `etcd ${server.client.status.version}, one node and its clients on the same ` +
        `${navigator.hardwareConcurrency} processors, one connection each, values of ` +
        `${VALUE.length} bytes, ${rounds} rounds of ${SECONDS} s`,
    );
    console.log(TURNS_HEAD);
    for (const kind of ["put", "range"] as const) {
      await Deno.writeFile(`${work}/body`, bodyOf(kind));
      for (const inFlight of IN_FLIGHT) {
        const title = `${kind} ${inFlight}`;
        if (only.length > 0 && !only.includes(title)) continue;
        const contestants: Contestant[] = [{
          name: "ours",
          turn: (seconds) => our.turn(kind, inFlight, seconds),
        }];
        if (benchmark !== undefined) {
          const what = kind === "put"
            ? ["put", `--key-size=${KEY.length}`, `--val-size=${VALUE.length}`]
            : ["range", new TextDecoder().decode(KEY)];
          contestants.push({
            name: "benchmark",
            bound: BOUND.benchmark,
            turn: (_, total) => runEtcdBenchmark(benchmark, endpoint, what, inFlight, total),
          });
        }
        if (h2 !== undefined) {
          const url = `http://${endpoint}${kind === "put" ? METHOD.put : METHOD.range}`;
          contestants.push({
            name: "h2load",
            // With one in flight it is no bound of the project's, and printed all the same.
            ...(inFlight > 1 && { bound: BOUND.h2load }),
            turn: (_, total) => runH2load(h2, url, `${work}/body`, inFlight, total),
          });
        }
        if (ycsb !== undefined) {
          contestants.push({
            name: "go-ycsb",
            bound: BOUND.goYcsb,
            turn: (_, total) =>
              kind === "put"
                ? runGoYcsb(ycsb, "load", "etcd", inFlight, { ...records, recordcount: total })
                : runGoYcsb(ycsb, "run", "etcd", inFlight, {
                  ...records,
                  operationcount: total,
                  readproportion: 1,
                  updateproportion: 0,
                }),
          });
        }
        const turns = contestants.map((one) => ({
          ...one,
          turn: (seconds: number, operations: number) =>
            kind === "put"
              ? counted(server, () => one.turn(seconds, operations))
              : one.turn(seconds, operations),
        }));
        await compareInTurns(title, turns, { rounds, seconds: SECONDS });
      }
    }
    console.log(our.memoryLine());
  } finally {
    await process?.end();
    store?.client.close();
    await cluster.end();
    await Deno.remove(work, { recursive: true });
  }
}

if (import.meta.main) {
  if (Deno.args[0] === "ours") await ours(Deno.args[1]!);
  else {
    const [rounds = String(ROUNDS), only = ""] = Deno.args;
    await compare(Number(rounds), only.split(",").filter(Boolean));
  }
}
