/**
 * Builds the plug-ins of the engines that are to be had, for the suite `engines`. A task of its own,
 * since it runs compilers.
 */
import { isAbsolute, join } from "node:path";
import { parseArgs } from "node:util";
import { formatSeconds, printable } from "../format/mod.ts";
import { buildEngine, ENGINE_NAMES, type EngineName, missingFor } from "../plugin/mod.ts";
import { EXIT, knownFailure } from "./exit_code.ts";
import { oneOf } from "./options/values.ts";
import { STANDARD } from "./streams.ts";
import { UsageError } from "./usage_error.ts";

/** Where the suite looks for them. */
const FOLDER = "reports/local/plugins";

function engineNamed(text: string): EngineName {
  return oneOf("engine", ENGINE_NAMES)(text) as EngineName;
}

/** Builds them one after the other. @returns The exit code. */
async function build(args: readonly string[]): Promise<number> {
  let named: { positionals: string[]; values: { out?: string | undefined } };
  try {
    named = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { out: { type: "string" } },
    });
  } catch (error) {
    throw new UsageError(`Cannot build: ${(error as Error).message}`);
  }
  const { positionals, values: { out = FOLDER } } = named;
  const engines = positionals.length > 0 ? positionals.map(engineNamed) : ENGINE_NAMES;
  const folder = isAbsolute(out) ? out : join(Deno.cwd(), out);
  Deno.mkdirSync(folder, { recursive: true });
  for (const engine of engines) {
    const begun = performance.now();
    const missing = await missingFor(engine);
    if (missing !== undefined) {
      STANDARD.error(`skipped ${engine}: ${printable(missing)}\n`);
      continue;
    }
    const path = await buildEngine(engine, folder);
    const took = formatSeconds(performance.now() - begun);
    STANDARD.error(`built   ${printable(path)} (${took})\n`);
  }
  return EXIT.fine;
}

if (import.meta.main) {
  let code: number = EXIT.fine;
  try {
    code = await build(Deno.args);
  } catch (error) {
    const failure = knownFailure(error);
    if (failure === undefined) throw error;
    STANDARD.error(`error: ${printable(failure.line)}\n`);
    code = failure.code;
  }
  Deno.exit(code);
}
