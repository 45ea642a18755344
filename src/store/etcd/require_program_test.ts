import assert from "node:assert/strict";
import { pretendVariable } from "../../_testing/environment.ts";
import { StoreError } from "../error.ts";
import { ETCD } from "./mod.ts";
import { ETCD_VARIABLE } from "./program.ts";

/** Refuses programs, which are scripts, in a folder of their own. */
async function refusalOf(script: string, mode = 0o755): Promise<string | undefined> {
  const folder = await Deno.makeTempDir({ prefix: "tidemark-program-" });
  try {
    await Deno.writeTextFile(`${folder}/etcd`, script, { mode });
    using _named = pretendVariable(ETCD_VARIABLE, `${folder}/etcd`);
    const error = await ETCD.requirePrograms!("it").then(() => undefined, (error) => error);
    if (error === undefined) return undefined;
    assert.ok(error instanceof StoreError, `${error}`);
    assert.equal(error.kind, "usage");
    assert.match(
      error.message,
      /^Cannot open the database it: [^\n]+; name another one by TIDEMARK_/,
    );
    return error.message.replaceAll(folder, "").replace(/; name another.*/, "");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("requirePrograms() takes etcd, and refuses what is none or too old", {
  ignore: Deno.build.os === "windows",
  timeout: 60_000,
}, async () => {
  const said = async (script: string) =>
    (await refusalOf(`#!/bin/sh\n${script}\n`))?.replace("Cannot open the database it: ", "");
  assert.equal(await said("echo 'etcd Version: 3.4.23'; echo 'Git SHA: x'"), undefined);
  assert.equal(await said("echo 'etcd Version: 3.10.0-rc.1'"), undefined);
  assert.equal(
    await said("echo 'etcd Version: 3.3.27'"),
    "/etcd is etcd 3.3.27, and 3.4 is needed",
  );
  assert.equal(
    await said("echo nonsense >&2; exit 1"),
    '/etcd is no etcd: asked for its version, it says "nonsense"',
  );
  assert.equal(await said(""), "/etcd is no etcd: asked for its version, it says nothing");
  // What a terminal would obey is shown as text.
  assert.match(`${await said("printf '\\033[31mred'")}`, /it says "\\u001b\[31mred"$/);
});

Deno.test("requirePrograms() refuses programs that cannot be run, or do not end", {
  ignore: Deno.build.os === "windows",
  timeout: 120_000,
}, async () => {
  assert.match(`${await refusalOf("#!/bin/sh\n", 0o644)}`, /\/etcd cannot be run \(/);
  assert.match(`${await refusalOf("#!/no/such/shell\n")}`, /\/etcd cannot be run \(/);
  const hangs = `${await refusalOf("#!/bin/sh\nexec sleep 1000\n")}`;
  assert.match(hangs, /\/etcd does not say its version within 10 s$/);
  // Its pipe is closed at some time, and it ends or does not.
  const prints = `${await refusalOf("#!/bin/sh\nwhile :; do echo nonsense; done\n")}`;
  assert.match(prints, /\/etcd (?:is no etcd: .*"nonsense"|does not say its version within 10 s)$/);
});
