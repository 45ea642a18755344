/**
 * Publishing to S3-compatible storage. Objects cannot be renamed: the pages go under a prefix of
 * their own, and the last two objects, a page that leads there and a file that names it, switch.
 */
import { AwsClient } from "aws4fetch";
import { networkReason } from "../disk/mod.ts";
import { PublishError } from "./error.ts";
import { contentType } from "./content_type.ts";
import {
  FIRST_PAGE,
  isReleaseId,
  LATEST,
  type Page,
  pageBytes,
  RELEASE_FILE,
  releaseText,
} from "./pages.ts";
import type { Target } from "./target.ts";

/** Who writes the objects. */
interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  /** Of temporary credentials. */
  sessionToken?: string | undefined;
  /** @default what the host's name says, or `us-east-1` */
  region?: string | undefined;
}

/** The environment variables that credentials are taken from, and from nowhere else. */
export const CREDENTIAL_VARIABLES = {
  accessKeyId: "AWS_ACCESS_KEY_ID",
  secretAccessKey: "AWS_SECRET_ACCESS_KEY",
  sessionToken: "AWS_SESSION_TOKEN",
  region: "AWS_REGION",
} as const;

/**
 * Takes the credentials out of the environment.
 *
 * @param get Reads a variable.
 * @throws {PublishError} Where one is missing; their values are never told.
 */
export function credentialsFrom(get: (name: string) => string | undefined): Credentials {
  const read = (name: keyof typeof CREDENTIAL_VARIABLES) =>
    get(CREDENTIAL_VARIABLES[name]) || undefined;
  const accessKeyId = read("accessKeyId");
  const secretAccessKey = read("secretAccessKey");
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    const missing = accessKeyId === undefined ? "accessKeyId" : "secretAccessKey";
    throw new PublishError(
      `Cannot publish to S3: the environment variable ${CREDENTIAL_VARIABLES[missing]} is not ` +
        `set; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`,
      "usage",
    );
  }
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken: read("sessionToken"),
    region: read("region"),
  };
}

/** How objects are written. */
interface ToS3Options {
  id: string;
  /** How long one request may take, s. @default 60 */
  seconds?: number;
  /** How often a request that met a fault of the network or the server is sent. @default 4 */
  attempts?: number;
  /** How long to wait before the second time, ms; twice as long before the next one. @default 250 */
  pauseMs?: number;
}

/** How many objects are written at a time. */
const AT_ONCE = 4;

/**
 * Publishes.
 *
 * @returns URL of the page that leads to the newest pages.
 * @throws {PublishError} Where an object cannot be written; the pages before stay the newest then.
 */
export async function publishToS3(
  pages: readonly Page[],
  target: Target & { kind: "s3" },
  credentials: Credentials,
  options: ToS3Options,
): Promise<string> {
  const { id } = options;
  if (!isReleaseId(id)) throw new TypeError(`Cannot name published pages ${JSON.stringify(id)}`);
  const bucket = new Bucket(target, credentials, options);
  const waiting = [...pages];
  const next = async (): Promise<void> => {
    for (let page = waiting.shift(); page !== undefined; page = waiting.shift()) {
      await bucket.put(`${id}/${page.name}`, pageBytes(page), "max-age=31536000, immutable");
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, next));
  } finally {
    waiting.length = 0;
  }
  const text = (text: string) => new TextEncoder().encode(text);
  await bucket.put(`${id}/${RELEASE_FILE}`, text(releaseText(id)), "max-age=31536000, immutable");
  await bucket.put(`${LATEST}.json`, text(releaseText(id)), "no-cache");
  return await bucket.put(FIRST_PAGE, text(leadingPage(id)), "no-cache");
}

