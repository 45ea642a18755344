/** For tests: what the kernel and V8 would tell of a thread. */

/** A thread of which the test says what it did. */
export class MadeUpThread {
  waitedNs = 1000;
  ranNs = 0;
  bytes = 5000;
  readonly queue = { waited: () => this.waitedNs, [Symbol.dispose]() {} };
  readonly ran = { now: () => this.ranNs };
  readonly heap = () => this.bytes;
}
