/** The cluster file is wrong, or a node cannot be reached or used. One line: what, where, how to mend it. */
export class ClusterError extends Error {
  override name: string = "ClusterError";
  /** Whether the call or a file has to be mended (`usage`), or a node failed. */
  readonly kind: "usage" | "node";
  /** Whether trying again would meet it again: who waits for a node gives it up. */
  readonly lasting: boolean;
  /** What is wrong in a word, for a table; `null` where it has none of its own. */
  readonly word: string | null;

  constructor(
    message: string,
    kind: "usage" | "node",
    { lasting = kind === "usage", word = null, ...options }: ErrorOptions & Partial<Fault> = {},
  ) {
    super(message, options);
    this.kind = kind;
    this.lasting = lasting;
    this.word = word;
  }
}

/** What is known of a fault beside its words. */
type Fault = Pick<ClusterError, "lasting" | "word">;

/**
 * A node said what no agent says, or more than can be kept. Its message is a reason, as a clause. It
 * costs that node alone: the others go on.
 */
export class NodeFault extends ClusterError {
  override name = "NodeFault";

  constructor(message: string) {
    super(message, "node", { lasting: true });
  }
}
