/** Which of its ports a frame goes to: what a switch has learned of the machines behind them. */

/** Where the addresses of a frame of Ethernet begin: of the one it is for, and of its sender. */
const [TO, FROM] = [0, 6];
/** Bytes of both; a shorter frame is none. */
const LEAST_BYTES = 12;

/** A switch of Ethernet. */
export class Hub {
  readonly #ports: number;
  readonly #portOf = new Map<number, number>();

  constructor(ports: number) {
    this.#ports = ports;
  }

  /** The ports that a frame goes to: one where its receiver was heard of, else all others. */
  route(frame: Uint8Array, length: number, from: number): number[] {
    if (length < LEAST_BYTES) return [];
    this.#portOf.set(addressAt(frame, FROM), from);
    const known = isForOne(frame) ? this.#portOf.get(addressAt(frame, TO)) : undefined;
    if (known !== undefined) return known === from ? [] : [known];
    return Array.from({ length: this.#ports }, (_, port) => port).filter((port) => port !== from);
  }
}

/** Whether a frame is for one machine, and not for all or some. */
function isForOne(frame: Uint8Array): boolean {
  return (frame[TO]! & 1) === 0;
}

/** The six bytes of an address, as a number. */
function addressAt(frame: Uint8Array, at: number): number {
  let address = 0;
  for (let i = 0; i < 6; i++) address = address * 256 + frame[at + i]!;
  return address;
}
