/** Addresses that are nobody's: of the network that is set apart for benchmarks (RFC 2544). */

/** That network, as Deno's permission names it. */
export const BENCHMARK_NETWORK = "198.18.0.0/15";

const FIRST = 0xc6120000;
/** Addresses of a cable's own part of it: a /28. */
const PART = 16;
const PARTS = 2 ** 17 / PART;

/** Machines that a cable can have. */
export const MOST_MACHINES = PART - 2;

/** The mask of a part. */
export const NETMASK = "255.255.255.240";

/** The network with this mask that a line of `/proc/net/route` names. */
interface Route {
  network: number;
  mask: number;
}

/**
 * A part of the network that no route of this machine touches.
 *
 * @param routes `/proc/net/route`.
 * @param random Draws from [0, 1): cables that are laid at once are to have different ones.
 * @returns The addresses that machines can have; `undefined` where there is no free part.
 */
export function freeSubnet(
  routes: string,
  random: () => number = Math.random,
): string[] | undefined {
  const taken = readRoutes(routes);
  const start = Math.floor(random() * PARTS);
  for (let i = 0; i < PARTS; i++) {
    const base = FIRST + PART * ((start + i) % PARTS);
    if (taken.some((route) => touches(route, base))) continue;
    return Array.from({ length: MOST_MACHINES }, (_, j) => written(base + 1 + j));
  }
  return undefined;
}

function readRoutes(text: string): Route[] {
  return text.trim().split("\n").slice(1).flatMap((line) => {
    const [, destination, , , , , , mask] = line.split(/\s+/);
    const route = { network: hex(destination), mask: hex(mask) };
    // The way to everywhere else is no network.
    return Number.isNaN(route.network + route.mask) || route.mask === 0 ? [] : [route];
  });
}

/** The kernel writes addresses as numbers of its own byte order, which is little-endian here. */
function hex(text = ""): number {
  const bytes = text.match(/../g)?.reverse().join("");
  return bytes === undefined ? NaN : parseInt(bytes, 16);
}

function touches({ network, mask }: Route, base: number): boolean {
  const common = Math.min(mask, 2 ** 32 - PART);
  return ((network & common) >>> 0) === ((base & common) >>> 0);
}

function written(address: number): string {
  return [24, 16, 8, 0].map((shift) => address >>> shift & 0xff).join(".");
}
