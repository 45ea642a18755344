/** `report`: renders a result again. */
import { buildBaselineReport, toHtml, toJson, toMarkdown } from "../report/mod.ts";
import { EXIT } from "./exit_code.ts";
import { analyseResult } from "./analyse_result.ts";
import { writeNewFile } from "./new_files.ts";
import { readAny } from "./read_any.ts";
import type { Streams } from "./streams.ts";

/** The options of `report`, as they are written. */
export interface ReportFlags {
  markdown?: string;
  html?: string;
  json?: boolean;
  force?: boolean;
}

/** Runs the command. */
export function reportCommand(path: string, flags: ReportFlags, streams: Streams): number {
  const result = readAny(path);
  const analysis = analyseResult(result);
  const document = buildBaselineReport(result, analysis);
  if (flags.json) streams.out(toJson(result, analysis));
  else if (flags.markdown === undefined && flags.html === undefined) {
    streams.out(toMarkdown(document));
  }
  if (flags.markdown !== undefined) writeNewFile(flags.markdown, toMarkdown(document), flags.force);
  if (flags.html !== undefined) writeNewFile(flags.html, toHtml(document), flags.force);
  return EXIT.fine;
}
