/**
 * The programs that Tidemark starts besides runs, each in the place of one that hangs: none is waited
 * for without a limit. A program that sleeps stands for what cannot be made to hang otherwise.
 */
import assert from "node:assert/strict";
import { withFolder } from "../../_testing/folder.ts";
import { run } from "../../_testing/child.ts";

const CONFIG = new URL("../../../deno.json", import.meta.url).pathname;
const module = (path: string) => JSON.stringify(new URL(`../../${path}`, import.meta.url).href);

/** A program, a call that starts it and has little time for it, and what is said then. */
const CALLS: [program: string, call: string, said: string][] = [
  [
    "nix-instantiate",
    `const { nixInstantiate, readInventory } = await import(${module("cluster/inventory.ts")});
    await readInventory("cluster.nix", nixInstantiate(1));`,
    "Cannot evaluate cluster.nix: nix-instantiate did not end within 1 s; does the file loop?",
  ],
  [
    "ssh",
    `const { SshTransport } = await import(${module("cluster/ssh.ts")});
    using transport = new SshTransport({ user: "bench" }, { connectSeconds: 1 });
    const place = { address: "192.0.2.1", sshPort: 22, hostKey: null, problem: null };
    await transport.connect({ name: "node01", ...place });`,
    "Cannot reach node01 (192.0.2.1:22): it did not answer within 1 s",
  ],
  [
    "deno",
    `const { download } = await import(${module("engine/download.ts")});
    const address = { url: "https://192.0.2.1/a.jar", host: "192.0.2.1" };
    await download({ address, folder: ".", file: "a", published: false, patience: 0.2 }, () => {});`,
    "its process said nothing for 1 s",
  ],
  [
    "deno",
    `const { publishInProcess } = await import(${module("publish/s3_child.ts")});
    const { parseTarget } = await import(${module("publish/target.ts")});
    const target = parseTarget("s3:https://storage.example/bucket");
    await publishInProcess(".", { target, id: "x" }, undefined, 0.02);`,
    "Cannot publish to s3:https://storage.example/bucket: it did not end within 0.02 minutes",
  ],
  [
    "pkill",
    `const { outputWithin } = await import(${module("child/mod.ts")});
    if (await outputWithin("pkill", ["-INT"], 1) === undefined) throw new Error("it hangs");`,
    "it hangs",
  ],
];

for (const [program, call, said] of CALLS) {
  const where = /import\("[^"]*\/src\/([^"]+)"/.exec(call)![1];
  Deno.test(
    `a ${program} that hangs is ended, and said, in ${where}`,
    { timeout: 120_000 },
    withFolder(async (cwd) => {
      Deno.mkdirSync(`${cwd}/bin`);
      Deno.writeTextFileSync(`${cwd}/bin/${program}`, "#!/bin/sh\nexec sleep 60\n", {
        mode: 0o755,
      });
      Deno.writeTextFileSync(`${cwd}/cluster.nix`, "{ }");
      const code = `try { ${call} } catch (error) { console.log(error.message); }`;
      const began = performance.now();
      const { out, err } = await run(Deno.execPath(), ["eval", "--config", CONFIG, code], {
        cwd,
        env: { PATH: `${cwd}/bin:${Deno.env.get("PATH")}`, NO_COLOR: "1" },
        seconds: 40,
      });
      assert.equal(out.trim(), said, err);
      assert.ok(performance.now() - began < 30_000);
    }),
  );
}
