/**
 * Object storage for tests, on the loopback interface. It verifies signatures by itself, after the
 * description of Signature Version 4 (docs.aws.amazon.com, "Authenticating Requests: Using the
 * Authorization Header"), and shares no code with what signs.
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** Who may write. */
export interface Key {
  id: string;
  secret: string;
  token?: string;
}

/** A request as it is signed. */
export interface SignedRequest {
  method: string;
  /** Path and query as they were sent. */
  url: string;
  headers: Record<string, string>;
  body: Uint8Array;
}

/** Why a request is refused, in S3's words; `undefined` where its signature is right. */
export function refusalOf(
  { method, url, headers, body }: SignedRequest,
  key: Key,
  region: string,
  service = "s3",
): string | undefined {
  const match = headers.authorization?.match(
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/,
  );
  if (!match) return "AccessDenied";
  const [, id, date, itsRegion, itsService, signedHeaders, signature] = match as string[];
  if (id !== key.id) return "InvalidAccessKeyId";
  if (itsRegion !== region || itsService !== service) return "AuthorizationHeaderMalformed";
  if ((headers["x-amz-security-token"] ?? "") !== (key.token ?? "")) return "InvalidToken";
  const payload = headers["x-amz-content-sha256"] ?? sha256(body);
  if (payload !== sha256(body)) return "XAmzContentSHA256Mismatch";
  const names = signedHeaders!.split(";");
  for (const needed of ["host", "x-amz-date"]) if (!names.includes(needed)) return "AccessDenied";
  const [path, query = ""] = url.split("?");
  const canonicalQuery = query.split("&").filter(Boolean)
    .map((pair) => pair.includes("=") ? pair : `${pair}=`).sort().join("&");
  const canonical = [
    method,
    path!.split("/").map((part) => encode(decodeURIComponent(part))).join("/"),
    canonicalQuery,
    ...names.map((name) => `${name}:${(headers[name] ?? "").trim().replaceAll(/ +/g, " ")}`),
    "",
    signedHeaders,
    payload,
  ].join("\n");
  const scope = `${date}/${region}/${service}/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, sha256(canonical)].join("\n");
  const signing = [date!, region, service, "aws4_request"]
    .reduce<string | Uint8Array>((secret, part) => hmac(secret, part), `AWS4${key.secret}`);
  const expected = hmac(signing, toSign);
  const given = Uint8Array.fromHex(signature!);
  return timingSafeEqual(expected, given) ? undefined : "SignatureDoesNotMatch";
}

/** As the description's UriEncode. */
function encode(text: string): string {
  return encodeURIComponent(text)
    .replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function hmac(key: string | Uint8Array, text: string): Uint8Array {
  return createHmac("sha256", key).update(text).digest();
}

function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** Storage with one bucket. */
export class S3Server implements AsyncDisposable {
  /** What was written, by the path of the URL. */
  readonly objects = new Map<string, { text: string; type: string; caching: string }>();
  /** Paths in the order in which they were written. */
  readonly order: string[] = [];
  /** Requests that came, refused ones included. */
  requests = 0;
  /** Where set, an answer instead of the storage's. */
  fault: ((request: number) => Response | undefined) | undefined;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(key: Key, { bucket = "bucket", region = "us-east-1" } = {}) {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      async (request) => {
        const body = await request.bytes();
        const answer = this.fault?.(this.requests++);
        if (answer !== undefined) return answer;
        const { pathname, search } = new URL(request.url);
        const headers = Object.fromEntries(request.headers);
        const { method } = request;
        const code = refusalOf({ method, url: pathname + search, headers, body }, key, region);
        if (code !== undefined) return refuse(403, code);
        if (!pathname.startsWith(`/${bucket}/`)) return refuse(404, "NoSuchBucket");
        if (method !== "PUT") return refuse(405, "MethodNotAllowed");
        this.order.push(pathname);
        this.objects.set(pathname, {
          text: new TextDecoder().decode(body),
          type: headers["content-type"] ?? "",
          caching: headers["cache-control"] ?? "",
        });
        return new Response(null, { status: 200 });
      },
    );
  }

  /** As a target has it. */
  get endpoint(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

/** An answer of the storage's, with what a careless client would print. */
function refuse(status: number, code: string): Response {
  const text =
    `<?xml version="1.0"?><Error><Code>${code}</Code><StringToSign>SECRETS</StringToSign>` +
    "</Error>";
  return new Response(text, { status, headers: { "content-type": "application/xml" } });
}
