/** An archive from a repository, held against its digest. */
import { removeIfThere } from "../disk/mod.ts";
import { type Algorithm, digestOfFile, requireDigest } from "./digest.ts";
import { download, DownloadError } from "./download.ts";
import type { Published } from "./download_process.ts";
import { EngineError } from "./error.ts";
import { nearestReleases, type Release } from "./release.ts";
import { archiveAddress, REPOSITORY_VARIABLE } from "./repository.ts";
import { type Pin, pinnedNames } from "./table.ts";

/** What to fetch, and where to. */
export interface ArchiveRequest {
  release: Release;
  /** Which of the release's archives, the most wanted first; `null` is the one for all systems. */
  classifiers: readonly (string | null)[];
  /** What it must be; without one, it must be what the repository publishes. */
  pin: Pin | undefined;
  folder: string;
  /** The file's name in the folder; what is there is removed. */
  file: string;
  /** The repository. @default what the environment names, else Maven Central */
  repository?: string | undefined;
  /** Told before anything comes. @param bytes The archive's size, where it is known. */
  begins?: ((host: string, bytes: number | null) => void) | undefined;
  /** Told how many bytes came, of how many where that is known. */
  progress?: ((received: number, total: number | null) => void) | undefined;
  signal?: AbortSignal | undefined;
  /** How long to wait for a next byte, s. @default 30 */
  patience?: number | undefined;
}

/** An archive that was fetched. */
export interface FetchedArchive {
  /** Which one it is. */
  classifier: string | null;
  /** The host that it came from. */
  source: string;
  /** What it was held against. */
  checked: Algorithm;
}

/**
 * Fetches the first archive that the repository has.
 *
 * @throws {EngineError} Where none can be had, or it is not what it must be. A part may be left.
 */
export async function fetchArchive(request: ArchiveRequest): Promise<FetchedArchive> {
  const [classifier = null, ...others] = request.classifiers;
  try {
    return await fetchOne(request, classifier);
  } catch (error) {
    const absent = error instanceof EngineError && error.cause instanceof DownloadError &&
      error.cause.absent;
    if (!absent || others.length === 0) throw error;
    return await fetchArchive({ ...request, classifiers: others });
  }
}

async function fetchOne(
  request: ArchiveRequest,
  classifier: string | null,
): Promise<FetchedArchive> {
  const { release, pin, folder, file } = request;
  const { repository = Deno.env.get(REPOSITORY_VARIABLE) } = request;
  const address = await archiveAddress(release, classifier, repository);
  const { host } = new URL(address.url);
  request.begins?.(host, pin?.bytes ?? null);
  let published: Published | null;
  try {
    removeIfThere(`${folder}/${file}`);
    published = await download(
      { address, folder, file, published: pin === undefined, patience: request.patience },
      (received, total) => request.progress?.(received, total ?? pin?.bytes ?? null),
      request.signal,
    );
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    throw new EngineError(
      `Cannot get ${shown(release)}: ${error.message}${error.absent ? otherNames(release) : ""}`,
      error.absent ? "usage" : "source",
      { cause: error },
    );
  }
  const checked = pin !== undefined || published?.sha256 ? "sha256" : "sha1";
  const wanted = pin?.sha256 ?? published?.[checked];
  if (!wanted) {
    throw new EngineError(
      `Cannot use ${shown(release)}: it is not pinned, and ${host} publishes no digest of it to ` +
        "hold it against",
      "source",
    );
  }
  const called = `the archive of ${shown(release)} that ${host} sent`;
  requireDigest(called, digestOfFile(`${folder}/${file}`, checked), wanted, checked);
  return { classifier, source: host, checked };
}

/** A release as sentences name it. */
export function shown({ engine, version }: Pick<Release, "engine" | "version">): string {
  return `${engine} ${version}`;
}

/** What to write instead of a name that the repository does not know. */
function otherNames({ name }: Release): string {
  const near = nearestReleases(name, pinnedNames());
  const are = near.length > 1 ? "are" : "is";
  return `${near.length > 0 ? `; near it ${are} ${near.join(", ")}` : ""}; deno task engine list ` +
    "says what is pinned";
}
