import { kindOfStore } from "../../result/mod.ts";
import { formatCount, formatPercent, formatTime, joinWords, plural } from "../../format/mod.ts";
import { MOST_MISSING } from "../decomposition.ts";
import { valueOf } from "../estimate_of.ts";
import { isGap } from "../gap.ts";
import { STORAGE } from "../layers.ts";
import type { MeasuredBenchmark } from "../benchmark.ts";
import type { Operation } from "../model.ts";
import { ratioOfTimes } from "../ratios.ts";
import { operationWord, PART_WORDS } from "../words.ts";

import { extremes, type FindingContext, type TellFinding } from "./context.ts";

/** The operations whose time is told of: those that a server answers with one request. */
const SINGLE: readonly Operation[] = ["put", "get"];

/** Parts of a sentence at most: the others are in the table. */
const MOST_NAMED = 3;

/** Where the time of puts and gets goes that are alone on their way. */
export const whereTimeGoes: TellFinding = ({ decompositions }) => {
  const alone = decompositions.filter(({ inFlight, operation }) =>
    inFlight === 1 && SINGLE.includes(operation)
  );
  if (alone.length === 0) return null;
  const rows = alone.map((row) => {
    const largest = row.parts.toSorted((a, b) => b.ns - a.ns).slice(0, MOST_NAMED);
    const parts = largest.map(({ part, ns }) =>
      `${PART_WORDS[part]} ${formatPercent(ns / row.totalNs)}`
    );
    const what = `a ${operationWord(row.operation)} through ${row.store}`;
    return `of ${what}, ${joinWords(parts)}`;
  });
  return {
    id: "where-time-goes",
    topic: "servers",
    severity: "info",
    about: alone.map(({ benchmark }) => benchmark),
    condition: "operations on a server were measured one at a time, and it tells its own times",
    numbers: Object.fromEntries(
      alone.map(({ benchmark, totalNs }) => [`${benchmark} ns`, totalNs]),
    ),
    text: `Where the time goes with one operation in flight: ${rows.join("; ")}.`,
  };
};

/** The rows whose parts and whole do not agree, and what is missing there. */
export const partsDisagree: TellFinding = ({ decompositions }) => {
  const told = decompositions.filter(({ untold }) => !untold.includes("server"));
  const odd = told.filter(({ agrees }) => !agrees);
  if (odd.length === 0) return null;
  const rows = odd.map(({ benchmark, missing }) =>
    missing > 0
      ? `of ${benchmark} ${formatPercent(missing)} is missing`
      : `of ${benchmark} the parts are ${formatPercent(-missing)} more than the whole`
  );
  const why = odd.some(({ missing }) => missing > 0)
    ? " What is missing is time that no part is measured in: in the server before a request's " +
      "handler begins and after it ends, where requests wait for a processor."
    : "";
  const more = odd.some(({ missing }) => missing < 0)
    ? " Parts are more than the whole where a frame that asks for nothing waits for what a request does " +
      "not wait for, as for the requests of others."
    : "";
  return {
    id: "parts-disagree",
    topic: "servers",
    severity: "warn",
    about: odd.map(({ benchmark }) => benchmark),
    condition: "the parts of an operation's time and the client's own total are too far apart",
    numbers: { rows: odd.length, of: told.length },
    text:
      `In ${plural(odd.length, "row")} of ${formatCount(told.length)}, parts and whole are more ` +
      `than ${formatPercent(MOST_MISSING)} apart: ${rows.join("; ")}.${why}${more}`,
  };
};

/** What the reference guessed that a server leaves of the storage layer's throughput. */
const GUESSED = { low: 0.1, high: 0.2 } as const;

/** What is left of the storage layer's throughput through a server. */
export const storageShare: TellFinding = ({ measured, ratios, options }) => {
  const servers = measured.filter((own) => own.record.kind === "latency" && isServer(own));
  const rows = SINGLE.flatMap((operation) => {
    const own = servers.filter(({ record }) => record.workload.operation === operation);
    const base = own.length === 0 ? undefined : storageOf(measured, operation);
    if (base === undefined) return [];
    return own.flatMap((server) => {
      // Where processes of the two took turns, that is their ratio.
      const paired = ratios.find((row) =>
        row.pairing !== undefined && row.metric === "mean" && row.base === base.record.store &&
        row.name === base.record.name && `${row.store}/${row.name}` === server.record.id
      );
      const share = paired === undefined
        ? ratioOfTimes(base, server, options.confidence)?.value ?? ratioOfPoints(base, server)
        : 1 / paired.ratio.value;
      return share === null ? [] : [{ operation, base, server, share }];
    });
  });
  const [first] = rows;
  if (first === undefined) return null;
  const groups = [
    ...Map.groupBy(rows, ({ operation, server }) => `${operation} ${server.record.store}`).values(),
  ];
  const held = rows.filter(({ share }) => share >= GUESSED.low && share <= GUESSED.high).length;
  const below = rows.filter(({ share }) => share < GUESSED.low).length;
  const above = rows.length - held - below;
  const all = plural(rows.length, "row");
  const guess = `${formatPercent(GUESSED.low)} to ${formatPercent(GUESSED.high)}`;
  const sentences = groups.map((group) => {
    const { operation, server } = group[0]!;
    const shares = group.map(({ server: { record }, share }) =>
      `${formatPercent(share)} with ${formatCount(record.workload.clients ?? 1)}`
    );
    return `${operationWord(operation)}s through ${server.record.store} ${joinWords(shares)}`;
  });
  return {
    id: "storage-share",
    topic: "servers",
    severity: "info",
    about: rows.map(({ server }) => server.record.id),
    condition: "the same operation was measured on a storage layer alone and through a server",
    numbers: {
      rows: rows.length,
      held,
      below,
      above,
    },
    text:
      `Of what ${first.base.record.store} alone does, with one operation at a time, this is left ` +
      `with so many in flight: ${sentences.join("; ")}. The guess that a server leaves ${guess} ` +
      `holds in ${held} of ${all}; in ${below} less is left, in ${above} more.`,
  };
};

