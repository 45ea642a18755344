import assert from "node:assert/strict";
import { TextLineStream } from "@std/streams/text-line-stream";
import { hasEnded, kill } from "../../child/mod.ts";
import { readKernelFile } from "../../native/mod.ts";
import { missingCable } from "./cable.ts";

const missing = missingCable();

/** The network of an address, as /proc/net/route has it. */
function isRouted(address: string): boolean {
  const [a, b, c] = address.split(".").map((byte) =>
    Number(byte).toString(16).toUpperCase().padStart(2, "0")
  );
  return readKernelFile("/proc/net/route")!.includes(`${c}${b}${a}\t00000000`);
}

async function lay(spec: { delayMs: number; jitterMs: number; loss: number }) {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      "--cached-only",
      new URL("./_testing/lay.ts", import.meta.url).href,
      JSON.stringify(spec),
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream())
    .getReader();
  const said: { times: number[]; address: string; sleeper: number } = JSON.parse(
    (await lines.read()).value!,
  );
  return { child, lines, ...said };
}

Deno.test(
  {
    ignore: missing !== undefined,
    timeout: 60_000,
    name: missing === undefined
      ? "layCable() delays every frame, and leaves nothing when it ends"
      : `layCable() delays every frame (${missing})`,
  },
  async () => {
    const { child, lines, times, address } = await lay({ delayMs: 4, jitterMs: 0, loss: 0 });
    try {
      assert.ok(isRouted(address));
      assert.ok(Math.min(...times) >= 8, `${times}`);
      // What else the machine does may hold up some, and hardly all.
      assert.ok(Math.min(...times) < 12, `${times}`);
      const writer = child.stdin.getWriter();
      await writer.write(Uint8Array.of(10));
      assert.equal((await lines.read()).value, "ended");
      assert.ok(!isRouted(address));
      await writer.close();
      await lines.cancel();
    } finally {
      kill(child);
      await hasEnded(child);
    }
  },
);

Deno.test(
  {
    ignore: missing !== undefined,
    timeout: 60_000,
    name: missing === undefined
      ? "layCable() leaves nothing of a process that is killed"
      : `layCable() leaves nothing of a process that is killed (${missing})`,
  },
  async () => {
    const { child, lines, address, sleeper } = await lay({ delayMs: 0, jitterMs: 0, loss: 0 });
    assert.ok(isRouted(address));
    kill(child);
    await hasEnded(child);
    await child.stdin.abort().catch(() => {});
    const late = performance.now() + 10_000;
    while (isRouted(address) || readKernelFile(`/proc/${sleeper}/comm`) !== null) {
      assert.ok(performance.now() < late, "its device, or what ran behind it, is there still");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await lines.cancel();
  },
);
