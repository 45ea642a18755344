import assert from "node:assert/strict";
import { type Activity, causeOf, Timeline } from "./causes.ts";
import type { SlowOperation } from "./slow.ts";

const OFF = { stall: false, flush: false, compaction: false, steal: false };

/** Looks each 10 ns; from 20 to 40 something goes on. */
function timelineWith(...activities: Activity[]): Timeline {
  const timeline = new Timeline();
  const on = Object.fromEntries(activities.map((activity) => [activity, true]));
  for (let at = 0; at <= 100; at += 10) {
    timeline.look(at, at >= 20 && at <= 40 ? { ...OFF, ...on } : OFF);
  }
  return timeline;
}

function slow(change: Partial<SlowOperation> = {}): SlowOperation {
  return {
    client: 0,
    operation: "update",
    started: 25,
    ns: 10,
    waited: 0,
    blocked: 0,
    late: 0,
    collected: false,
    ...change,
  };
}

Deno.test("causeOf() takes what overlapped an operation, the more particular one first", () => {
  for (const activity of ["stall", "flush", "compaction", "steal"] as const) {
    assert.equal(causeOf(slow(), timelineWith(activity)), activity);
  }
  assert.equal(causeOf(slow(), timelineWith("compaction", "flush", "steal")), "flush");
  assert.equal(causeOf(slow(), timelineWith("compaction", "stall")), "stall");
  assert.equal(
    causeOf(slow({ operation: "get" }), timelineWith("compaction", "stall")),
    "compaction",
  );
});

Deno.test("causeOf() takes a wait for a processor first, where it is most of the time", () => {
  const timeline = timelineWith("compaction");
  assert.equal(causeOf(slow({ waited: 5 }), timeline), "runQueue");
  assert.equal(causeOf(slow({ waited: 4 }), timeline), "compaction");
  assert.equal(causeOf(slow({ waited: null }), timeline), "compaction");
});

Deno.test("causeOf() puts a client's own lateness down to it, or to what it waited for a processor", () => {
  const timeline = timelineWith("compaction", "stall");
  assert.equal(causeOf(slow({ late: 10 }), timeline), "generator");
  assert.equal(causeOf(slow({ late: 9 }), timeline), "stall");
  assert.equal(causeOf(slow({ late: 10, waited: 10 }), timeline), "runQueue");
  assert.equal(causeOf(slow({ late: 10, waited: null }), timeline), "generator");
});

Deno.test("causeOf() puts lateness down to a collection, or to a hypervisor that took processors meanwhile", () => {
  const timeline = timelineWith("steal", "compaction");
  assert.equal(causeOf(slow({ late: 10 }), timeline), "steal");
  assert.equal(causeOf(slow({ late: 10, waited: 10 }), timeline), "runQueue");
  assert.equal(causeOf(slow({ late: 10, collected: true }), timeline), "collection");
  // A hiccup of the machine was seen by one that only sleeps: no collection of the client's.
  assert.equal(causeOf(slow({ collected: true }), timeline, false, 5), "steal");
  assert.equal(causeOf(slow({ collected: true }), timelineWith("compaction"), false, 5), "hiccup");
  // What it took before the operation could have begun made nothing late.
  assert.equal(causeOf(slow({ started: 65, ns: 10, late: 15 }), timeline), "generator");
});

Deno.test("causeOf() takes a thread of a synced write that does nothing for a sync, unless writes stop", () => {
  const timeline = timelineWith("compaction", "flush");
  const blocked = slow({ blocked: 5 });
  assert.equal(causeOf(blocked, timeline, true), "fsync");
  assert.equal(causeOf(blocked, timeline), "flush");
  assert.equal(causeOf(slow({ blocked: 4 }), timeline, true), "flush");
  assert.equal(causeOf(slow({ blocked: null }), timeline, true), "flush");
  assert.equal(causeOf({ ...blocked, operation: "get" }, timeline, true), "flush");
  assert.equal(causeOf(blocked, timelineWith("stall"), true), "stall");
});

