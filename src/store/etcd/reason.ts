/** What etcd says of a call that failed, in words. */
import { RPC_CODE, type RpcError } from "../grpc/mod.ts";
import { PASSWORD_VARIABLE, USER_VARIABLE } from "./variables.ts";

/** What etcd says, and what a person is told: what it means, and what to do. */
const REASONS: readonly [RegExp, string][] = [
  [
    /database space exceeded/,
    "etcd has no space left (its NOSPACE alarm): compact, defragment and disarm it, or raise " +
    "--quota-backend-bytes",
  ],
  [
    /corrupt cluster/,
    "etcd takes nothing any more (its CORRUPT alarm): mend the member that it names, and disarm it",
  ],
  [/too many operations/, "a batch has more operations than etcd takes (--max-txn-ops)"],
  [
    /request is too large|received message larger than max/,
    "a request is larger than etcd takes (--max-request-bytes)",
  ],
  [/no leader/, "the cluster has no leader: too few of its members run"],
  [
    /request timed out/,
    "etcd gave it up: too few of the cluster's members run, or they are too slow",
  ],
  [
    /user name is empty|invalid auth token/,
    `the server asks who calls; set ${USER_VARIABLE} and ${PASSWORD_VARIABLE}`,
  ],
  [
    /permission denied/,
    `the user of ${USER_VARIABLE} may not; let it read and write keys that begin with tidemark/`,
  ],
  [
    /not supported for learner/,
    "the member is a learner, which answers nothing; name one that votes",
  ],
];

/**
 * Why a call failed, with what to do where that is known.
 *
 * @param deadlineMs How long it might take.
 */
export function reasonOf({ code, message }: RpcError, deadlineMs: number): string {
  // Whichever of the two said it, the server or this client.
  if (code === RPC_CODE.deadlineExceeded) {
    const seconds = deadlineMs / 1000;
    return `it did not answer within ${seconds} s (deadlineMs): the member is too slow, or too few of ` +
      "the cluster's run";
  }
  const known = REASONS.find(([said]) => said.test(message));
  if (known !== undefined) return known[1];
  return message === "" ? `etcd answers with code ${code}` : message;
}
