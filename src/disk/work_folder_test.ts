import assert from "node:assert/strict";
import { isThere } from "./there.ts";
import { WorkFolder } from "./work_folder.ts";

/** A kind of this test's own, so that no other's folders are in play. */
const KIND = `test${crypto.randomUUID().slice(0, 8)}`;

/** A process that makes a folder, says where, and waits to be killed. */
async function killedWithFolder(): Promise<string> {
  const module = new URL("./work_folder.ts", import.meta.url).href;
  const code = `const { WorkFolder } = await import(${JSON.stringify(module)});
    const folder = new WorkFolder(${JSON.stringify(KIND)});
    Deno.mkdirSync(folder.path + "/deep/er", { recursive: true });
    console.log(folder.path);
    setInterval(() => folder, 1000);`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", code],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await reader.read();
  const path = value.trim();
  // One that is in use stays, whoever begins another.
  new WorkFolder(KIND)[Symbol.dispose]();
  assert.ok(isThere(`${path}/deep/er`), "it is in use");
  child.kill("SIGKILL");
  await child.status;
  await reader.cancel();
  return path;
}

Deno.test("WorkFolder removes what a killed process left, and nothing that is in use", {
  timeout: 300_000,
}, async () => {
  const left = await killedWithFolder();
  assert.ok(isThere(left));
  const own = new WorkFolder(KIND);
  const other = new WorkFolder(KIND);
  assert.deepEqual([left, own.path, other.path].map(isThere), [false, true, true]);
  own[Symbol.dispose]();
  assert.deepEqual([own.path, other.path].map(isThere), [false, true]);
  other[Symbol.dispose]();
});

Deno.test(
  "WorkFolder takes no folder that is only just being made, and no other kind's, for left",
  { timeout: 300_000 },
  () => {
    const [young, old, another] = [`${KIND}-`, `${KIND}-`, `${KIND}x-`].map((kind) =>
      Deno.makeTempDirSync({ prefix: `tidemark-${kind}` })
    ) as [string, string, string];
    for (const path of [old, another]) Deno.utimeSync(path, 0, 0);
    try {
      new WorkFolder(KIND)[Symbol.dispose]();
      assert.deepEqual([young, old, another].map(isThere), [true, false, true]);
    } finally {
      for (const path of [young, another]) Deno.removeSync(path);
    }
  },
);
