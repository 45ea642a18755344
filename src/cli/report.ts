/** `report`: renders a result again. */
import { buildBaselineReport, toHtml, toJson, toMarkdown } from "../report/mod.ts";
import { fileReason } from "../result/mod.ts";
import { EXIT } from "./exit_code.ts";
import { analyseResult } from "./analyse_result.ts";
import { readAny } from "./read_any.ts";
import type { Streams } from "./streams.ts";
import { UsageError } from "./usage_error.ts";

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
  if (flags.markdown !== undefined) writeNew(flags.markdown, toMarkdown(document), flags);
  if (flags.html !== undefined) writeNew(flags.html, toHtml(document), flags);
  return EXIT.fine;
}

function writeNew(path: string, text: string, flags: ReportFlags): void {
  try {
    Deno.writeTextFileSync(path, text, { createNew: !flags.force });
  } catch (error) {
    const reason = error instanceof Deno.errors.AlreadyExists
      ? "it is there already; choose another name, or give --force"
      : fileReason(error);
    throw new UsageError(`Cannot write ${path}: ${reason}`);
  }
}
