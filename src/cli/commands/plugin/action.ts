/** `plugin`: what engines' authors need. */
import { basename } from "node:path";
import { fileReason } from "../../../disk/mod.ts";
import {
  checkPlugin,
  PLUGIN_NAME,
  type Skeleton,
  type Verdict,
  writeSkeleton,
} from "../../../plugin/mod.ts";
import { pluginFile } from "../../../store/plugin/mod.ts";
import type { Call } from "../../call.ts";
import { EXIT } from "../../exit_code.ts";
import { interruptSignal } from "../../interrupt.ts";
import { printResult } from "../../print_result.ts";
import { UsageError } from "../../usage_error.ts";
import type { CheckFlags, NewFlags } from "./command.ts";

/** Begins a plug-in. */
export function runNew(folder: string, { lang }: NewFlags, { streams }: Call): number {
  const name = basename(folder);
  if (!PLUGIN_NAME.test(name)) {
    const called = JSON.stringify(name);
    throw new UsageError(
      `Cannot begin the plug-in ${called}: call it by a-z, 0-9, - and _, at most 40, ` +
        "the first one a letter",
    );
  }
  let skeleton: Skeleton;
  try {
    skeleton = writeSkeleton(folder, name, lang);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) {
      throw new UsageError(`Cannot begin a plug-in in ${folder}: something is there; name another`);
    }
    throw new UsageError(`Cannot write ${folder}: ${fileReason(error)}`);
  }
  const { build, library } = skeleton;
  streams.out(
    `Written: ${folder}. Next:\n  cd ${folder} && ${build}\n` +
      `  deno task plugin check ${folder}/${library}\n` +
      `  deno task bench --store ${folder}/${library}\n`,
  );
  return EXIT.fine;
}

/** Checks a plug-in. */
export async function runCheck(
  library: string,
  { core = false, filter, json = false }: CheckFlags,
  { streams }: Call,
): Promise<number> {
  const { path } = pluginFile(library);
  const signal = interruptSignal();
  const say = (text: string) => printResult(streams, text, { taken: json });
  const tell = ({ name, state, detail }: Verdict) =>
    say(`${state.padEnd(8)} ${name}${detail === "" ? "" : `: ${detail}`}\n`);
  const checked = await checkPlugin(path, {
    core,
    ...(filter !== undefined && { filter }),
    onVerdict: tell,
    signal,
  });
  if (json) streams.out(JSON.stringify(checked, null, 2) + "\n");
  if (checked.refused !== null) throw new UsageError(checked.refused);
  const count = (state: Verdict["state"]) =>
    checked.verdicts.filter((verdict) => verdict.state === state).length;
  if (checked.plugin !== null) {
    const { description: { engine, version, name }, has, sha256 } = checked.plugin;
    const optional = has.length === 0 ? "none" : has.join(", ");
    say(`\n${name}: ${engine} ${version}, SHA-256 ${sha256.slice(0, 16)}\n`);
    say(`Optional functions: ${optional}\n`);
  }
  say(`${count("holds")} hold, ${count("fails")} fail, ${count("skipped")} skipped\n`);
  if (signal.aborted) return EXIT.failed;
  return count("fails") > 0 ? EXIT.missed : EXIT.fine;
}
