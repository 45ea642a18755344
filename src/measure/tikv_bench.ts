/**
 * The client of TiKV beside go-ycsb over its back end, which is TiKV's own client for Go, both before the
 * double of TiKV that the tests have: no TiKV is to be had as a package. The double is slow for a server
 * and takes as long for both, so that a client twice as slow as the other one shows by less than that.
 * Both have one connection to each server.
 *
 * Needs go and its proxy. Arguments: how many rounds, and which lines, with commas in between.
 */
import { Slice } from "../store/mod.ts";
import { goYcsb, runGoYcsb } from "../store/_testing/other_clients.ts";
import { talkWith } from "../store/tikv/_testing/judges.ts";
import { openTikv } from "../store/tikv/mod.ts";
import { compareInTurns, type Contestant, TURNS_HEAD } from "./_testing/client_turns.ts";
import { OurProcess, serveTurns } from "./_testing/our_process.ts";

const ROUNDS = 30;
const SECONDS = 0.75;
/** go-ycsb's records, of which it reads. */
const RECORDS = 10_000;
/** What makes a row of go-ycsb about as long as our values. */
const FIELDS = { fieldcount: 1, fieldlength: 96, "tikv.conncount": 1 };
const VALUE_BYTES = 100;
const IN_FLIGHT = [1, 64];
/** Least share of the other's operations a second. */
const BOUND = 1;
/** The longest that all of it may take, s. */
const MOST_SECONDS = 1200;

const DOUBLE = new URL("../store/tikv/_testing/double_main.ts", import.meta.url).pathname;

/** What our process does. */
async function ours(pd: string, api: 1 | 2): Promise<void> {
  const store = await openTikv("the bench", { pd, api });
  const [key, value] = [Slice.fromText("k".repeat(8)), Slice.fromText("v".repeat(VALUE_BYTES))];
  await store.put(key, value);
  await serveTurns({
    put: () => () => store.put(key, value),
    get: () => {
      const into = new Slice(VALUE_BYTES);
      return async () => {
        if (await store.get(key, into) !== VALUE_BYTES) throw new Error("There is no such key");
      };
    },
  });
  await store.close();
}

async function compare(rounds: number, only: readonly string[]): Promise<void> {
  const ycsb = await goYcsb();
  if ("missing" in ycsb) {
    console.log(`go-ycsb is skipped: ${ycsb.missing.split("\n")[0]}`);
    return;
  }
  console.log(
    `A double of TiKV with three servers, and its clients on the same ` +
      `${navigator.hardwareConcurrency} processors, values of ${VALUE_BYTES} bytes, ${rounds} ` +
      `rounds of ${SECONDS} s`,
  );
  console.log(TURNS_HEAD);
  for (const api of [1, 2] as const) {
    const args = ["run", "--quiet", "--no-prompt", "--allow-net=127.0.0.1", "--allow-read"];
    await using double = talkWith(
      Deno.execPath(),
      [...args, "--allow-env", DOUBLE, `api=${api}`],
      MOST_SECONDS,
    );
    const pd = await double.line();
    if (pd === undefined) throw new Error(`The double ended: ${await double.complaint()}`);
    const process = new OurProcess(import.meta.url, ["ours", pd, String(api)]);
    try {
      const records = {
        "tikv.pd": pd.replaceAll("+", ","),
        "tikv.apiversion": `V${api}`,
        recordcount: RECORDS,
        ...FIELDS,
      };
      await runGoYcsb(ycsb.path, "load", "tikv", 64, records);
      for (const kind of ["put", "get"] as const) {
        for (const inFlight of IN_FLIGHT) {
          const title = `v${api} ${kind} ${inFlight}`;
          if (only.length > 0 && !only.includes(title)) continue;
          const contestants: Contestant[] = [{
            name: "ours",
            turn: (seconds) => process.turn(kind, inFlight, seconds),
          }, {
            name: "go-ycsb",
            bound: BOUND,
            turn: (_, total) =>
              kind === "put"
                ? runGoYcsb(ycsb.path, "load", "tikv", inFlight, { ...records, recordcount: total })
                : runGoYcsb(ycsb.path, "run", "tikv", inFlight, {
                  ...records,
                  operationcount: total,
                  readproportion: 1,
                  updateproportion: 0,
                }),
          }];
          await compareInTurns(title, contestants, { rounds, seconds: SECONDS });
        }
      }
      console.log(process.memoryLine());
    } finally {
      await process.end();
    }
  }
}

if (import.meta.main) {
  if (Deno.args[0] === "ours") await ours(Deno.args[1]!, Deno.args[2] === "2" ? 2 : 1);
  else {
    const [rounds = String(ROUNDS), only = ""] = Deno.args;
    await compare(Number(rounds), only.split(",").filter(Boolean));
  }
}
