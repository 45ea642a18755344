/** How a comparison judges, and where it says so: `compare` and `bench --against` ask alike. */
import { Option } from "commander";
import { list } from "./values.ts";

/** The options of a gate. */
export interface GateFlags {
  junit?: string;
  summary?: string;
  threshold?: string[];
}

/**
 * Declares the options of a gate.
 *
 * @param when What their descriptions begin with.
 */
export function gateOptions(when = ""): Option[] {
  return [
    list("--threshold <share>", `${when}a change that matters (repeatable): 3%, or p99=15%`),
    new Option("--junit <file>", `${when}write the verdicts as JUnit XML, replacing the file`),
    new Option(
      "--summary <file>",
      `${when}add the verdicts to this file as Markdown, for a forge's job page`,
    ),
  ];
}
