/** Network namespaces and tap devices, by the C library; Linux only. */
import { openLibc } from "../../native/mod.ts";

/** `open`'s flags (fcntl.h), which are the same on all that Deno runs on. */
const O_RDWR = 2;
const O_NONBLOCK = 0o4000;
const O_CLOEXEC = 0o2000000;
/** A namespace of the network's (sched.h). */
const CLONE_NEWNET = 0x40000000;
/** Requests of devices (linux/if_tun.h, linux/sockios.h). */
const TUNSETIFF = 0x400454can;
const SIOCSIFFLAGS = 0x8914n;
const SIOCSIFADDR = 0x8916n;
const SIOCSIFNETMASK = 0x891cn;
const IFF_TAP = 2;
const IFF_NO_PI = 0x1000;
const IFF_UP = 1;
const AF_INET = 2;
const SOCK_DGRAM = 2;
/** `struct ifreq`: a name, and what is told of the device. */
const REQUEST_BYTES = 40;
const NAME_BYTES = 16;
/** `struct pollfd`. */
const POLLED_BYTES = 8;
const POLLIN = 1;
/** How late a timer may be, which is 50 µs by itself (linux/prctl.h). */
const PR_SET_TIMERSLACK = 29;

const SYMBOLS = {
  open: { parameters: ["buffer", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  unshare: { parameters: ["i32"], result: "i32" },
  setns: { parameters: ["i32", "i32"], result: "i32" },
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  ioctl: { parameters: ["i32", "u64", "buffer"], result: "i32" },
  // Frames are short: the low half of what they return says all.
  read: { parameters: ["i32", "buffer", "u64"], result: "i32" },
  write: { parameters: ["i32", "buffer", "u64"], result: "i32" },
  ppoll: { parameters: ["buffer", "u64", "buffer", "pointer"], result: "i32" },
  prctl: { parameters: ["i32", "u64"], result: "i32" },
} as const;

/** The device could not be made, or not be set up. */
export class TapError extends Error {
  override name = "TapError";
}

/** The largest frame, with what a tag would add. */
export const FRAME_BYTES = 1600;
const FRAME_LENGTH = BigInt(FRAME_BYTES);

/** The namespaces and devices of one process, which go away with it. Only one thread may use it. */
export class Taps {
  readonly #c: Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];
  readonly #home: number;
  readonly #files: number[] = [];

  constructor() {
    this.#c = openLibc(SYMBOLS).symbols;
    this.#c.prctl(PR_SET_TIMERSLACK, 1n);
    this.#home = this.#here();
  }

  /**
   * Makes a device in this process's namespace.
   *
   * @param name What devices are called; `%d` is a number that is free.
   * @returns What it is called.
   * @throws {TapError} Where it cannot be made.
   */
  add(name: string, address: string, netmask: string): string {
    const file = this.#open("/dev/net/tun");
    const request = new Uint8Array(REQUEST_BYTES);
    new TextEncoder().encodeInto(name, request);
    new DataView(request.buffer).setUint16(NAME_BYTES, IFF_TAP | IFF_NO_PI, true);
    this.#require(this.#c.ioctl(file, TUNSETIFF, request), "make a tap device");
    this.#files.push(file);
    const device = request.slice(0, NAME_BYTES);
    this.#set(device, SIOCSIFADDR, socketAddress(address));
    this.#set(device, SIOCSIFNETMASK, socketAddress(netmask));
    this.#set(device, SIOCSIFFLAGS, flags(IFF_UP));
    return new TextDecoder().decode(device).replace(/\0+$/, "");
  }

  /**
   * Makes a namespace with a device in it, and with the way from it to itself.
   *
   * @returns The namespace's descriptor in this process.
   * @throws {TapError} Where it cannot be made.
   */
  addApart(name: string, address: string, netmask: string): number {
    this.#require(this.#c.unshare(CLONE_NEWNET), "make a network namespace");
    try {
      const namespace = this.#here();
      this.add(name, address, netmask);
      const loopback = new Uint8Array(NAME_BYTES);
      new TextEncoder().encodeInto("lo", loopback);
      this.#set(loopback, SIOCSIFFLAGS, flags(IFF_UP));
      return namespace;
    } finally {
      this.#require(this.#c.setns(this.#home, CLONE_NEWNET), "leave a network namespace");
    }
  }

  /** Looks at all devices in their order, and at one more descriptor. */
  poller(other: number): (ns: number) => Int16Array {
    const files = [...this.#files, other];
    const polled = new DataView(new ArrayBuffer(files.length * POLLED_BYTES));
    files.forEach((file, i) => {
      polled.setInt32(i * POLLED_BYTES, file, true);
      polled.setInt16(i * POLLED_BYTES + 4, POLLIN, true);
    });
    const bytes = new Uint8Array(polled.buffer);
    const count = BigInt(files.length);
    const time = new BigInt64Array(2);
    const timeBytes = new Uint8Array(time.buffer);
    const ready = new Int16Array(files.length);
    return (ns) => {
      const whole = Math.floor(ns / 1e9);
      time[0] = BigInt(whole);
      time[1] = BigInt(Math.floor(ns - whole * 1e9));
      const found = this.#c.ppoll(bytes, count, timeBytes, null);
      for (let i = 0; i < ready.length; i++) {
        ready[i] = found > 0 ? polled.getInt16(i * POLLED_BYTES + 6, true) : 0;
      }
      return ready;
    };
  }

  /** Reads a frame. @returns Its length; below 1 where there is none. */
  read(device: number, into: Uint8Array<ArrayBuffer>): number {
    return this.#c.read(this.#files[device]!, into, FRAME_LENGTH);
  }

  /** Writes a frame. Where the machine behind takes none, it is lost as on any network. */
  write(device: number, frame: Uint8Array<ArrayBuffer>, length: number): void {
    this.#c.write(this.#files[device]!, frame, BigInt(length));
  }

  #here(): number {
    return this.#open("/proc/thread-self/ns/net");
  }

  #open(path: string): number {
    const file = this.#c.open(cString(path), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    // What is no device is opened to be read only.
    const opened = file >= 0 ? file : this.#c.open(cString(path), O_CLOEXEC);
    this.#require(opened, `open ${path}`);
    return opened;
  }

  #set(device: Uint8Array, what: bigint, told: Uint8Array): void {
    const request = new Uint8Array(REQUEST_BYTES);
    request.set(device);
    request.set(told, NAME_BYTES);
    const socket = this.#c.socket(AF_INET, SOCK_DGRAM, 0);
    this.#require(socket, "open a socket");
    const result = this.#c.ioctl(socket, what, request);
    this.#c.close(socket);
    this.#require(result, "set up a tap device");
  }

  #require(result: number, what: string): void {
    if (result < 0) throw new TapError(`cannot ${what}`);
  }
}

function cString(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}

/** `struct sockaddr_in` of an address without a port. */
function socketAddress(address: string): Uint8Array {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setUint16(0, AF_INET, true);
  bytes.set(address.split(".").map(Number), 4);
  return bytes;
}

function flags(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, value >> 8);
}
