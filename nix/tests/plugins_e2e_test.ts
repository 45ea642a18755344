/**
 * A plug-in on nodes over real SSH: the file is sent to them, is known there by its digest, and one for
 * another kind of machine is refused before anything of it is sent. Needs root, and takes half a minute.
 */
import assert from "node:assert/strict";
import { buildC } from "../../src/_testing/plugin_library.ts";
import { Namespaces, namespacesMissing } from "./_testing/namespaces.ts";
import { skippable } from "./_testing/tools.ts";

const SOURCE = new URL("../../src/plugin/check/_testing/faults.c", import.meta.url).pathname;

const missing = Deno.env.get("TIDEMARK_LONG") === undefined
  ? "deno task test:engines tries it"
  : await namespacesMissing();

/** Where an ELF file says which processor it is for, and what it says of ARM's. */
const ELF_MACHINE = { at: 18, aarch64: 183 };

function decoded({ stdout, stderr }: Deno.CommandOutput): string {
  const decoder = new TextDecoder();
  return decoder.decode(stdout) + decoder.decode(stderr);
}

async function bench(bed: Namespaces, library: string, nodes: string, out: string) {
  const ended = await bed.controller([
    ...["bench", "baseline", "--profile", "smoke", "--filter", "read_throughput"],
    ...["--store", `mine=${library}`, "--node", nodes, "--out", out],
  ]).output();
  return { code: ended.code, text: decoded(ended) };
}

Deno.test({
  name: skippable("a plug-in is sent to nodes over SSH, and measured there", missing),
  timeout: 600_000,
  ignore: missing !== undefined,
  async fn() {
    const { path: library, reason } = await buildC(SOURCE, [], "libarray.so");
    assert.ok(library !== undefined, reason);
    await using bed = await Namespaces.start();
    const nodes = ["node01", "node02"];
    const pushed = await bed.controller(["push", "--node", nodes.join(",")]).output();
    assert.equal(pushed.code, 0, decoded(pushed));
    const out = `${bed.folder}/plugin`;
    const { code, text } = await bench(bed, library, nodes.join(","), out);
    assert.equal(code, 0, text);
    const sent = new Set<string>();
    for (const node of nodes) {
      const result = JSON.parse(Deno.readTextFileSync(`${out}/${node}/result.json`));
      assert.equal(result.complete, true);
      const run = result.runs.find(({ store }: { store: { store: string } }) =>
        store.store === "plugin@mine"
      );
      assert.equal(run.state, "ended");
      assert.equal(run.store.library, "libarray.so, plug-in by C ABI 1");
      sent.add(run.store.release.sha256);
    }
    assert.equal(sent.size, 1, "it is the same file on all of them");
    const bytes = Deno.readFileSync(library);
    bytes[ELF_MACHINE.at] = ELF_MACHINE.aarch64;
    const other = `${bed.folder}/libother.so`;
    Deno.writeFileSync(other, bytes);
    const refused = await bench(bed, other, "node01", `${bed.folder}/other`);
    assert.equal(refused.code, 3, refused.text);
    assert.match(refused.text, /Cannot give it the plug-in libother\.so: that is for linux on /);
  },
});
