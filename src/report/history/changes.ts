/** What of a judged history is news: the same choice for the index, the summary and the feed. */
import type {
  HistoryJudgement,
  LastingShift,
  SeriesJudgement,
  TonightVerdict,
} from "../../analysis/history/model.ts";

/** Nights for which a lasting shift is news: it takes some until it is told from a few odd nights. */
export const NEWS_NIGHTS = 14;

/** A lasting shift of a series. */
export interface SeriesShift {
  judged: SeriesJudgement;
  shift: LastingShift;
}

/** What is news tonight. */
export interface Changes {
  /** The last night; `null` in an empty history. */
  tonight: string | null;
  regressed: SeriesJudgement[];
  improved: SeriesJudgement[];
  /** Shifts that began in the last {@linkcode NEWS_NIGHTS} nights, the newest first. */
  shifts: SeriesShift[];
  /** Series that had a value before and have none tonight. */
  missing: SeriesJudgement[];
  /** How many series have each verdict. */
  counts: Record<TonightVerdict, number>;
}

/** Finds what is news. */
export function changesOf({ nights, series }: HistoryJudgement): Changes {
  const counts: Changes["counts"] = {
    "regressed": 0,
    "improved": 0,
    "usual": 0,
    "too small to matter": 0,
    "too few nights": 0,
    "missing": 0,
  };
  for (const { tonight } of series) counts[tonight.verdict]++;
  const of = (verdict: TonightVerdict) =>
    series.filter(({ tonight }) => tonight.verdict === verdict);
  const since = nights.at(-NEWS_NIGHTS) ?? nights[0] ?? "";
  const bySize = (a: SeriesJudgement, b: SeriesJudgement) =>
    Math.abs(b.tonight.change ?? 0) - Math.abs(a.tonight.change ?? 0);
  return {
    tonight: nights.at(-1) ?? null,
    regressed: of("regressed").sort(bySize),
    improved: of("improved").sort(bySize),
    shifts: series.flatMap((judged) => judged.shifts.map((shift) => ({ judged, shift })))
      .filter(({ shift }) => shift.night >= since)
      .sort((a, b) => a.shift.night < b.shift.night ? 1 : a.shift.night > b.shift.night ? -1 : 0),
    missing: of("missing"),
    counts,
  };
}
