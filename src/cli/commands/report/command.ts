/** `report` as it is called. */
import { Command } from "commander";
import type { Call } from "../../call.ts";

/** The options of `report`. */
export interface ReportFlags {
  markdown?: string;
  html?: string;
  json?: boolean;
  force?: boolean;
}

/** Declares `report`. */
export function reportCommand(call: Call): Command {
  return new Command("report")
    .description("render a result again: Markdown, HTML or JSON")
    .argument("<result>", "a result.json, or a bench's directory")
    .argument("[other]", "another one, to stand beside it")
    .option("--markdown <file>", "write Markdown to this new file")
    .option("--html <file>", "write HTML to this new file")
    .option("--json", "print the analysis as JSON on stdout")
    .option("--force", "overwrite files")
    .addHelpText("after", HELP)
    .action(async (result: string, other: string | undefined, flags: ReportFlags) => {
      const { runReport } = await import("./action.ts");
      call.ended(runReport(result, other, flags, call));
    });
}

const HELP = `
Examples:
  deno task report reports/local/DIR                Markdown on stdout
  deno task report result.json --html report.html   one self-contained page
  deno task report main DIR --html both.html        two results side by side`;
