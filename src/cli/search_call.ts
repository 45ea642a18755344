/** The call of a bench that searches the highest rate of a load, as a shell takes it. */
import { shellWord } from "../cluster/mod.ts";
import type { MeasuringFlags } from "./options/measuring.ts";

/**
 * @param suite The suite as it is called.
 * @param load The load's id.
 * @param flags What a bench is to be told beside.
 * @param alone Whether the id means one load only; where it does not, a bench measures it, and searches then.
 */
export function searchCall(
  suite: string,
  load: string,
  { store = [], set = [], from, to }: Pick<MeasuringFlags, "store" | "set" | "from" | "to">,
  alone: boolean,
): string {
  const args = [
    suite,
    ...store.flatMap((name) => ["--store", name]),
    ...(set.length > 0 ? ["--set", set.join(",")] : []),
    ...(from === undefined ? [] : ["--from", from]),
    ...(to === undefined ? [] : ["--to", to]),
    "--filter",
    load,
    ...(alone ? ["--find-rate"] : []),
  ];
  return `deno task bench ${args.map(asWord).join(" ")}`;
}

/** An argument as a shell takes it, without quotes where none are needed. */
function asWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : shellWord(text);
}