Deno.test("causeOf() takes a collection that was seen before what merely overlapped", () => {
  const timeline = timelineWith("compaction", "memtable");
  assert.equal(causeOf(slow({ collected: true }), timeline), "collection");
  assert.equal(causeOf(slow({ collected: true, blocked: null }), timeline), "collection");
  assert.equal(causeOf(slow(), timeline), "memtable");
  // Its thread had nothing to do for half of its time, and so had the time for that.
  assert.equal(causeOf(slow({ collected: true, blocked: 5 }), timeline), "memtable");
  assert.equal(causeOf(slow({ collected: true, blocked: 5 }), timelineWith()), "unknown");
  assert.equal(causeOf(slow({ collected: true, blocked: 4 }), timeline), "collection");
  // No read waits for a memtable.
  assert.equal(causeOf(slow({ operation: "get" }), timeline), "compaction");
  // It went on in some client's isolate: the operation's own was not seen to.
  assert.equal(causeOf(slow(), timelineWith("collection", "runQueue")), "unknown");
});

Deno.test("causeOf() says that it does not know", () => {
  assert.equal(causeOf(slow({ started: 60 }), timelineWith("compaction")), "unknown");
  assert.equal(causeOf(slow({ started: 200 }), timelineWith("compaction")), "unknown");
  assert.equal(causeOf(slow(), new Timeline()), "unknown");
});

Deno.test("Timeline knows what was since the look before as over by the look, and not as going on", () => {
  // From 10 to 40 each look but the first tells of another memtable, and of a flush that goes on.
  const timeline = timelineWith("memtable", "flush");
  assert.deepEqual([...timeline.between(10, 20)].sort(), ["flush", "memtable"]);
  assert.deepEqual([...timeline.between(40, 50)], ["flush"]);
  assert.equal(timeline.share("memtable"), 0.3);
  assert.equal(timeline.share("flush"), 0.4);
  timeline.look(110, { memtable: true, flush: true });
  assert.deepEqual([...timeline.at(105)].sort(), ["flush", "memtable"]);
  assert.deepEqual([...timeline.at(115)], ["flush"]);
});

Deno.test("Timeline tells for what share of the time something went on, or that it cannot", () => {
  const timeline = timelineWith("compaction");
  // Between two looks it may have begun or ended at any moment.
  assert.equal(timeline.share("compaction"), 0.4);
  assert.equal(timeline.share("flush"), 0);
  timeline.forget(90);
  assert.equal(timeline.share("compaction"), 0.4);
  assert.equal(causeOf(slow(), timeline), "unknown");
  const blind = new Timeline();
  blind.look(0, { steal: false });
  blind.look(10, { steal: false });
  assert.equal(blind.share("flush"), null);
  assert.equal(blind.share("steal"), 0);
});

Deno.test("causeOf() puts down to the machine what held up a sleeping thread for most of the same time", () => {
  const timeline = timelineWith("compaction", "stall");
  assert.equal(causeOf(slow(), timeline, false, 5), "hiccup");
  assert.equal(causeOf(slow(), timeline, false, 4), "stall");
  assert.equal(causeOf(slow(), timeline, false, null), "stall");
  // Its own thread's wait says it more exactly; a client is late because of the machine then.
  assert.equal(causeOf(slow({ waited: 5 }), timeline, false, 5), "runQueue");
  assert.equal(causeOf(slow({ late: 10 }), timeline, false, 10), "hiccup");
  assert.equal(causeOf(slow({ late: 10 }), timeline, false, 9), "generator");
});

Deno.test("Timeline tells for what share of a stretch each activity went on, of those that are known", () => {
  const timeline = timelineWith("compaction");
  // It was on at 20, 30 and 40, and so from 10 to 50.
  assert.deepEqual(timeline.sharesOf(0, 20), { stall: 0, flush: 0, compaction: 0.5, steal: 0 });
  assert.equal(timeline.sharesOf(20, 40).compaction, 1);
  assert.equal(timeline.sharesOf(45, 65).compaction, 0.25);
  assert.equal(timeline.sharesOf(60, 100).compaction, 0);
});
