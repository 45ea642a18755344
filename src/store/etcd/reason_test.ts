import assert from "node:assert/strict";
import { RPC_CODE, RpcError } from "../grpc/mod.ts";
import { reasonOf } from "./reason.ts";

Deno.test("reasonOf() tells what etcd's words mean, in one line each", () => {
  const { unavailable, resourceExhausted, failedPrecondition } = RPC_CODE;
  const said: [code: number, message: string, told: RegExp][] = [
    [resourceExhausted, "etcdserver: mvcc: database space exceeded", /NOSPACE alarm\): compact/],
    [RPC_CODE.unknown, "etcdserver: corrupt cluster", /CORRUPT alarm/],
    [RPC_CODE.invalidArgument, "etcdserver: too many operations in txn request", /--max-txn-ops/],
    [RPC_CODE.invalidArgument, "etcdserver: request is too large", /--max-request-bytes/],
    [
      resourceExhausted,
      "grpc: received message larger than max (3145749 vs. 2097152)",
      /--max-request-bytes/,
    ],
    [unavailable, "etcdserver: no leader", /^the cluster has no leader: too few/],
    [unavailable, "etcdserver: request timed out", /^etcd gave it up: too few/],
    [
      unavailable,
      "etcdserver: request timed out, possibly due to previous leader failure",
      /^etcd gave it up: too few/,
    ],
    [RPC_CODE.invalidArgument, "etcdserver: user name is empty", /set TIDEMARK_ETCD_USER and/],
    [RPC_CODE.unauthenticated, "etcdserver: invalid auth token", /set TIDEMARK_ETCD_USER and/],
    [RPC_CODE.permissionDenied, "etcdserver: permission denied", /begin with tidemark\//],
    [unavailable, "etcdserver: rpc not supported for learner", /is a learner/],
    // Both sides keep the deadline; the words do not depend on who was first.
    [RPC_CODE.deadlineExceeded, "context deadline exceeded", /^it did not answer within 2.5 s/],
    [
      RPC_CODE.deadlineExceeded,
      "it did not answer within 2.5 s",
      /^it did not answer within 2.5 s/,
    ],
    // What is not known is not guessed at.
    [failedPrecondition, "etcdserver: something new", /^etcdserver: something new$/],
    [failedPrecondition, "", /^etcd answers with code 9$/],
  ];
  for (const [code, message, told] of said) {
    const reason = reasonOf(new RpcError(code, message), 2500);
    assert.match(reason, told);
    assert.ok(!reason.includes("\n"));
  }
});
