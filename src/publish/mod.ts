/** Publishing pages: to a directory, over SSH, to S3-compatible storage. */
export * from "./error.ts";
export { publishToDirectory } from "./directory.ts";
export { folderPages, type Page, RELEASE_FILE, releaseId } from "./pages.ts";
export { publish, type PublishOptions } from "./publish.ts";
export { parseTarget, type Target } from "./target.ts";
