import { StoreError } from "../error.ts";

/** A server's name or address, and its port. */
export interface Endpoint {
  host: string;
  port: number;
}

/** What stands between two endpoints: a comma is between the values of a sweep. */
const SEPARATOR = "+";

/** An endpoint as a person writes it. */
export function endpointText({ host, port }: Endpoint): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * Reads endpoints, as `10.0.0.1:2379+10.0.0.2:2379`; `https://` before one asks for TLS.
 *
 * @throws {StoreError} Where one has no such form.
 */
export function parseEndpoints(text: string): { endpoints: Endpoint[]; tls: boolean } {
  const parts = text.split(SEPARATOR).map((part) => {
    const match = /^(https?:\/\/)?(?:\[([0-9A-Fa-f:]+)\]|([^:/[\]]+)):(\d{1,5})\/?$/.exec(part);
    const port = Number(match?.[4]);
    if (match === null || port < 1 || port > 65_535) {
      throw new StoreError(
        `Cannot use the endpoint ${JSON.stringify(part)}: write HOST:PORT, several with ` +
          `${SEPARATOR} in between`,
        "open",
        "usage",
      );
    }
    return { host: match[2] ?? match[3]!, port, tls: match[1] === "https://" };
  });
  return {
    endpoints: parts.map(({ host, port }) => ({ host, port })),
    tls: parts.some(({ tls }) => tls),
  };
}
