/** What hours of a load did, in a sentence for each: the table has the rest. */
import { formatBytes, formatSeconds, joinRange } from "../../format/mod.ts";
import type { SoakAnalysis } from "../model.ts";
import { ratioText } from "../words.ts";
import type { TellFinding } from "./context.ts";

/** What the last stretch of each long load is of its first, and how its memory went. */
export const soaks: TellFinding = ({ measured }) => {
  const told = measured.flatMap(({ record, analysis: { load } }) =>
    (load?.soaks ?? []).map((soak) => ({ id: record.id, soak }))
  );
  if (told.length === 0) return null;
  return {
    id: "soak",
    topic: "performance",
    severity: "info",
    about: [...new Set(told.map(({ id }) => id))],
    condition: "a run of a load is long enough for its end to be held against its beginning",
    numbers: Object.fromEntries(
      told.flatMap(({ id, soak: { run, rate, p99 } }) => [
        ...(rate.change === null ? [] : [[`${id} run ${run} rate`, rate.change.value]]),
        ...(p99.change === null ? [] : [[`${id} run ${run} p99`, p99.change.value]]),
      ]),
    ),
    text: told.map(({ id, soak }) => soakInWords(id, soak)).join(" "),
  };
};

function soakInWords(id: string, soak: SoakAnalysis): string {
  const { run, ns, stretchNs, rate, p99, rssAnHour } = soak;
  const [whole, stretch] = [ns, stretchNs].map((time) => formatSeconds(time / 1e6));
  const of = ({ change }: SoakAnalysis["rate"]) => {
    if (change === null) return "is not known";
    const factor = ratioText(change);
    return factor === null ? "differs too much for a ratio" : `is ${joinRange(factor)} of it`;
  };
  const memory = rssAnHour === null
    ? "of its memory no slope can be told"
    : rssAnHour.low <= 0 && rssAnHour.high >= 0
    ? "its memory did not surely grow or shrink"
    : `its memory ${rssAnHour.value > 0 ? "grew" : "shrank"} by ${bytesAnHour(rssAnHour)} an hour`;
  return `Run ${run} of ${id} lasted ${whole}: of its last ${stretch}, held against its first, the ` +
    `rate ${of(rate)} and the p99 ${of(p99)}; ${memory}.`;
}

function bytesAnHour({ value, low, high }: NonNullable<SoakAnalysis["rssAnHour"]>): string {
  const [least, most] = [Math.abs(low), Math.abs(high)].toSorted((a, b) => a - b);
  return `${formatBytes(Math.abs(value))} (${formatBytes(least!)} to ${formatBytes(most!)})`;
}