/** What is left of the storage layer's throughput through servers with as many clients, in closed loops. */
export const loadShare: TellFinding = ({ measured }) => {
  const loads = measured.filter(({ record }) =>
    record.kind === "load" &&
    record.workload.load?.groups.every(({ pace }) => pace.loop === "closed") === true
  );
  const rows = loads.filter(isServer).flatMap((server): LoadShare[] => {
    const base = STORAGE.flatMap((kind) =>
      loads.filter(({ record }) =>
        kindOfStore(record.store) === kind && record.name === server.record.name
      )
    ).find((one) => durabilityOf(one) === durabilityOf(server));
    const [own, alone] = [server, base].map((one) => one && valueOf(one.analysis, "throughput"));
    return base === undefined || !own || !alone ? [] : [{ server, base, share: own / alone }];
  });
  if (rows.length === 0) return null;
  const sentences = [...Map.groupBy(rows, ({ server }) => server.record.store)].map(
    ([store, own]) => `${store} ${sharesInWords(own)}`,
  );
  return {
    id: "load-share",
    topic: "servers",
    severity: "info",
    about: rows.flatMap(({ server, base }) => [server.record.id, base.record.id]),
    condition:
      "the same load was measured on a storage layer alone and through a server, as durable on both",
    numbers: Object.fromEntries(
      rows.map(({ server, share }) => [`${server.record.id} share`, share]),
    ),
    text:
      `With as many clients on either side, and writes as durable, servers leave of the operations a ` +
      `second: ${sentences.join("; ")}.`,
  };
};

/** A load's operations a second through a server, as a share of a storage layer's. */
interface LoadShare {
  server: MeasuredBenchmark;
  base: MeasuredBenchmark;
  share: number;
}

/** Of several loads the least and the most that is left, and of which: the tables have each. */
function sharesInWords(rows: readonly LoadShare[]): string {
  const groups = Map.groupBy(rows, ({ base }) => base.record.store);
  return joinWords([...groups].map(([base, own]) => {
    const { least, most } = extremes(own, ({ share }) => share)!.at;
    if (own.length === 1) return `${leftIn(least)} of ${base}`;
    return `${leftIn(least)} to ${leftIn(most)} of ${base} in ${plural(own.length, "load")}`;
  }));
}

function leftIn({ server, share }: LoadShare): string {
  return `${formatPercent(share)} (${server.record.name})`;
}

/** The ratio of two mean times that have no interval; `null` where one is not known. */
function ratioOfPoints(base: MeasuredBenchmark, server: MeasuredBenchmark): number | null {
  const [own, through] = [base, server].map(({ analysis }) => valueOf(analysis, "mean"));
  return own && through ? own / through : null;
}

function durabilityOf({ runs }: MeasuredBenchmark): string | null {
  return runs.find(({ store }) => store !== null)?.store?.durability ?? null;
}

function isServer({ runs }: MeasuredBenchmark): boolean {
  return runs.some(({ store }) => store?.network === true);
}

/** The storage layer alone, at one operation at a time. */
function storageOf(
  measured: FindingContext["measured"],
  operation: Operation,
): MeasuredBenchmark | undefined {
  for (const kind of STORAGE) {
    const own = measured.find(({ record }) =>
      kindOfStore(record.store) === kind && record.kind === "latency" &&
      record.workload.operation === operation && (record.workload.clients ?? 1) === 1
    );
    if (own !== undefined) return own;
  }
  return undefined;
}

/** What happened in the cluster that is none of a steady measuring. */
export const clusterTrouble: TellFinding = ({ decompositions }) => {
  const troubled = decompositions.flatMap((row) => {
    const { benchmark, gap, totalNs, retries, others, beside } = row;
    const { leaderChanges, slowApplies } = beside;
    const what = [
      ...(isGap(gap.ns, totalNs, leaderChanges > 0 || retries > 0)
        ? [`a gap of ${formatTime(gap.ns)} without an answer, from ${formatTime(gap.atNs)} on`]
        : []),
      ...(leaderChanges > 0 ? [plural(leaderChanges, "leader change")] : []),
      ...(retries > 0 ? [plural(retries, "retry", "retries")] : []),
      ...(slowApplies > 0 ? [plural(slowApplies, "slow apply", "slow applies")] : []),
      ...(others > MOST_OTHERS ? [`others' requests, ${formatPercent(others)} of ours`] : []),
    ];
    return what.length === 0 ? [] : [{ row, text: `${benchmark} had ${joinWords(what)}` }];
  });
  if (troubled.length === 0) return null;
  return {
    id: "cluster-trouble",
    topic: "servers",
    severity: "warn",
    about: troubled.map(({ row }) => row.benchmark),
    condition:
      "leaders changed, operations were tried again, applies were slow, or others had requests",
    numbers: { rows: troubled.length },
    text: `Not all was quiet in the servers: ${troubled.map(({ text }) => text).join("; ")}.`,
  };
};

/** Requests of others above this share of our own are told of. */
const MOST_OTHERS = 0.02;
