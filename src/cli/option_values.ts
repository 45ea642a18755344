/** Values of options, as they are written and as they are meant. */
import { UsageError } from "./usage_error.ts";

/**
 * A whole number from 0.
 *
 * @throws {UsageError} Where it is none.
 */
export function wholeNumber(option: string, text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new UsageError(
    `Cannot take ${JSON.stringify(text)} for ${option}: give a whole number from 0`,
  );
}

/**
 * How many published folders stay.
 *
 * @throws {UsageError} Where it is not a whole number from 2 to 1000.
 */
export function parseKeep(option: string, text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= 2 && value <= 1000) return value;
  throw new UsageError(
    `Cannot take ${JSON.stringify(text)} for ${option}: give a whole number from 2 to 1000; the ` +
      "pages before the newest ones stay for who is reading them",
  );
}

/**
 * The address that pages will be at, ending in `/`.
 *
 * @throws {UsageError} Where it is none, or has a password in it.
 */
export function parseAddress(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !["http:", "https:", "file:"].includes(parsed.protocol)) {
    throw new UsageError(
      `Cannot take ${JSON.stringify(url)} for --url: give an address like https://host/path/`,
    );
  }
  if (parsed.username !== "" || parsed.password !== "") {
    throw new UsageError("Cannot take --url: it has a password, which everybody could read then");
  }
  return withSlash(parsed.href);
}

/** A link to a folder. */
export function withSlash(link: string): string {
  return link.endsWith("/") ? link : `${link}/`;
}
