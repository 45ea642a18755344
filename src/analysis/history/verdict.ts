/** What a series comes to. */
import type { LastingShift, Tonight, TonightVerdict } from "./model.ts";

/** What tonight and the news come to together; the worse of the two counts. */
export function verdictOf(tonight: Tonight, news: LastingShift | null): TonightVerdict {
  const said = [tonight.verdict, news?.direction];
  return said.includes("regressed")
    ? "regressed"
    : said.includes("improved")
    ? "improved"
    : tonight.verdict;
}
