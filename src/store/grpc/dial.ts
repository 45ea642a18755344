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

/** What a server says that lets nobody in without a certificate, with what to do. */
export const CERTIFICATE_WANTED = "wants to see a client's certificate (certFile=FILE and " +
  "keyFile=FILE)";

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
  const stream = await within(opening, patienceMs, (late) => late.close());
  if ("setNoDelay" in stream) stream.setNoDelay(true);
  const rpc = new RpcConnection(stream, {
    authority: endpointText({ host, port }),
    tls: tls !== undefined,
    deadlineMs,
  });
  try {
    await within(rpc.ready, patienceMs);
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
  const pem = (path: string | undefined) => path === undefined ? undefined : readPem(path);
  const [authority, cert, key] = [caFile, certFile, keyFile].map(pem);
  return {
    ...(authority !== undefined && { caCerts: [authority] }),
    ...(cert !== undefined && key !== undefined && { cert, key }),
  };
}

function readPem(path: string): string {
  try {
    return readRegularText(path, MOST_PEM_BYTES);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new ServerError(`its file ${path} cannot be read: ${fileReason(error)}`, true);
  }
}

/**
 * Waits so long.
 *
 * @param onLate Called with what comes afterwards.
 * @throws {ServerError} Where it did not come.
 */
export async function within<T>(
  promise: Promise<T>,
  ms: number,
  onLate: (value: T) => void = () => {},
): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new ServerError(`nothing answers there within ${ms / 1000} s`));
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
 * @param mend What to do where nothing listens.
 */
export function connectionWords(
  error: Error,
  at: string,
  { tls, mend }: { tls: boolean; mend: string },
): ServerError {
  const said = error.message.split("\n")[0]!;
  if (error instanceof Deno.errors.ConnectionRefused) {
    return new ServerError(`nothing listens at ${at}; ${mend}`);
  }
  if (tls && /InvalidContentType|corrupt message|unexpected eof/i.test(said)) {
    return new ServerError(`${at} speaks no TLS; leave caFile out, and write no https://`, true);
  }
  if (/Expired/.test(said)) {
    return new ServerError(`the certificate of ${at} has expired; renew it`, true);
  }
  if (/UnknownIssuer/.test(said)) {
    return new ServerError(
      `the certificate of ${at} is signed by somebody unknown; name that authority (caFile=FILE)`,
      true,
    );
  }
  if (/NotValidForName/.test(said)) {
    return new ServerError(`the certificate of ${at} is for another name; use that one`, true);
  }
  if (/CertificateRequired|HandshakeFailure|BadCertificate|BadEncryptedData/i.test(said)) {
    return new ServerError(`${at} ${CERTIFICATE_WANTED}`, true);
  }
  return new ServerError(`${at}: ${said}`);
}
