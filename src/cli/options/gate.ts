/** How a comparison judges, and where it says so: `compare` and `bench --against` ask alike. */
import { Option } from "commander";
import { strictOption } from "../strict.ts";
import { list } from "./values.ts";

/** The options of a gate. */
export interface GateFlags {
  junit?: string;
  summary?: string;
  threshold?: string[];
  strict?: boolean;
}

/**
 * Declares the options of a gate.
 *
 * @param when What their descriptions begin with.
 */
export function gateOptions(when = ""): Option[] {
  return [
    list("--threshold <share>", `${when}a change that matters (repeatable): 3%, or p99=15%`),
    strictOption(),
    new Option("--junit <file>", `${when}write the verdicts as JUnit XML, replacing the file`),
    new Option(
      "--summary <file>",
      `${when}add the verdicts to this file as Markdown, for a forge's job page`,
    ),
  ];
}
