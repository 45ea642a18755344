/** The cluster: its inventory, and what is done on its nodes over SSH. */
export { sendArchive, unpackCommand } from "./archive.ts";
export * from "./bench_nodes.ts";
export { type ClockOffset, clockWarning, isOff } from "./clock.ts";
export * from "./collect.ts";
export { ClusterError } from "./error.ts";
export * from "./inventory.ts";
export { type Host, letGo, type Link, type Transport } from "./link.ts";
export { type Places, placesOf } from "./places.ts";
export { push, type PushOptions } from "./push.ts";
export * from "./session.ts";
export { shellWord } from "./shell_word.ts";
export { SshTransport } from "./ssh.ts";
export { type DoctorReport, type NodeStatus, nodeStatus } from "./status.ts";
