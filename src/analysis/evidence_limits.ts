/** What a claim's evidence cannot show, from what its figures were measured on. */
import type { FigureRecord, Result } from "../result/mod.ts";
import { joinWords } from "../format/mod.ts";
import { type Remark, type Tell, tellAll } from "../remark/mod.ts";
import type { EvidenceVerdict, StoreAnalysis } from "./model.ts";

/** A claim's evidence, and where it comes from. */
interface EvidenceContext {
  result: Result;
  stores: readonly StoreAnalysis[];
  evidence: readonly EvidenceVerdict[];
}

type TellLimit = Tell<EvidenceContext, "figures">;

/** The limits that hold. */
export function limitsOfEvidence(context: EvidenceContext): Remark<"figures">[] {
  return tellAll(TELLERS, context);
}

/** The published figures of some evidence, each once. */
function figuresOf({ evidence }: EvidenceContext): FigureRecord[] {
  return [...new Set(evidence.flatMap(({ figure }) => figure === null ? [] : [figure]))];
}

/** Whose figures they are, each system once. */
function systemsOf(figures: readonly FigureRecord[]): string[] {
  return [...new Set(figures.map(({ system }) => system))];
}

const network: TellLimit = (context) => {
  const systems = systemsOf(figuresOf(context).filter((figure) => figure.networked === true));
  const inProcess = context.stores.filter(({ store, description }) =>
    description?.network === false && context.evidence.some((row) => row.store === store)
  ).map(({ store }) => store);
  if (systems.length === 0 || inProcess.length === 0) return null;
  const were = inProcess.length === 1 ? "was" : "were";
  return {
    id: "networked-figures",
    topic: "figures",
    severity: "warn",
    about: systems,
    condition: "a figure is of a system behind a network, and a store was measured in process",
    numbers: {},
    text:
      `The figures of ${joinWords(systems)} are of systems behind a network, which may replicate ` +
      `every write as well; ${joinWords(inProcess)} ${were} measured in process, with neither.`,
  };
};

const networkUnknown: TellLimit = (context) => {
  const systems = systemsOf(figuresOf(context).filter(({ networked }) => networked === undefined));
  if (systems.length === 0) return null;
  return {
    id: "network-not-stated",
    topic: "figures",
    severity: "info",
    about: systems,
    condition: "a figure's source does not say whether a network was in between",
    numbers: {},
    text: `A source of figures of ${joinWords(systems)} does not state whether a network was in ` +
      "between.",
  };
};

const approximate: TellLimit = (context) => {
  const figures = figuresOf(context);
  const rough = figures.filter((figure) => figure.approximate === true);
  if (rough.length === 0) return null;
  const systems = systemsOf(rough);
  const which = rough.length === figures.length ? "The" : "Some";
  return {
    id: "approximate-figures",
    topic: "figures",
    severity: "info",
    about: systems,
    condition: "a figure is approximate",
    numbers: { figures: rough.length, of: figures.length },
    text: `${which} figures, of ${joinWords(systems)}, are approximate.`,
  };
};

const valueSizes: TellLimit = (context) => {
  const sizes = new Set(context.result.benchmarks.map(({ workload }) => workload.valueBytes));
  const systems = systemsOf(
    figuresOf(context).filter(({ value_bytes }) =>
      value_bytes === undefined || !sizes.has(value_bytes) || sizes.size > 1
    ),
  );
  if (systems.length === 0) return null;
  return {
    id: "other-value-sizes",
    topic: "figures",
    severity: "info",
    about: systems,
    condition: "a figure's values are not known to be of the size that was measured",
    numbers: {},
    text: `Values of ${joinWords(systems)} are of other or of unstated size.`,
  };
};

const machines: TellLimit = (context) => {
  const systems = systemsOf(figuresOf(context));
  if (systems.length === 0) return null;
  return {
    id: "other-machines",
    topic: "figures",
    severity: "info",
    about: systems,
    condition: "the evidence has a published figure",
    numbers: {},
    text: "Published figures come from other machines than the one that was measured here.",
  };
};

const liveDurability: TellLimit = ({ stores, evidence }) => {
  const durabilityOf = (own: string) =>
    stores.find(({ store }) => store === own)?.description?.durability ?? null;
  const words = (own: string) => durabilityOf(own) ?? "treated as is not known";
  const odd = evidence.flatMap(({ store, live, benchmark }) =>
    live !== null && durabilityOf(store) !== durabilityOf(live.store)
      ? [{ benchmark, store, other: live.store }]
      : []
  );
  if (odd.length === 0) return null;
  const pairs = new Set(
    odd.map(({ store, other }) =>
      `${other} were ${words(other)} and those of ${store} ${words(store)}`
    ),
  );
  return {
    id: "live-durability",
    topic: "figures",
    severity: "warn",
    about: odd.map(({ benchmark }) => benchmark),
    condition:
      "a system was measured with another durability than the store that is held against it",
    numbers: { rows: odd.length },
    text: `Writes of ${joinWords([...pairs])}.`,
  };
};

const TELLERS: readonly TellLimit[] = [
  liveDurability,
  network,
  networkUnknown,
  approximate,
  valueSizes,
  machines,
];
