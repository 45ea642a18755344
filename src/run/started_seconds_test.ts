import assert from "node:assert/strict";
import type { AsyncStore } from "../store/mod.ts";
import { startedSeconds } from "./started_seconds.ts";

/** A store of which nothing but its processes is looked at. */
function storeOf(pids: readonly number[]): AsyncStore {
  return { api: "async", pids } as Partial<AsyncStore> as AsyncStore;
}

Deno.test({
  name: "startedSeconds() tells what the servers of a store have used, and nothing of ended ones",
  ignore: Deno.build.os !== "linux",
  timeout: 60_000,
  async fn() {
    const busy = new Deno.Command("sh", { args: ["-c", "while :; do :; done"] }).spawn();
    try {
      while (startedSeconds(storeOf([busy.pid])) < 0.05) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      assert.ok(startedSeconds(storeOf([busy.pid, busy.pid])) >= 0.1);
    } finally {
      busy.kill("SIGKILL");
      await busy.status;
    }
    assert.equal(startedSeconds(storeOf([busy.pid])), 0);
    assert.equal(startedSeconds(storeOf([])), 0);
  },
});
