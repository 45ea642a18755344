/** Publishing pages: to a directory, over SSH, to S3-compatible storage. */
export * from "./error.ts";
export { publishToDirectory } from "./directory.ts";
export { type Page, releaseId } from "./pages.ts";
export { publish } from "./publish.ts";
export { parseTarget, type Target } from "./target.ts";
