/** All commands as one program. */
import { Command } from "commander";
import type { Call } from "./call.ts";
import { benchCommand } from "./commands/bench/command.ts";
import { bisectCommand } from "./commands/bisect/command.ts";
import { compareCommand } from "./commands/compare/command.ts";
import { doctorCommand } from "./commands/doctor/command.ts";
import { engineCommand } from "./commands/engine/command.ts";
import { exportCommand } from "./commands/export/command.ts";
import { historyCommand } from "./commands/history/command.ts";
import { importCommand } from "./commands/import/command.ts";
import { nightlyCommand } from "./commands/nightly/command.ts";
import { nodesCommand } from "./commands/nodes/command.ts";
import { pluginCommand } from "./commands/plugin/command.ts";
import { publishCommand } from "./commands/publish/command.ts";
import { reportCommand } from "./commands/report/command.ts";
import { requireNoEmpty } from "./options/empty.ts";
import { VERSION } from "./version.ts";

/** The commands in the order of the help. What one does is loaded when it is called. */
const COMMANDS: readonly ((call: Call) => Command)[] = [
  benchCommand,
  compareCommand,
  bisectCommand,
  reportCommand,
  importCommand,
  exportCommand,
  doctorCommand,
  publishCommand,
  engineCommand,
  pluginCommand,
  historyCommand,
  nightlyCommand,
  nodesCommand,
];

/** Builds the program. */
export function buildProgram(call: Call): Command {
  const program = new Command("tidemark")
    .description("Measures key-value stores, says how sure it is, and writes the baseline report.")
    .version(VERSION)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => call.streams.out(text),
      writeErr: () => {}, // told by main, in one line
      getOutHelpWidth: () => 100,
    })
    .showHelpAfterError(false)
    .hook("preAction", (_, command) => requireNoEmpty(command))
    .addHelpText("after", EXIT_HELP);
  for (const declare of COMMANDS) program.addCommand(declare(call));
  inherit(program);
  return program;
}

/** Lets the subcommands of a command behave as it does. */
function inherit(command: Command): void {
  for (const subcommand of command.commands) {
    subcommand.copyInheritedSettings(command);
    inherit(subcommand);
  }
}

const EXIT_HELP = `
Exit codes: 0 fine, 1 a target missed or a regression, 2 a mistake in the call or a file, 3 the
measuring failed.
Colors are off where NO_COLOR is set or stderr is no terminal.`;
