/** Where things are that are given no place. */

/** The project's folder. */
export const PROJECT: string = decodeURIComponent(new URL("../../", import.meta.url).pathname)
  .replace(/\/$/, "");

/** Where results go; git ignores it. */
export const LOCAL = "reports/local";

/** Where a history is. */
export const HISTORY = `${LOCAL}/history`;

/** Where nights are, with their history and pages. */
export const NIGHTS = `${LOCAL}/nightly`;
