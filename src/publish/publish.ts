/** Publishes pages to a target of any kind. */
import { SshTransport } from "../cluster/mod.ts";
import { publishToDirectory } from "./directory.ts";
import { folderPages, type Page, requireFirstPage } from "./pages.ts";
import { publishInProcess } from "./s3_child.ts";
import { asPublishError, publishOverSsh } from "./ssh.ts";
import type { Target } from "./target.ts";

/** How to publish. */
interface PublishOptions {
  /** Name of what is published, see {@linkcode import("./pages.ts").releaseId}. */
  id: string;
  /** How many published folders stay; storage of objects keeps all. @default 3 */
  keep?: number | undefined;
  /** The private key for SSH. @default what ssh finds by itself */
  identity?: string | undefined;
  /** ssh's configuration. @default the user's own */
  sshConfig?: string | undefined;
  /** How long SSH may take, s. @default 600 */
  seconds?: number | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Publishes a folder of pages.
 *
 * @returns Where the newest pages are reached, to be told.
 * @throws {PublishError} Why it could not be done; what was published before stays as it was.
 */
export async function publish(
  folder: string,
  target: Target,
  options: PublishOptions,
): Promise<string> {
  const { id, keep = 3, signal } = options;
  const pages = folderPages(folder);
  requireFirstPage(pages, folder);
  if (target.kind === "directory") {
    publishToDirectory(pages, target.path, { id, keep });
    return `${target.shown}/latest`;
  }
  if (target.kind === "s3") return await publishInProcess(folder, { target, id }, signal);
  await overSsh(folder, pages, target, options);
  return `${target.shown}/latest`;
}

async function overSsh(
  folder: string,
  pages: readonly Page[],
  target: Target & { kind: "ssh" },
  { id, keep = 3, identity, sshConfig, seconds = 600, signal }: PublishOptions,
): Promise<void> {
  const { user, host, port, path, shown } = target;
  try {
    using transport = new SshTransport({ user }, { identity, config: sshConfig });
    const link = await transport.connect(
      { name: host, address: host, sshPort: port, hostKey: null, problem: null },
      signal,
    );
    try {
      const names = pages.map(({ name }) => name);
      await publishOverSsh(link, { folder, names, path, shown }, { id, keep, seconds, signal });
    } finally {
      await link.close();
    }
  } catch (error) {
    throw asPublishError(error, shown);
  }
}
