/** What a night says of the searches for the highest rate that its suite asks for. */
import { joinWords } from "../../../format/mod.ts";
import type { BenchRequest } from "../../../run/mod.ts";
import { planBenchmarks, type Suite } from "../../../suite/mod.ts";
import { LEAST_RUNS } from "../../../stats/mod.ts";
import type { MeasuringFlags } from "../../options/measuring.ts";
import { searchCall } from "../../search_call.ts";
import { searchedLoads } from "../../searched_loads.ts";

/**
 * That a night on this machine leaves searches out, and what makes the first of them.
 *
 * @param request What the night measures.
 * @param suite The suite as it was called.
 * @param flags What the night was told, which a search is to be told as well.
 * @returns One sentence; none where its suite asks for no search of what is measured.
 */
export function searchesLeftOut(
  request: Pick<BenchRequest, "suite" | "stores" | "variants" | "filter" | "sampling">,
  suite: string,
  flags: Pick<MeasuringFlags, "store" | "set" | "from" | "to">,
): string[] {
  const ids = searchedLoads(planBenchmarks(request.suite, request)).map(({ id }) => id);
  const [first] = ids;
  if (first === undefined) return [];
  const [rates, are, which] = ids.length === 1
    ? ["rate", "is", "it"]
    : ["rates", "are", "the first of them"];
  const loads = joinWords(ids);
  const call = searchCall(suite, first, flags, canBeSearchedAlone(first, request));
  return [
    `The highest ${rates} of ${loads} ${are} not searched by a night, since no history keeps ` +
    `what is found: ${call} searches ${which}.`,
  ];
}

/** Whether `--find-rate` takes a load's id for the only one that is meant. */
function canBeSearchedAlone(
  id: string,
  { suite, stores, variants = [] }: Pick<BenchRequest, "suite" | "stores" | "variants">,
): boolean {
  const meant = stores.flatMap((store) =>
    (suite.loads ?? []).filter(({ name }) => `${store}/${name}`.includes(id))
  );
  return variants.length === 0 && meant.length === 1;
}

/**
 * What becomes of searches where machines of the cluster measure, each of which is asked for a bench.
 *
 * @param suite What they measure, where that can be told here.
 * @returns One sentence; none where no load of it asks for a search.
 */
export function searchesOnNodes(suite: Suite | undefined): string[] {
  const names = (suite?.loads ?? []).flatMap(({ name, findRate }) =>
    findRate === undefined ? [] : [name]
  );
  if (names.length === 0) return [];
  return [
    `A node that measures ${joinWords(names, "or")} by ${LEAST_RUNS} runs and more searches its ` +
    "highest rate as well: the report stays there, and the history keeps nothing of it.",
  ];
}
