/** Empty texts, as of a variable of a script that was not set: they name nothing. */
import type { Command } from "commander";
import { UsageError } from "../usage_error.ts";

/**
 * Refuses an argument or an option's value that is empty, before the command begins. What is empty in an
 * option's list is said by who reads the list.
 *
 * @throws {UsageError} Names the first one.
 */
export function requireNoEmpty(command: Command): void {
  const argument = command.registeredArguments.find((_, i) =>
    [command.processedArgs[i]].flat().includes("")
  );
  const option = command.options.find((each) =>
    command.getOptionValue(each.attributeName()) === ""
  );
  const name = argument === undefined ? option?.long : `<${argument.name()}>`;
  if (name == null) return;
  const mend = argument === undefined ? "give it a value, or leave it out" : "give it one";
  throw new UsageError(`Cannot take "" for ${name}: it is empty; ${mend}`);
}
