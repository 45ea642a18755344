/**
 * What `go test -json` prints, as the text that it was made of: an object for each piece of a line.
 *
 * ```json
 * {"Action":"output","Package":"example.com/store","Output":"BenchmarkPut-8 \t"}
 * {"Action":"output","Package":"example.com/store","Output":"120331\t9876 ns/op\n"}
 * ```
 */
import { isObject } from "./json_file.ts";
import { statedDate } from "./stated_date.ts";
import { linesOf, type TextFile } from "./text_file.ts";

const EVENT = /^\{(?:"Time":"[^"\n]*",)?"Action":"[a-z-]+"[,}]/m;

/** Whether a text has events of `go test -json`. */
export function isGoTestJson(text: string): boolean {
  return EVENT.test(text);
}

/** A file's text, and when its events were; `null` where it has none with a time. */
interface GoText extends TextFile {
  startedAt: Date | null;
  endedAt: Date | null;
}

/** The file with the output of its events, a package after the other; any other is as it was. */
export function asGoText(file: TextFile): GoText {
  if (!isGoTestJson(file.text)) return { ...file, startedAt: null, endedAt: null };
  const times: Date[] = [];
  // Packages are tested beside each other, and their pieces of lines come mixed.
  const outputs = new Map<string, string[]>();
  for (const line of linesOf(file.text)) {
    const event = EVENT.test(line) ? eventIn(line) : null;
    if (event === null) continue;
    const at = statedDate(event.time)?.at;
    if (at !== undefined) times.push(at);
    const own = outputs.get(event.name) ?? [];
    outputs.set(event.name, own);
    own.push(event.output);
  }
  times.sort((a, b) => a.getTime() - b.getTime());
  return {
    ...file,
    text: [...outputs.values()].map((pieces) => pieces.join("")).join("\n"),
    startedAt: times[0] ?? null,
    endedAt: times.at(-1) ?? null,
  };
}

function eventIn(line: string): { name: string; output: string; time: string } | null {
  try {
    const event: unknown = JSON.parse(line);
    if (!isObject(event) || typeof event.Output !== "string") return null;
    return {
      name: String(event.Package ?? ""),
      output: event.Output,
      time: typeof event.Time === "string" ? event.Time : "",
    };
  } catch {
    return null;
  }
}
