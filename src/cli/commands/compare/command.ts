/** `compare` as it is called. */
import { Command, Option } from "commander";
import type { Call } from "../../call.ts";
import { type GateFlags, gateOptions } from "../../options/gate.ts";
import { addOptions } from "../../options/values.ts";

/** The options of `compare`. */
export interface CompareFlags extends GateFlags {
  json?: boolean;
  markdown?: boolean;
  verbose?: boolean;
}

/** Declares `compare`. */
export function compareCommand(call: Call): Command {
  const what = "a saved baseline, a result.json or a bench's directory";
  const command = new Command("compare")
    .description("say what changed from one result to another, and how sure that is")
    .argument("<base>", `what to compare with: ${what}`)
    .argument("<candidate>", "what to compare: likewise")
    .addHelpText("after", HELP)
    .action(async (base: string, candidate: string, flags: CompareFlags) => {
      const { runCompare } = await import("./action.ts");
      call.ended(runCompare(base, candidate, flags, call));
    });
  return addOptions(command, gateOptions())
    .addOption(
      new Option("--markdown", "print the whole comparison as Markdown on stdout")
        .conflicts("json"),
    )
    .option("--json", "print the comparison as JSON on stdout")
    .option("--verbose", "print criterion's blocks too");
}

const HELP = `
A verdict needs three runs on each side, and is given over all rows together: improved, regressed,
unchanged, too small to matter, or inconclusive with the reason. Ends with 1 where a row regressed,
with --strict also where one stays inconclusive.

Examples:
  deno task compare main reports/local/DIR          a bench against the saved baseline main
  deno task compare a.json b.json --threshold 2%    two results, changes of 2 % matter
  deno task compare main DIR --junit gate.xml       for a forge`;
