/**
 * Watches the servers behind a store while it is measured: what they count is read before and after,
 * and frames that ask for nothing go there and back among the requests. Both cost the measured
 * operations nothing that can be told: the reading is outside of the time, and a frame has 17 bytes.
 */
import defer * as process from "node:process";
import type { Clock } from "../native/mod.ts";
import type { ServerMember, ServerProbe } from "../store/mod.ts";

/** Between two pings, ms. */
const PING_EVERY_MS = 2;
/** Connections that are opened before, of which the fastest counts. */
const CONNECTIONS = 10;
/** How long they may take together, ms. */
const CONNECTING_MS = 300;

/** What only the one who measures knows. */
interface Measured {
  operations: number;
  /** Of an operation, ns. */
  meanNs: number;
  inFlight: number;
}

/** Where the time of operations went, in the form of a result's `servers`. */
export interface ServersOutcome extends Measured {
  ns: number;
  cpuNs: number;
  wire: { requests: number; ns: number };
  ping: { count: number; meanNs: number } | null;
  connectNs: number | null;
  gap: { ns: number; atNs: number };
  retries: number;
  members: ServerMember[];
  unread?: string;
}

/** A watch over servers. Made by {@linkcode watchServers}. */
export interface ServerWatch {
  /** Ends it. */
  end(measured: Measured): Promise<ServersOutcome>;
}

/** Begins to watch. */
export async function watchServers(probe: ServerProbe, clock: Clock): Promise<ServerWatch> {
  const connectNs = await leastConnectNs(probe, clock);
  const before = await probe.read();
  const retries = probe.retries;
  const wire = { ...probe.wire };
  const gap = probe.watchGaps();
  const pings = new Pings(probe);
  const cpu = cpuNs();
  const start = clock.now();
  return {
    async end(measured) {
      const ns = clock.now() - start;
      const longest = gap();
      const spent = cpuNs() - cpu;
      const ping = await pings.end();
      const after = await probe.read();
      const unread = after.unread ?? before.unread;
      return {
        ns,
        ...measured,
        cpuNs: spent,
        wire: {
          requests: probe.wire.requests - wire.requests,
          ns: probe.wire.ns - wire.ns,
        },
        ping,
        connectNs,
        gap: longest,
        retries: probe.retries - retries,
        // One that has ended meanwhile tells nothing any more.
        members: after.members.flatMap((member) => {
          const own = before.members.find(({ place }) => place === member.place);
          return own === undefined ? [] : [difference(own, member)];
        }),
        ...(unread !== undefined && { unread }),
      };
    },
  };
}

function cpuNs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

/** The least time of some connections, ns; `null` where none can be made. */
async function leastConnectNs(probe: ServerProbe, clock: Clock): Promise<number | null> {
  let least: number | null = null;
  const late = clock.now() + CONNECTING_MS * 1e6;
  for (let i = 0; i < CONNECTIONS && clock.now() < late; i++) {
    const start = clock.now();
    try {
      await probe.connect();
    } catch {
      break;
    }
    least = Math.min(least ?? Infinity, clock.now() - start);
  }
  return least;
}

/** Pings now and then. */
class Pings {
  readonly #timer: ReturnType<typeof setInterval>;
  #count = 0;
  #ns = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(probe: ServerProbe) {
    this.#timer = setInterval(() => {
      const ping = probe.ping();
      if (ping === undefined) return;
      this.#last = ping.then((ns) => {
        this.#count++;
        this.#ns += ns;
      }, () => {});
    }, PING_EVERY_MS);
  }

  /** Ends, and waits for the last one. */
  async end(): Promise<ServersOutcome["ping"]> {
    clearInterval(this.#timer);
    await this.#last;
    return this.#count === 0 ? null : { count: this.#count, meanNs: this.#ns / this.#count };
  }
}

/** What a member did in between. */
function difference(before: ServerMember, after: ServerMember): ServerMember {
  const times: ServerMember["times"] = {};
  for (const name of Object.keys(after.times) as (keyof typeof times)[]) {
    // A metric may be told only once there is something to tell.
    const { count, ns } = before.times[name] ?? { count: 0, ns: 0 };
    const own = after.times[name]!;
    times[name] = { count: own.count - count, ns: own.ns - ns };
  }
  const counts: ServerMember["counts"] = {};
  for (const name of Object.keys(after.counts) as (keyof typeof counts)[]) {
    counts[name] = after.counts[name]! - (before.counts[name] ?? 0);
  }
  return { ...after, times, counts };
}
