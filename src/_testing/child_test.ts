import assert from "node:assert/strict";
import { ended, limited, pathOf, run, succeeds } from "./child.ts";

const ignore = Deno.build.os === "windows";
const timeout = 60_000;

Deno.test({
  name: "run() gives what a program made of its input, and how it ended",
  ignore,
  timeout,
  async fn() {
    assert.deepEqual(
      await run("sh", ["-c", 'cat; echo "$0" >&2; exit 3', "$HOME"], { stdin: "a" }),
      {
        code: 3,
        signal: null,
        out: "a",
        err: "$HOME\n",
      },
    );
    const { code } = await run("true", [], { stdin: "x".repeat(1_000_000) });
    assert.equal(code, 0, "what is not read does no harm");
  },
});

Deno.test({
  name: "ended() kills a child that takes too long, and does not wait for what it started",
  ignore,
  timeout,
  async fn() {
    const child = new Deno.Command("sh", {
      // The second sleeper keeps the outputs open.
      args: ["-c", "sleep 5 & sleep 20"],
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    await assert.rejects(ended(child, "the sleeper", 0.1), {
      message: "the sleeper did not end within 0.1 s",
    });
    assert.equal((await child.status).signal, "SIGKILL");
  },
});

Deno.test({
  name: "limited() ends a child that runs too long, and leaves one alone that does not",
  ignore,
  timeout,
  async fn() {
    const sleeps = (seconds: string) => new Deno.Command("sleep", { args: [seconds] }).spawn();
    assert.equal((await limited(sleeps("20"), 0.1).status).signal, "SIGKILL");
    assert.equal((await limited(sleeps("0.01")).status).code, 0);
  },
});

Deno.test({
  name: "succeeds() and pathOf() know what is there",
  ignore,
  timeout,
  async fn() {
    assert.equal(await succeeds("true"), true);
    assert.equal(await succeeds("false"), false);
    assert.equal(await succeeds("no-such-program"), false);
    assert.match(pathOf("sh")!, /\/sh$/);
    assert.equal(pathOf("no-such-program"), undefined);
  },
});
