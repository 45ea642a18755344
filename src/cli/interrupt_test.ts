import assert from "node:assert/strict";
import { limited } from "../_testing/child.ts";

const MODULE = JSON.stringify(new URL("interrupt.ts", import.meta.url).href);

/** A program that says when it is told to end, and does not until a line comes. */
function stubborn(samePressMs: number): Deno.ChildProcess {
  const program = `
    import { interruptSignal } from ${MODULE};
    interruptSignal(${samePressMs}).addEventListener("abort", () => console.log("noticed"));
    console.log("ready");
    await Deno.stdin.read(new Uint8Array(1));
    Deno.exit(3);
  `;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", program],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  return limited(child);
}

function knock(process: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    process.kill(signal);
  } catch {
    // It has ended.
  }
}

for (
  const [first, second] of [["SIGINT", "SIGINT"], ["SIGINT", "SIGTERM"], ["SIGTERM", "SIGINT"]]
) {
  Deno.test(`interruptSignal() notices ${first}, and leaves a later ${second} to end the process`, {
    timeout: 300_000,
  }, async () => {
    const process = stubborn(0);
    const lines: string[] = [];
    let knocking: ReturnType<typeof setInterval> | undefined;
    for await (const chunk of process.stdout.pipeThrough(new TextDecoderStream())) {
      lines.push(chunk.trim());
      if (lines.length === 1) process.kill(first as Deno.Signal);
      // Later is when the process has got round to it.
      else knocking ??= setInterval(() => knock(process, second as Deno.Signal), 50);
    }
    clearInterval(knocking);
    assert.deepEqual(lines, ["ready", "noticed"]);
    assert.equal((await process.status).signal, second);
    await process.stdin.close().catch(() => {});
  });
}

Deno.test("interruptSignal() takes what one press of Ctrl-C sends in all for one", {
  timeout: 300_000,
}, async () => {
  const process = stubborn(600_000);
  const lines: string[] = [];
  for await (const chunk of process.stdout.pipeThrough(new TextDecoderStream())) {
    lines.push(chunk.trim());
    knock(process, "SIGINT");
    if (lines.length === 2) {
      knock(process, "SIGTERM");
      await process.stdin.close();
    }
  }
  assert.deepEqual(lines, ["ready", "noticed"]);
  const { code, signal } = await process.status;
  assert.deepEqual({ code, signal }, { code: 3, signal: null });
});
