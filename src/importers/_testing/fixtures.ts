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

/**
 * Runs a body with the outputs of several processes, each a file of its own that differs from the
 * fixture in one figure.
 *
 * @param figure What differs, as it stands in the fixture; its last digit is replaced.
 */
export function withProcesses(
  name: string,
  count: number,
  figure: string,
  body: (paths: string[]) => void,
): void {
  const folder = Deno.makeTempDirSync();
  try {
    const { text } = fixture(name);
    body(Array.from({ length: count }, (_, i) => {
      const path = `${folder}/${i}-${name}`;
      Deno.writeTextFileSync(path, text.replace(figure, `${figure.slice(0, -1)}${i}`));
      return path;
    }));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}
