/** The outputs in fixtures/, for tests. */
import { readTextFile, type TextFile } from "../text_file.ts";

/** The directory of the fixtures. */
export const FIXTURES = decodeURIComponent(new URL("./fixtures", import.meta.url).pathname);

/** A fixture's text. */
export function fixture(name: string): TextFile {
  return readTextFile(`${FIXTURES}/${name}`);
}

/** A text as if it had been read from a file. */
export function textFile(text: string, name = "output.txt"): TextFile {
  return { path: name, name, text, modified: new Date(0) };
}
