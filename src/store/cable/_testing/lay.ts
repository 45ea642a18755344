/**
 * Lays a cable of two machines, says how long ways there and back took, and takes it away once it is
 * told so. A process runs on one of the machines meanwhile.
 */
import { kill } from "../../../child/mod.ts";
import { layCable } from "../cable.ts";

/** A port that nobody listens at: the answer that says so has been there and back. */
const NOBODYS = 9;

const cable = await layCable(2, JSON.parse(Deno.args[0]!));
const [program, ...args] = cable.on(1, ["/bin/sleep", "60"]);
const sleeper = new Deno.Command("setpriv", {
  args: ["--pdeathsig", "KILL", "--", program!, ...args],
}).spawn();
const times: number[] = [];
for (let i = 0; i < 20; i++) {
  const start = performance.now();
  await Deno.connect({ hostname: cable.addresses[i % 2]!, port: NOBODYS }).catch((error) => {
    if (!(error instanceof Deno.errors.ConnectionRefused)) throw error;
  });
  times.push(performance.now() - start);
}
console.log(JSON.stringify({ times, address: cable.addresses[0], sleeper: sleeper.pid }));
await Deno.stdin.read(new Uint8Array(1));
kill(sleeper);
await sleeper.status;
await cable.end();
console.log("ended");
