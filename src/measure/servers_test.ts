import assert from "node:assert/strict";
import { monotonicClock } from "../native/mod.ts";
import type { ServerMember, ServerProbe } from "../store/mod.ts";
import { watchServers } from "./servers.ts";

/** A probe whose servers count as a test says. */
class FakeProbe implements ServerProbe {
  retries = 1;
  wire = { requests: 10, ns: 1000 };
  connects = 0;
  pings = 0;
  members: ServerMember[] = [];
  unread: string | undefined;

  read() {
    const members = structuredClone(this.members);
    return Promise.resolve({
      members,
      ...(this.unread !== undefined && { unread: this.unread }),
    });
  }

  watchGaps() {
    return () => ({ ns: 7, atNs: 3 });
  }

  ping(): Promise<number> | undefined {
    return ++this.pings % 2 === 0 ? Promise.resolve(this.pings * 100) : undefined;
  }

  connect(): Promise<void> {
    this.connects++;
    return Promise.resolve();
  }
}

const member = (count: number): ServerMember => ({
  place: 1,
  role: "leader",
  asked: true,
  times: { walFsync: { count, ns: count * 500 } },
  counts: { leaderChanges: count },
});

Deno.test("watchServers() tells what was counted in between", async () => {
  const probe = new FakeProbe();
  probe.members = [{ ...member(9), place: 0 }, member(3)];
  const watch = await watchServers(probe, monotonicClock());
  assert.equal(probe.connects, 10);
  // One has ended meanwhile.
  probe.members = [member(8)];
  // Some metrics are told only once there is something to tell.
  probe.members[0]!.times.apply = { count: 5, ns: 50 };
  probe.retries = 4;
  probe.wire = { requests: 110, ns: 21_000 };
  await new Promise((resolve) => setTimeout(resolve, 60));
  const told = await watch.end({ operations: 100, meanNs: 700, inFlight: 8 });
  assert.deepEqual(told.members[0]!.times, {
    walFsync: { count: 5, ns: 2500 },
    apply: { count: 5, ns: 50 },
  });
  assert.deepEqual(told.members[0]!.counts, { leaderChanges: 5 });
  assert.deepEqual([told.retries, told.operations, told.meanNs, told.inFlight], [3, 100, 700, 8]);
  assert.deepEqual(told.gap, { ns: 7, atNs: 3 });
  assert.deepEqual(told.wire, { requests: 100, ns: 20_000 });
  assert.ok(told.ping !== null && told.ping.count >= 1 && told.ping.meanNs >= 200);
  assert.ok(told.connectNs !== null && told.connectNs >= 0);
  assert.ok(told.ns >= 50e6);
});

Deno.test("watchServers() goes on where servers cannot be asked", async () => {
  const probe = new FakeProbe();
  probe.connect = () => Promise.reject(new Error("refused"));
  probe.ping = () => Promise.reject(new Error("closed"));
  probe.unread = "it does not answer";
  const watch = await watchServers(probe, monotonicClock());
  await new Promise((resolve) => setTimeout(resolve, 10));
  const told = await watch.end({ operations: 1, meanNs: 1, inFlight: 1 });
  assert.deepEqual([told.connectNs, told.ping, told.members], [null, null, []]);
  assert.equal(told.unread, "it does not answer");
});
