/** The cluster: its inventory, and what is done on its nodes over SSH. */
export { sendArchive, unpackCommand } from "./archive.ts";
export { type ClockOffset, clockWarning, isOff, offText } from "./clock.ts";
export { ClusterError } from "./error.ts";
export * from "./inventory.ts";
export { type Link } from "./link.ts";
export { collectSession, measureSession, newSession, unmeasured } from "./measure_session.ts";
export { newestSession, sessionDirectory } from "./newest_session.ts";
export { placesOf } from "./places.ts";
export { CHECK_NAMES, type Checks } from "./check.ts";
export { projectContent } from "./push.ts";
export { type Pushed, pushNodes, releaseName } from "./push_nodes.ts";
export * from "./session.ts";
export { shellWord } from "./shell_word.ts";
export { type SshOptions, SshTransport } from "./ssh.ts";
export { type NodeStatus, nodeStatus } from "./status.ts";
export { type EngineSupply, type NodeEngine, type Supplies } from "./supply.ts";
