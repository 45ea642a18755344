/** `export` as it is called. */
import { Command } from "commander";
import type { Call } from "../../call.ts";
import { choice } from "../../options/values.ts";

const FORMATS = ["criterion", "go", "csv", "samples-csv"] as const;

/** A form that a result can be written in. */
export type ExportFormat = typeof FORMATS[number];

/** The options of `export`. */
export interface ExportFlags {
  format: ExportFormat;
  out?: string;
}

/** Declares `export`. */
export function exportCommand(call: Call): Command {
  return new Command("export")
    .description("write a result in the form of another tool")
    .argument("<result>", "a result.json, or a bench's directory")
    .addOption(choice("--format <name>", "whose form", "form", FORMATS).makeOptionMandatory())
    .option("--out <path>", "a new file, or a new directory for criterion (default: stdout)")
    .addHelpText("after", HELP)
    .action(async (result: string, flags: ExportFlags) => {
      const { runExport } = await import("./action.ts");
      call.ended(runExport(result, flags, call));
    });
}

const HELP = `
Examples:
  deno task export result.json --format go > new.txt      for benchstat old.txt new.txt
  deno task export reports/local/DIR --format criterion --out target/criterion`;
