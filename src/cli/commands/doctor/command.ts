/** `doctor` as it is called. */
import { Command } from "commander";
import type { Call } from "../../call.ts";

/** The options of `doctor`. */
export interface DoctorFlags {
  data: string;
  json?: boolean;
}

/** Declares `doctor`. */
export function doctorCommand(call: Call): Command {
  return new Command("doctor")
    .description("say what makes this machine unfit to measure on, and how to mend it")
    .option("--data <dir>", "where databases would lie", ".")
    .option("--json", "print the findings as JSON on stdout")
    .action(async (flags: DoctorFlags) => {
      const { runDoctor } = await import("./action.ts");
      call.ended(await runDoctor(flags, call));
    });
}
