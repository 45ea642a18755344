import assert from "node:assert/strict";
import { readMetrics } from "./metrics.ts";

const TEXT = `# HELP etcd_disk_wal_fsync_duration_seconds The latency distributions of fsync.
# TYPE etcd_disk_wal_fsync_duration_seconds histogram
etcd_disk_wal_fsync_duration_seconds_bucket{le="0.001"} 6
etcd_disk_wal_fsync_duration_seconds_sum 0.033953479
etcd_disk_wal_fsync_duration_seconds_count 9
etcd_server_apply_duration_seconds_sum{op="Put",success="true",version="v3"} 0.00035
etcd_server_apply_duration_seconds_count{op="Put",success="true",version="v3"} 3
etcd_server_apply_duration_seconds_sum{op="Txn",success="true",version="v3"} 5e-05
etcd_server_apply_duration_seconds_count{op="Txn",success="true",version="v3"} 1
grpc_server_handling_seconds_sum{grpc_method="Put",grpc_service="etcdserverpb.KV"} 0.5
grpc_server_handling_seconds_count{grpc_method="Put",grpc_service="etcdserverpb.KV"} 100
grpc_server_handling_seconds_sum{grpc_method="Status",grpc_service="etcdserverpb.M"} 7
grpc_server_handling_seconds_count{grpc_method="Status",grpc_service="etcdserverpb.M"} 7
etcd_server_is_leader 1
etcd_server_leader_changes_seen_total 2
go_gc_duration_seconds_sum NaN
`;

Deno.test("readMetrics() adds the series that count, in nanoseconds", () => {
  const { role, times, counts } = readMetrics(TEXT);
  assert.equal(role, "leader");
  assert.deepEqual(times.walFsync, { count: 9, ns: 33_953_479 });
  assert.equal(times.apply?.count, 4);
  assert.ok(Math.abs(times.apply.ns - 400_000) < 1e-3);
  assert.deepEqual(times.handler, { count: 100, ns: 0.5e9 });
  assert.deepEqual(counts, { leaderChanges: 2 });
});

Deno.test("readMetrics() leaves out what is not told", () => {
  assert.deepEqual(readMetrics("<html>\n\nno metrics {}"), { role: null, times: {}, counts: {} });
  assert.equal(readMetrics("etcd_server_is_leader 0").role, "follower");
});
