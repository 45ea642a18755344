/**
 * What `go test -json` prints, as the text that it was made of: an object for each piece of a line.
 *
 * ```json
 * {"Action":"output","Package":"example.com/store","Output":"BenchmarkPut-8 \t"}
 * {"Action":"output","Package":"example.com/store","Output":"120331\t9876 ns/op\n"}
 * ```
 */
import { isObject } from "./json_file.ts";
import { linesOf, type TextFile } from "./text_file.ts";

const EVENT = /^\{(?:"Time":"[^"\n]*",)?"Action":"[a-z-]+"[,}]/m;

/** Whether a text has events of `go test -json`. */
export function isGoTestJson(text: string): boolean {
  return EVENT.test(text);
}

/** The file with the output of its events, a package after the other; any other is as it was. */
export function asGoText(file: TextFile): TextFile {
  if (!isGoTestJson(file.text)) return file;
  // Packages are tested beside each other, and their pieces of lines come mixed.
  const outputs = new Map<string, string[]>();
  for (const line of linesOf(file.text)) {
    const event = EVENT.test(line) ? eventIn(line) : null;
    if (event === null) continue;
    const own = outputs.get(event.name) ?? [];
    outputs.set(event.name, own);
    own.push(event.output);
  }
  return { ...file, text: [...outputs.values()].map((pieces) => pieces.join("")).join("\n") };
}

function eventIn(line: string): { name: string; output: string } | null {
  try {
    const event: unknown = JSON.parse(line);
    if (!isObject(event) || typeof event.Output !== "string") return null;
    return { name: String(event.Package ?? ""), output: event.Output };
  } catch {
    return null;
  }
}
