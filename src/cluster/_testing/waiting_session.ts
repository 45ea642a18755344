import { waitingRow } from "../bench_nodes.ts";
import type { NodesSession } from "../session.ts";

/** A session that has one node, `node01`, which waits. */
export function waitingSession(args: string[] = []): NodesSession {
  return {
    schema: "tidemark.nodes",
    version: 1,
    id: "2026-01-02T030405Z-test",
    startedAt: "2026-01-02T03:04:05.000Z",
    endedAt: null,
    args,
    rows: [waitingRow("node01")],
  };
}
