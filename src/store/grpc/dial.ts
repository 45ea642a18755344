/** Connections to servers of gRPC, by TCP or TLS, and in words why one cannot be had. */
import { fileReason, readRegularText } from "../../disk/mod.ts";
import { type Endpoint, endpointText } from "./endpoint.ts";
import { RpcConnection } from "./rpc.ts";

/** Files in PEM: the authority's, and of a client that shows itself its own. */
export interface TlsFiles {
  caFile?: string | undefined;
  certFile?: string | undefined;
  keyFile?: string | undefined;
}

/** Servers cannot be reached or used. The message is a reason, as the end of a sentence. */
export class ServerError extends Error {
  override name = "ServerError";
  /** Whether the caller has to mend it. */
  readonly usage: boolean;

  constructor(reason: string, usage = false) {
    super(reason);
    this.usage = usage;
  }
}

/** The largest file of TLS that is read. */
const MOST_PEM_BYTES = 1024 * 1024;

/**
 * Opens a connection.
 *
 * @param tls Absent: none.
 * @param deadlineMs How long a call over it may take.
 * @param patienceMs How long opening it may take.
 * @throws {ServerError} Where nothing answers in time, or a file of TLS cannot be read.
 */
export async function dial(
  { host, port }: Endpoint,
  { tls, deadlineMs }: { tls?: TlsFiles | undefined; deadlineMs: number },
  patienceMs: number,
): Promise<RpcConnection> {
  const address = { hostname: host, port };
  const opening: Promise<Deno.TcpConn | Deno.TlsConn> = tls === undefined
    ? Deno.connect(address)
    : Deno.connectTls({ ...address, alpnProtocols: ["h2"], ...tlsOf(tls) });
  const at = endpointText({ host, port });
  const stream = await within(opening, patienceMs, at, (late) => late.close());
  if ("setNoDelay" in stream) stream.setNoDelay(true);
  const rpc = new RpcConnection(stream, {
    authority: at,
    tls: tls !== undefined,
    deadlineMs,
  });
  try {
    await within(rpc.ready, patienceMs, at);
    return rpc;
  } catch (error) {
    rpc.close();
    throw error;
  }
}

/**
 * What the files of TLS hold, as Deno takes it.
 *
 * @throws {ServerError} Where one cannot be read.
 */
export function tlsOf({ caFile, certFile, keyFile }: TlsFiles) {
  const pem = (path: string | undefined, part: keyof typeof PARTS) =>
    path === undefined ? undefined : readPem(path, part);
  const [authority, cert] = [caFile, certFile].map((path) => pem(path, "certificate"));
  const key = pem(keyFile, "key");
  return {
    ...(authority !== undefined && { caCerts: [authority] }),
    ...(cert !== undefined && key !== undefined && { cert, key }),
  };
}

/** What a file in PEM has to have. */
const PARTS = { certificate: /-----BEGIN CERTIFICATE-----/, key: /-----BEGIN [A-Z ]*KEY-----/ };

function readPem(path: string, part: keyof typeof PARTS): string {
  let text: string;
  try {
    text = readRegularText(path, MOST_PEM_BYTES);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new ServerError(`its file ${path} cannot be read: ${fileReason(error)}`, true);
  }
  if (PARTS[part].test(text)) return text;
  throw new ServerError(`its file ${path} has no ${part} in PEM; name another one`, true);
}

/**
 * Waits so long.
 *
 * @param at Who is waited for. @default somebody who was named before
 * @param onLate Called with what comes afterwards.
 * @throws {ServerError} Where it did not come.
 */
