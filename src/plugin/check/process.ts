/**
 * The process that holds a plug-in against some of the cases: it says which one it is at, so that
 * whoever started it knows where it crashed or hangs.
 */
import { writeWhole } from "../../disk/mod.ts";
import { followParent, ownStdout } from "../../native/mod.ts";
import { StoreError } from "../../store/mod.ts";
import { loadPlugin } from "../../store/plugin/mod.ts";
import { CASES } from "./cases.ts";
import type { CheckLine, CheckSpec } from "./spec.ts";
import { CheckError, CheckSkipped, type Verdict } from "./verdict.ts";

followParent();
const output = ownStdout(Deno.stdout);

function print(line: CheckLine): void {
  writeWhole(output, new TextEncoder().encode(JSON.stringify(line) + "\n"));
}

const { library: path, folder, core, cases } = JSON.parse(Deno.args[0]!) as CheckSpec;
try {
  const library = loadPlugin(path);
  const { name, sha256, compiler, description, has } = library;
  print({ kind: "loaded", name, sha256, compiler, description, has });
  for (const name of cases) {
    print({ kind: "begins", name });
    const own = `${folder}/${Object.keys(CASES).indexOf(name)}`;
    Deno.mkdirSync(own);
    let verdict: Omit<Verdict, "name">;
    try {
      const detail = await CASES[name]!.run({ library, folder: own, core });
      verdict = { state: "holds", detail: detail ?? "" };
    } catch (error) {
      if (error instanceof CheckSkipped) verdict = { state: "skipped", detail: error.message };
      else if (error instanceof CheckError) verdict = { state: "fails", detail: error.message };
      else throw error;
    }
    print({ kind: "verdict", name, ...verdict });
    // What a failed case left open is not to be in the way of others.
    if (verdict.state === "fails") break;
  }
} catch (error) {
  if (!(error instanceof StoreError)) throw error;
  print({ kind: "refused", message: error.message });
}
// A plug-in's threads may keep the process.
Deno.exit(0);
