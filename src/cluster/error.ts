/** The cluster file is wrong, or a node cannot be reached or used. One line: what, where, how to mend it. */
export class ClusterError extends Error {
  override name: string = "ClusterError";
  /** Whether the call or a file has to be mended (`usage`), or a node failed. */
  readonly kind: "usage" | "node";

  constructor(message: string, kind: "usage" | "node", options: ErrorOptions = {}) {
    super(message, options);
    this.kind = kind;
  }
}

/**
 * A node said what no agent says, or more than can be kept. Its message is a reason, as a clause. It
 * costs that node alone: the others go on.
 */
export class NodeFault extends ClusterError {
  override name = "NodeFault";

  constructor(message: string) {
    super(message, "node");
  }
}
