/** The cluster: its inventory, and what is done on its nodes over SSH. */
export { sendArchive, unpackCommand } from "./archive.ts";
export * from "./bench_nodes.ts";
export { clockWarning, isOff } from "./clock.ts";
export * from "./collect.ts";
export { ClusterError } from "./error.ts";
export * from "./inventory.ts";
export { type Link } from "./link.ts";
export { placesOf } from "./places.ts";
export { push } from "./push.ts";
export * from "./session.ts";
export { shellWord } from "./shell_word.ts";
export { SshTransport } from "./ssh.ts";
export { type NodeStatus, nodeStatus } from "./status.ts";
