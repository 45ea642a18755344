/**
 * The process that is a cable: machines in network namespaces of their own, this one outside of them,
 * and a delay between any two. All of it is the process's own, so that nothing of it is left when it
 * ends, however it ends; and it ends when its standard input does.
 */
import { writeWhole } from "../../disk/mod.ts";
import { monotonicClock, readKernelFile } from "../../native/mod.ts";
import { type CableSpec, DelayLine, type Frame } from "./delay_line.ts";
import { Hub } from "./hub.ts";
import { freeSubnet, NETMASK } from "./subnet.ts";
import { FRAME_BYTES, TapError, Taps } from "./tap.ts";

/** What the process is told. */
export interface CableArguments extends CableSpec {
  machines: number;
}

/** What the process says first: where the machines are, or why there are none. */
export type CableReady =
  | {
    /** The namespaces, as paths. */
    namespaces: string[];
    /** Of this machine, then of the others. */
    addresses: string[];
    /** The devices, in the same order. */
    devices: string[];
  }
  | { error: string };

/** The device outside of the namespaces, and those within. */
const [OUTSIDE, WITHIN] = ["tidemark%d", "cable"];
const STDIN = 0;
/** Frames that are read of a device before others have their turn. */
const AT_ONCE = 64;
/** How long nothing may happen, ns. */
const LONG = 3600e9;

function lay({ machines }: CableArguments, taps: Taps): CableReady {
  const addresses = freeSubnet(readKernelFile("/proc/net/route") ?? "")?.slice(0, machines + 1);
  if (addresses === undefined) return { error: "all addresses of 198.18.0.0/15 are taken" };
  try {
    const outside = taps.add(OUTSIDE, addresses[0]!, NETMASK);
    const namespaces = addresses.slice(1).map((address) =>
      `/proc/${Deno.pid}/fd/${taps.addApart(WITHIN, address, NETMASK)}`
    );
    return { namespaces, addresses, devices: [outside, ...namespaces.map(() => WITHIN)] };
  } catch (error) {
    if (!(error instanceof TapError)) throw error;
    return { error: error.message };
  }
}

function forward(spec: CableArguments, taps: Taps): void {
  const ports = Array.from({ length: spec.machines + 1 }, (_, port) => port);
  const hub = new Hub(ports.length);
  const lines = ports.map(() => new DelayLine(spec));
  const clock = monotonicClock();
  const poll = taps.poller(STDIN);
  const free: Frame[] = [];
  for (;;) {
    let next = Infinity;
    for (const [port, line] of lines.entries()) {
      while (line.due <= clock.now()) {
        const frame = line.shift();
        for (const to of hub.route(frame.bytes, frame.length, port)) {
          taps.write(to, frame.bytes, frame.length);
        }
        free.push(frame);
      }
      next = Math.min(next, line.due);
    }
    const ready = poll(Math.min(LONG, Math.max(0, next - clock.now())));
    if (ready[ports.length] !== 0) return;
    for (const port of ports) {
      if (ready[port] === 0) continue;
      for (let i = 0; i < AT_ONCE; i++) {
        const frame = free.pop() ?? { bytes: new Uint8Array(FRAME_BYTES), length: 0 };
        frame.length = taps.read(port, frame.bytes);
        if (frame.length <= 0) {
          free.push(frame);
          break;
        }
        if (!lines[port]!.push(frame, clock.now())) free.push(frame);
      }
    }
  }
}

if (import.meta.main) {
  const spec: CableArguments = JSON.parse(Deno.args[0]!);
  const taps = new Taps();
  const ready = lay(spec, taps);
  writeWhole(Deno.stdout, new TextEncoder().encode(`${JSON.stringify(ready)}\n`));
  if (!("error" in ready)) forward(spec, taps);
}
