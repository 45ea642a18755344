/**
 * The double as a process of its own: says where its PD is, and obeys lines until there are no more:
 * `split KEY`, `move KEY STORE [silent]`, `busy STORE TIMES MS`, `slow STORE MS`, `kill STORE`,
 * `revive STORE`, `pd MEMBER`. Its arguments are `api=2` and `stores=N`.
 */
import { startDouble, type TikvDouble } from "./double.ts";

const asked = new Map(Deno.args.map((argument) => argument.split("=") as [string, string]));

await using double = await startDouble({
  api: asked.get("api") === "2" ? 2 : 1,
  stores: Number(asked.get("stores") ?? 3),
});
console.log(double.pd);
const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream());
let rest = "";
for await (const text of lines) {
  const whole = (rest + text).split("\n");
  rest = whole.pop()!;
  for (const line of whole) {
    await obey(double, line.trim().split(" "));
    console.log(`done ${JSON.stringify(double.counts)}`);
  }
}

async function obey(double: TikvDouble, [what, ...words]: string[]): Promise<void> {
  const key = new TextEncoder().encode(words[0] ?? "");
  const [a, b, c] = words.map(Number) as [number, number, number];
  if (what === "split") double.split(key);
  else if (what === "move") double.moveLeader(key, b, words[2] !== "silent");
  else if (what === "busy") double.busy(a, b, c);
  else if (what === "slow") double.slow(a, b);
  else if (what === "kill") await double.kill(a);
  else if (what === "revive") await double.revive(a);
  else if (what === "pd") double.leadPd(a);
  else throw new Error(`Cannot obey ${what}: it is no command`);
}
