/** What a member of etcd tells by its metrics, in the text form of Prometheus. */
import type { ServerCountName, ServerTimeName } from "../../result/mod.ts";
import type { ServerMember } from "../contract.ts";

/** A histogram of seconds, and which of its series count. */
interface TimeMetric {
  name: string;
  /** What a series' labels have to have. @default anything */
  labels?: RegExp;
}

/** The times by their metrics. Which of them there are differs from version to version. */
const TIMES: Readonly<Record<ServerTimeName, TimeMetric>> = {
  // Only told with --metrics=extensive.
  handler: {
    name: "grpc_server_handling_seconds",
    labels: /grpc_method="(Put|Range|Txn|DeleteRange)"/,
  },
  walFsync: { name: "etcd_disk_wal_fsync_duration_seconds" },
  // Since 3.5.
  apply: { name: "etcd_server_apply_duration_seconds" },
  // Since 3.6.
  range: { name: "etcd_server_range_duration_seconds" },
  backendCommit: { name: "etcd_disk_backend_commit_duration_seconds" },
};

const COUNTS: Readonly<Record<ServerCountName, string>> = {
  leaderChanges: "etcd_server_leader_changes_seen_total",
  proposalsFailed: "etcd_server_proposals_failed_total",
  slowApplies: "etcd_server_slow_apply_total",
  heartbeatsFailed: "etcd_server_heartbeat_send_failures_total",
};

const IS_LEADER = "etcd_server_is_leader";

/** A line of a value: its name, its labels, its value. */
const LINE = /^([A-Za-z_:][A-Za-z0-9_:]*)(\{.*\})? ([-+0-9.eE]+)(?: \d+)?$/;

/**
 * Reads a member's metrics. What it does not tell is absent.
 *
 * @example
 * ```text
 * etcd_disk_wal_fsync_duration_seconds_sum 0.034
 * etcd_disk_wal_fsync_duration_seconds_count 9
 * ```
 */
export function readMetrics(text: string): Omit<ServerMember, "asked" | "place"> {
  const wanted = new Map<string, (labels: string, value: number) => void>();
  const times: ServerMember["times"] = {};
  const counts: ServerMember["counts"] = {};
  for (const time of Object.keys(TIMES) as ServerTimeName[]) {
    const { name, labels = /(?:)/ } = TIMES[time];
    const add = (field: "count" | "ns", factor: number) => (found: string, value: number) => {
      if (labels.test(found)) (times[time] ??= { count: 0, ns: 0 })[field] += value * factor;
    };
    wanted.set(`${name}_count`, add("count", 1));
    wanted.set(`${name}_sum`, add("ns", 1e9));
  }
  for (const count of Object.keys(COUNTS) as ServerCountName[]) {
    wanted.set(COUNTS[count], (_, value) => counts[count] = value);
  }
  let leads: number | undefined;
  wanted.set(IS_LEADER, (_, value) => leads = value);
  for (const line of text.split("\n")) {
    const [, name = "", labels = "", value] = LINE.exec(line) ?? [];
    if (Number.isFinite(Number(value))) wanted.get(name)?.(labels, Number(value));
  }
  return { role: leads === undefined ? null : leads > 0 ? "leader" : "follower", times, counts };
}
