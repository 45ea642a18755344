/** A result, as report, compare, export and history add read it. */
import { RESULT_FILE } from "../../disk/mod.ts";
import { readResult } from "../../result/mod.ts";
import { smallResult, smallTroubledResult } from "../samples.ts";
import type { FuzzTarget } from "../target.ts";
import { useResult } from "../use_result.ts";

const sound = smallResult(2);
const OLD = new URL("../../result/_testing/result_v1.json", import.meta.url);

/** The target. */
export const result: FuzzTarget = {
  name: "result",
  what: "`result.json` of this version and the one before, its reports, exports and a comparison",
  seeds: () => [
    JSON.stringify(smallResult()),
    JSON.stringify(smallTroubledResult()),
    Deno.readTextFileSync(OLD),
  ],
  read(input, folder, random) {
    Deno.writeFileSync(`${folder}/${RESULT_FILE}`, input);
    useResult(readResult(`${folder}/${RESULT_FILE}`), sound, random);
  },
};