/** A page that leads to the newest pages. */
function leadingPage(id: string): string {
  const to = `${id}/${FIRST_PAGE}`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="refresh" content="0; url=${to}">
<title>The newest pages</title>
<p><a href="${to}">The newest pages</a></p>
</html>
`;
}

/** Writes objects. */
class Bucket {
  readonly #target: Target & { kind: "s3" };
  readonly #client: AwsClient;
  readonly #options: ToS3Options;

  constructor(
    target: Target & { kind: "s3" },
    { accessKeyId, secretAccessKey, sessionToken, region }: Credentials,
    options: ToS3Options,
  ) {
    this.#target = target;
    this.#options = options;
    this.#client = new AwsClient({
      accessKeyId,
      secretAccessKey,
      ...(sessionToken !== undefined && { sessionToken }),
      service: "s3",
      region: region ?? regionOf(new URL(target.endpoint).hostname),
    });
  }

  /** Writes an object. @returns Its URL. */
  async put(name: string, body: Uint8Array<ArrayBuffer>, caching: string): Promise<string> {
    const { attempts = 4, pauseMs = 250 } = this.#options;
    const { endpoint, bucket, prefix } = this.#target;
    const key = [prefix, ...name.split("/")].filter(Boolean).map(encodeURIComponent).join("/")
      .replaceAll("%2F", "/");
    const url = `${endpoint}/${bucket}/${key}`;
    let reason = "";
    for (let attempt = 0; attempt < attempts; attempt++) {
      if (attempt > 0) {
        await new Promise((resolve) => setTimeout(resolve, pauseMs * 2 ** (attempt - 1)));
      }
      const refusal = await this.#putOnce(url, name, body, caching);
      if (refusal === undefined) return url;
      reason = refusal.reason;
      if (!refusal.again) break;
    }
    throw new PublishError(
      `Cannot publish to ${this.#target.shown}: ${name}: ${reason}`,
      "target",
    );
  }

  async #putOnce(
    url: string,
    name: string,
    body: Uint8Array<ArrayBuffer>,
    caching: string,
  ): Promise<{ reason: string; again: boolean } | undefined> {
    // The content is signed too, so that a damaged one is refused.
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body)).toHex();
    const request = await this.#client.sign(url, {
      method: "PUT",
      headers: {
        "content-type": contentType(name),
        "cache-control": caching,
        "x-amz-content-sha256": digest,
      },
      body,
    });
    const { seconds = 60 } = this.#options;
    try {
      const response = await fetch(request, {
        redirect: "manual",
        signal: AbortSignal.timeout(seconds * 1000),
      });
      const text = await response.text();
      return response.ok ? undefined : refusalOf(response.status, text);
    } catch (error) {
      if (error instanceof DOMException && error.name === "TimeoutError") {
        return { reason: `no answer within ${seconds} s`, again: true };
      }
      if (error instanceof Deno.errors.NotCapable) throw error;
      return { reason: `the storage cannot be reached: ${networkReason(error)}`, again: true };
    }
  }
}

/**
 * What an answer means. Of its text only the code is told: the rest may hold the key's id and what
 * was signed.
 */
function refusalOf(status: number, text: string): { reason: string; again: boolean } {
  const [, code = ""] = text.match(/<Code>([A-Za-z0-9]{1,64})<\/Code>/) ?? [];
  const said = `it answered ${status}${code && ` (${code})`}`;
  const mend = code === "SignatureDoesNotMatch" || code === "InvalidAccessKeyId"
    ? "; check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    : code === "RequestTimeTooSkewed"
    ? "; check the clock of this machine"
    : code === "NoSuchBucket" || status === 404
    ? "; check the bucket's name"
    : status >= 300 && status < 400 || code === "AuthorizationHeaderMalformed"
    ? "; check the host, and AWS_REGION"
    : status === 401 || status === 403
    ? "; the key may not write there"
    : "";
  return { reason: said + mend, again: status >= 500 || status === 429 };
}

/** The region that a host of Amazon's names; what others that have none expect. */
function regionOf(host: string): string {
  return host.match(/(?:^|\.)s3[.-](?:dualstack\.)?([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com/)
    ?.[1] ??
    "us-east-1";
}
