import assert from "node:assert/strict";

/** A program that says when it is told to end, and does not. */
const STUBBORN = `
  import { interruptSignal } from ${JSON.stringify(new URL("interrupt.ts", import.meta.url).href)};
  interruptSignal().addEventListener("abort", () => console.log("noticed"));
  console.log("ready");
  setInterval(() => {}, 1000);
`;

for (
  const [first, second] of [["SIGINT", "SIGINT"], ["SIGINT", "SIGTERM"], ["SIGTERM", "SIGINT"]]
) {
  Deno.test(`interruptSignal() notices ${first}, and leaves a ${second} after it to end the process`, async () => {
    const process = new Deno.Command(Deno.execPath(), {
      args: ["eval", STUBBORN],
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const lines: string[] = [];
    for await (const chunk of process.stdout.pipeThrough(new TextDecoderStream())) {
      lines.push(chunk.trim());
      if (lines.length === 1) process.kill(first as Deno.Signal);
      if (lines.length === 2) process.kill(second as Deno.Signal);
    }
    assert.deepEqual(lines, ["ready", "noticed"]);
    assert.equal((await process.status).signal, second);
  });
}
