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

/** Parts of a name, with points in between: what permissions of Deno know. */
const NAME = /^[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*$/;

/** Whether a text is a machine's name or address; one of version 6 stands in brackets. */
export function isHost(text: string): boolean {
  const isNamed = NAME.test(text) || /^\[[0-9A-Fa-f:]+\]$/.test(text);
  return isNamed && URL.canParse(`http://${text}`);
}

/**
 * Reads endpoints, as `10.0.0.1:2379+10.0.0.2:2379`; `https://` before all of them asks for TLS.
 *
 * @throws {StoreError} Where one has no such form, is named twice, or wants TLS where another does not.
 */
export function parseEndpoints(text: string): { endpoints: Endpoint[]; tls: boolean } {
  const parts = text.split(SEPARATOR).map(parsePart);
  const twice = parts.find(({ at }, i) => parts.findIndex((other) => other.at === at) !== i);
  if (twice !== undefined) {
    throw refusedEndpoint(JSON.stringify(twice.at), "it is named twice; name each once");
  }
  const secured = parts.find(({ scheme }) => scheme === "https");
  const plain = parts.find(({ scheme }) => scheme === "http");
  if (secured !== undefined && plain !== undefined) {
    throw refusedEndpoint(
      JSON.stringify(`http://${plain.at}`),
      `${secured.at} is to be spoken to by TLS; all are, or none`,
    );
  }
  return { endpoints: parts.map(({ endpoint }) => endpoint), tls: secured !== undefined };
}

function parsePart(part: string): { endpoint: Endpoint; at: string; scheme: string | undefined } {
  // What stands before it may be a password, which is not shown.
  if (part.includes("@")) {
    throw refusedEndpoint(
      `that ends with ${JSON.stringify(part.slice(part.lastIndexOf("@")))}`,
      "who calls is no part of it; leave that out (etcd has it in TIDEMARK_ETCD_USER and " +
        "TIDEMARK_ETCD_PASSWORD)",
    );
  }
  const match = /^(?:(https?):\/\/)?([^/]+):(\d{1,5})\/?$/.exec(part);
  const [, scheme, host = "", digits] = match ?? [];
  const port = Number(digits);
  if (match === null || !isHost(host) || port < 1 || port > 65_535) {
    throw refusedEndpoint(
      JSON.stringify(part),
      `write HOST:PORT, several with ${SEPARATOR} in between`,
    );
  }
  const endpoint = { host: host.replace(/^\[|\]$/g, ""), port };
  return { endpoint, at: endpointText(endpoint), scheme };
}

function refusedEndpoint(what: string, reason: string): StoreError {
  return new StoreError(`Cannot use the endpoint ${what}: ${reason}`, "open", "usage");
}
