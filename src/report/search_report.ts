/** The search for a rate as a document: the answer, the curve, and how it was found. */
import { type Document, heading, list, paragraph } from "./document.ts";
import { type OfferedRate, rateFigure } from "./plots/mod.ts";

/** What a search found, and how. */
export interface SearchedRate {
  /** The load's id. */
  name: string;
  /** The answer and what is to be known beside it, in whole sentences. */
  answer: string;
  remarks: readonly string[];
  /** Ends of the interval, operations a second. */
  low: number;
  high: number;
  rates: readonly OfferedRate[];
}

/** Builds the report of a search. */
export function buildSearchReport(search: SearchedRate): Document {
  const { name, answer, remarks, rates } = search;
  return {
    title: `The highest rate of ${name}`,
    language: "en",
    blocks: [
      heading(1, `The highest rate of ${name}`),
      paragraph(answer),
      rateFigure(name, rates, search),
      heading(2, "How it was found"),
      list([...remarks]),
    ],
  };
}
