/** A cable by the kernel's netem, by a tc that a test has put in the place of the machine's. */
import assert from "node:assert/strict";
import { run } from "../../_testing/child.ts";
import { missingCable } from "./cable.ts";

const missing = missingCable();
const ignore = missing !== undefined;
const named = (name: string) => missing === undefined ? name : `${name} (${missing})`;

/** What laying a cable comes to with such a tc, and the calls that it had. */
async function laidWith(script: string) {
  const folder = await Deno.makeTempDir({ prefix: "tidemark-tc-" });
  try {
    const tc = `${folder}/tc`;
    await Deno.writeTextFile(tc, `#!/bin/sh\necho "$*" >> ${folder}/calls\n${script}\n`);
    await Deno.chmod(tc, 0o755);
    const lay = new URL("./_testing/lay_kind.ts", import.meta.url).href;
    const { code, out, err } = await run(
      Deno.execPath(),
      ["run", "-A", "--no-check", "--cached-only", lay],
      { env: { PATH: `${folder}:${Deno.env.get("PATH")}` }, seconds: 50 },
    );
    assert.equal(code, 0, err);
    const calls = (await Deno.readTextFile(`${folder}/calls`)).trim().split("\n");
    return { laid: JSON.parse(out), calls };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test(
  { ignore, timeout: 60_000, name: named("layCable() takes the kernel's netem where it is") },
  async () => {
    const { laid, calls } = await laidWith("exit 0");
    assert.equal(laid.kind, "netem");
    const end = "root netem limit 100000 delay 3ms";
    assert.equal(calls[0], `qdisc add dev lo ${end}`, "tried where it does no harm");
    // This machine's way out, and that of each of the two.
    const devices = calls.slice(1).map((call) => call.replace(` ${end}`, ""));
    assert.match(devices[0]!, /^qdisc add dev tidemark\d+$/);
    assert.deepEqual(devices.slice(1), ["qdisc add dev cable", "qdisc add dev cable"]);
  },
);

Deno.test(
  { ignore, timeout: 60_000, name: named("layCable() delays by itself where there is no netem") },
  async () => {
    const { laid, calls } = await laidWith(
      "echo 'Error: Specified qdisc kind is unknown.' >&2; exit 2",
    );
    assert.equal(laid.kind, "delay queue");
    assert.equal(laid.addresses.length, 2);
    assert.equal(calls.length, 1, "it is tried once");
  },
);

Deno.test(
  { ignore, timeout: 60_000, name: named("layCable() says when netem is there and refuses") },
  async () => {
    const { laid } = await laidWith(
      'case "$*" in *"dev lo"*) exit 0;; esac\necho busy >&2; exit 2',
    );
    assert.deepEqual(laid, { error: "tc refuses netem: busy" });
  },
);
