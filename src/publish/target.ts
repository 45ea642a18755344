/** Where pages are published, as it is written in a call. */
import { PublishError } from "./error.ts";

/** A place for pages. `shown` is how it may be logged and recorded: without a user's name. */
export type Target =
  | { kind: "directory"; path: string; shown: string }
  | { kind: "ssh"; user: string; host: string; port: number; path: string; shown: string }
  | { kind: "s3"; endpoint: string; bucket: string; prefix: string; shown: string };

// As in the cluster file: nothing in these may mean anything to ssh or to a shell.
const USER = /^[a-z_][a-z0-9_-]{0,31}$/;
const HOST = /^[A-Za-z0-9][A-Za-z0-9.:-]{0,252}$/;
const FOLDER = /^(\/[A-Za-z0-9._-]+)+$/;
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
// What has no other form in a URL or in a signature.
const PREFIX = /^([A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*)?$/;

const FORMS = "write a directory, ssh://user@host/directory or s3:https://host/bucket/prefix";

/**
 * Reads a target: a directory's path, `ssh://user@host:port/directory`, or
 * `s3:https://host/bucket/prefix`.
 *
 * @throws {PublishError} Where it is none of these, or holds a password or a key.
 */
export function parseTarget(text: string): Target {
  if (text.startsWith("s3:")) return s3Target(text);
  if (text.startsWith("ssh:")) return sshTarget(text);
  const [, scheme] = text.match(/^([A-Za-z][A-Za-z0-9+.-]*):/) ?? [];
  if (scheme !== undefined) {
    throw new PublishError(`Unknown kind of target ${JSON.stringify(scheme)}: ${FORMS}`, "usage");
  }
  if (text === "" || text.includes("\0")) throw wrong(text, FORMS);
  const path = text === "/" ? text : text.replace(/\/+$/, "");
  return { kind: "directory", path, shown: path };
}

function sshTarget(text: string): Target {
  const url = parseUrl(text, "ssh://user@host/directory");
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  if (!USER.test(url.username)) {
    throw wrong(text, "name the user: ssh://user@host/directory");
  }
  if (!HOST.test(host)) throw wrong(text, "its host is no name or address");
  if (url.search !== "" || url.hash !== "") throw wrong(text, "it has a ? or # in it");
  const path = url.pathname.replace(/\/+$/, "");
  if (!FOLDER.test(path) || /(^|\/)\.{1,2}(\/|$)/.test(path)) {
    throw wrong(
      text,
      "its directory is to be an absolute path of letters, digits, dots, dashes and underscores",
    );
  }
  const port = url.port === "" ? 22 : Number(url.port);
  return {
    kind: "ssh",
    user: url.username,
    host,
    port,
    path,
    shown: `ssh://${url.host}${path}`,
  };
}

function s3Target(text: string): Target {
  const form = "s3:https://host/bucket/prefix";
  const url = parseUrl(text.slice("s3:".length), form);
  if (url.protocol !== "https:" && url.protocol !== "http:") throw wrong(text, `write ${form}`);
  if (url.username !== "") throw secret();
  if (url.search !== "" || url.hash !== "") throw wrong(text, "it has a ? or # in it");
  const [bucket = "", ...folders] = url.pathname.slice(1).split("/");
  if (!BUCKET.test(bucket)) throw wrong(text, `its bucket's name is none; write ${form}`);
  const prefix = folders.join("/").replace(/\/+$/, "");
  if (!PREFIX.test(prefix)) {
    throw wrong(text, "its prefix is to be of letters, digits, dots, dashes and underscores");
  }
  return {
    kind: "s3",
    endpoint: url.origin,
    bucket,
    prefix,
    shown: `s3:${url.origin}/${bucket}${prefix && `/${prefix}`}`,
  };
}

function parseUrl(text: string, form: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw wrong(text, `it is no URL; write ${form}`);
  }
  if (url.password !== "") throw secret();
  return url;
}

/** The text is not in the message, which may be logged. */
function secret(): PublishError {
  return new PublishError(
    "Cannot take a target with a key or password in it: take it out; SSH has its own keys, and for " +
      "S3 they are taken from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    "usage",
  );
}

function wrong(text: string, why: string): PublishError {
  // What stands before an @ may be a secret although the rest is no URL.
  const shown = text.replace(/\/\/[^/]*@/, "//…@");
  return new PublishError(`Cannot publish to ${JSON.stringify(shown)}: ${why}`, "usage");
}
