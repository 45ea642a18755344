import assert from "node:assert/strict";
import type { Store } from "../store/mod.ts";
import { flushAndCompact } from "./merge.ts";

Deno.test("flushAndCompact() asks for what the engine has, in that order", async () => {
  const asked = async (lacks?: (call: string) => boolean) => {
    const calls: string[] = [];
    const call = (name: string) => () => void calls.push(name);
    const store = { api: "sync", flush: call("flush"), compact: call("compact"), lacks };
    await flushAndCompact(store as unknown as Store, (what) => calls.push(what.split(" ")[1]!));
    return calls.join();
  };
  assert.equal(await asked(), "flush,flush,compaction,compact");
  assert.equal(await asked(() => false), "flush,flush,compaction,compact");
  assert.equal(await asked((call) => call === "compact"), "flush,flush");
  assert.equal(await asked((call) => call === "flush"), "compaction,compact");
  assert.equal(await asked(() => true), "");
});
