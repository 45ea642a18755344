/** `import` as it is called. */
import { Command, Option } from "commander";
import { FORMATS, type HdrUnit } from "../../../importers/mod.ts";
import type { Call } from "../../call.ts";
import { choice, list } from "../../options/values.ts";
import { UsageError } from "../../usage_error.ts";

/** The options of `import`. */
export interface ImportFlags {
  format?: typeof FORMATS[number];
  store?: string;
  unit?: HdrUnit;
  baseline?: string[];
  suite?: string;
  out?: string;
  json?: boolean;
  verbose?: boolean;
}

const UNITS: readonly HdrUnit[] = ["ns", "us", "ms", "s"];

/** Declares `import`. */
export function importCommand(call: Call): Command {
  return new Command("import")
    .description("make a result of what another tool measured, and its report")
    .argument("<output...>", "files that it wrote, or criterion's target/criterion")
    .addOption(
      choice("--format <name>", "whose output it is, found out if not given", "form", FORMATS),
    )
    .addOption(
      new Option("--store <name>", "name of what was measured (default: the form's)")
        .argParser(storeName),
    )
    .option("--suite <name>", "judge it by this suite's targets and claims")
    .addOption(list(
      "--baseline <name>",
      "measurements of criterion's, several by commas, each a run (default: new)",
    ))
    .addOption(choice("--unit <unit>", "of the values of an HDR histogram log", "unit", UNITS))
    .option("--out <dir>", "directory for result and report: new or empty")
    .option("--json", "print the analysis as JSON on stdout")
    .option("--verbose", "print criterion's blocks and all notes too")
    .addHelpText("after", HELP)
    .action(async (outputs: string[], flags: ImportFlags) => {
      const { runImport } = await import("./action.ts");
      call.ended(await runImport(outputs, flags, call));
    });
}

function storeName(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name) && !/^null(-async)?$/.test(name)) return name;
  throw new UsageError(
    `Cannot name a store ${JSON.stringify(name)}: use letters, digits, dots, dashes and ` +
      "underscores, begin with a letter or digit, and leave null to calibration",
  );
}

const HELP = `
Examples:
  deno task import target/criterion --store flaredb --suite baseline
  deno task import run1.txt run2.txt run3.txt       three processes of db_bench: three runs
  deno task import READ.hdr --unit us               an HDR histogram log
  deno task import fio.json --store nvme0           fio --output-format=json+ > fio.json`;
