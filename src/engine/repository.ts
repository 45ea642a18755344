/** Where archives are: addresses in a Maven repository, and the user's local one. */
import { isFile } from "../disk/mod.ts";
import { EngineError } from "./error.ts";
import type { Release } from "./release.ts";

/** The environment variable that names a mirror. */
export const REPOSITORY_VARIABLE = "TIDEMARK_ENGINE_REPOSITORY";

/** Where an archive is. */
export interface Address {
  /** Without a user's name or password. */
  url: string;
  /** The host with its port, which is all that the fetching process may reach. */
  host: string;
  /** What the server is to be told of who asks; never shown. */
  authorization?: string;
}

/**
 * The address of a release's archive.
 *
 * @param classifier Which of its archives; `null` where there is one.
 * @param mirror The repository, where not Maven Central.
 * @throws {EngineError} Where the repository is no address.
 */
export async function archiveAddress(
  release: Release,
  classifier: string | null,
  mirror: string | undefined,
): Promise<Address> {
  const url = new URL(await placeIn(release, classifier, mirror ? baseOf(mirror) : undefined));
  const { username, password, hostname, port, protocol } = url;
  url.username = url.password = "";
  const authorization = username
    ? "Basic " + btoa(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`)
    : undefined;
  return {
    url: url.href,
    host: `${hostname}:${port || (protocol === "http:" ? 80 : 443)}`,
    ...(authorization && { authorization }),
  };
}

/** A repository's address with a slash at its end. @throws {EngineError} */
function baseOf(mirror: string): string {
  let protocol = "";
  try {
    protocol = new URL(mirror).protocol;
  } catch {
    // Said below, without the text: a password may be in it.
  }
  if (protocol !== "https:" && protocol !== "http:") {
    throw new EngineError(
      `Cannot use the repository that ${REPOSITORY_VARIABLE} names: write its address, which ` +
        "begins with https://",
      "usage",
    );
  }
  return mirror.replace(/\/*$/, "/");
}

/**
 * The file of an archive in the user's local Maven repository.
 *
 * @param classifiers Which of its archives, the most wanted first.
 * @param home The user's folder.
 * @returns `undefined` where none is there.
 */
export async function localArchive(
  release: Release,
  classifiers: readonly (string | null)[],
  home: string | undefined,
): Promise<string | undefined> {
  if (!home) return undefined;
  for (const classifier of classifiers) {
    const path = await placeIn(release, classifier, `${home}/.m2/repository/`);
    if (isFile(path)) return path;
  }
  return undefined;
}

/** Where an archive is in a repository. @param base Ends in a slash. */
async function placeIn(
  { coordinates }: Release,
  classifier: string | null,
  base: string | undefined,
): Promise<string> {
  // Loaded only here, without its word on how Node's own modules have aged since it was written.
  const { default: process } = await import("node:process");
  Object.assign(process, { noDeprecation: true });
  const { default: module } = await import("mvn-artifact-url");
  return await module.default({ ...coordinates, ...(classifier && { classifier }) }, base);
}
