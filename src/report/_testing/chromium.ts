/** A real browser for the tests and benches of pages. */
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const CHROMIUM = "/usr/bin/chromium";
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** Whether there is a browser to test with; says so where there is none. */
export function hasChromium(): boolean {
  try {
    return Deno.statSync(CHROMIUM).isFile;
  } catch {
    console.log(`Skipped: there is no Chromium at ${CHROMIUM}`);
    return false;
  }
}

/** Starts a browser, and ends it. */
export async function withBrowser(use: (browser: Browser) => Promise<void>): Promise<void> {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    headless: true,
    args: ARGUMENTS,
  });
  try {
    await use(browser);
  } finally {
    await browser.close();
  }
}

/** What a page did that it should not. */
export interface Watched {
  page: Page;
  /** Messages on the console, and errors of scripts. */
  complaints: string[];
  /** Addresses that it asked for, other than of files. */
  asked: string[];
  dialogs: string[];
}

/** Opens a page that is watched. */
export async function watchedPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<Watched> {
  const page = await browser.newPage(options);
  const watched: Watched = { page, complaints: [], asked: [], dialogs: [] };
  page.on("console", (message) => watched.complaints.push(message.text()));
  page.on("pageerror", (error) => watched.complaints.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith("file:")) watched.asked.push(request.url());
  });
  page.on("dialog", (dialog) => {
    watched.dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  return watched;
}