export async function within<T>(
  promise: Promise<T>,
  ms: number,
  at?: string,
  onLate: (value: T) => void = () => {},
): Promise<T> {
  const late = Promise.withResolvers<never>();
  const place = at === undefined ? "there" : `at ${at}`;
  const timer = setTimeout(() => {
    late.reject(new ServerError(`nothing answers ${place} within ${ms / 1000} s`));
    promise.then(onLate, () => {});
  }, ms);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Why a connection could not be made or kept, with what to do.
 *
 * @param at The endpoint, as a person writes it.
 * @param tls As it was dialled with.
 * @param mend What to do where nothing listens; absent where nothing can be.
 */
export function connectionWords(
  error: Error,
  at: string,
  { tls, mend }: { tls: TlsFiles | undefined; mend: string | undefined },
): ServerError {
  const said = error.message.split("\n")[0]!;
  if (error instanceof Deno.errors.ConnectionRefused) {
    const advice = mend === undefined ? "" : `; ${mend}`;
    return new ServerError(`nothing listens at ${at}${advice}`);
  }
  if (/failed to lookup address/.test(said)) {
    return new ServerError(`no machine is known by the name in ${at}; check it`, true);
  }
  if (tls === undefined) return new ServerError(`${at}: ${said}`);
  const reason = alertWords(said, at, tls) ?? tlsWords(said, at, tls);
  return reason === undefined ? new ServerError(`${at}: ${said}`) : new ServerError(reason, true);
}

/** What a server says of a client's certificate, by the alerts of TLS (RFC 8446, 6.2). */
const ALERT = /fatal alert: ([A-Za-z]+)/;

/**
 * What a server's alert is about, with what to do: a server that takes the handshake says only
 * afterwards that it wants another certificate. `undefined` where the text is of none.
 */
export function alertWords(said: string, at: string, tls: TlsFiles): string | undefined {
  const alert = ALERT.exec(said)?.[1];
  if (alert === undefined) return undefined;
  if (tls.certFile === undefined) {
    return /CertificateRequired|HandshakeFailure|BadCertificate/i.test(alert)
      ? `${at} wants to see a client's certificate (certFile=FILE and keyFile=FILE)`
      : `${at} breaks TLS off (${alert})`;
  }
  const refused = `${at} does not take the certificate of ${tls.certFile}`;
  if (/Expired/i.test(alert)) return `${refused}, which has expired; renew it`;
  if (/UnknownCA/i.test(alert)) {
    return `${refused}, since it does not know who signed it; have it signed by its authority`;
  }
  return `${refused} (${alert}); name one that holds and that its authority signed`;
}

/** What is wrong with a server's TLS, or with the files that were named for it. */
function tlsWords(said: string, at: string, tls: TlsFiles): string | undefined {
  if (/InvalidContentType|corrupt message|unexpected (?:eof|end of file)/i.test(said)) {
    return `${at} speaks no TLS; leave caFile out, and write no https://`;
  }
  if (/reset by peer|broken pipe|os error (?:104|32)\b/i.test(said)) {
    return `${at} breaks off at once, as what speaks no TLS; leave caFile out, and write no https://`;
  }
  const theirs = `the certificate of ${at}`;
  if (/expired/i.test(said)) return `${theirs} has expired; renew it`;
  if (/not valid yet/i.test(said)) {
    return `${theirs} does not hold yet; look at the clocks of both machines`;
  }
  if (/UnknownIssuer/.test(said)) {
    return `${theirs} is signed by somebody unknown; name that authority (caFile=FILE)`;
  }
  if (/not valid for (?:any )?name|NotValidForName/i.test(said)) {
    return `${theirs} is for another name; use that one${namesIn(said)}`;
  }
  if (/CaUsedAsEndEntity/.test(said)) {
    return `${theirs} is an authority's own (CA:TRUE); have one signed for the server`;
  }
  if (/KeyMismatch/.test(said)) return `the key of ${tls.keyFile} is not that of ${tls.certFile}`;
  const rest = /invalid peer certificate: (.+)/.exec(said)?.[1];
  return rest && `${theirs} is no good: ${rest}`;
}

/** The names that a certificate is for, where the text tells them. */
function namesIn(said: string): string {
  const names = [...said.matchAll(/(?:IpAddress\(|DnsName\(")([^")]+)/g)].map(([, name]) => name);
  return names.length === 0 ? "" : ` (${names.slice(0, 3).join(", ")})`;
}
