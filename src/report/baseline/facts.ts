import { formatBytes, formatCount, formatMinute, joinWords, plural } from "../../format/mod.ts";
import { type Analysis, plannedRunsInWords } from "../../analysis/mod.ts";
import type { EnvironmentRecord, ImportRecord, Result } from "../../result/mod.ts";
import { type Block, code, heading, list, paragraph, strong, type Words } from "../document.ts";
import { oneLine } from "../plain_text.ts";
import { prose } from "../prose.ts";

/** What the suite is for, and when, where and how it was measured. */
export function facts(result: Result, analysis: Analysis): Block[] {
  const { suite, profile, tool } = result;
  const fact = (name: string, ...words: Extract<Words, unknown[]>): Words => [
    strong(`${name}:`),
    " ",
    ...words,
  ];
  return [
    heading(2, "Facts"),
    paragraph(prose(suite.summary, result)),
    list([
      fact("Suite", code(suite.name), ", profile ", code(profile.name)),
      fact("Measured", measuredWhen(result)),
      fact("Stores", ...listed(analysis.stores.map(({ store }) => store))),
      fact("Kind of test", kindOfTest(result, analysis)),
      ...(result.imported === undefined ? [] : [fact("Imported", origin(result.imported))]),
      fact("Replication", replication(result)),
      fact("Machine", machine(result.environment)),
      fact(
        "Tidemark",
        `${tool.version}, commit `,
        tool.commit === null ? "not known" : code(tool.commit),
        "; result ",
        code(result.id),
      ),
    ]),
  ];
}

/** What an imported result was read from. */
function origin({ tool, toolVersion, files }: ImportRecord): string {
  const some = files.slice(0, 5).map((file) => oneLine(file));
  const names = some.join(", ");
  const more = files.length > some.length ? ` and ${files.length - some.length} more` : "";
  const version = toolVersion === null ? "" : ` ${toolVersion}`;
  return `from the output of ${tool}${version} (${names}${more})`;
}

function replication(result: Result): string {
  const { imported, profile, seed, untilSure } = result;
  const more = untilSure === undefined ? "" : ", and more until it was sure";
  return imported === undefined
    ? `${plannedRunsInWords(result)}${more}, each a fresh process with a fresh ` +
      `database, in an order shuffled with seed ${seed}`
    : `${plural(profile.runs, "output")} of a process${profile.runs === 1 ? "" : " at most"} for ` +
      `each benchmark; whether each had a fresh database, and their order, is not known`;
}

function measuredWhen({ startedAt, endedAt, imported }: Result): string {
  if (imported?.times === "files") {
    const changed = formatMinute(endedAt ?? startedAt);
    return `not known: the output does not say it, and its files were last changed ${changed}`;
  }
  return endedAt === null
    ? `from ${formatMinute(startedAt)}; it did not come to its end`
    : `${formatMinute(startedAt)} to ${formatMinute(endedAt)}`;
}

function kindOfTest(result: Result, analysis: Analysis): string {
  const clients = [...new Set(result.benchmarks.flatMap(({ workload }) => workload.clients ?? []))]
    .toSorted((a, b) => a - b);
  const unknown = result.benchmarks.some(({ workload }) => workload.clients === null);
  const networks = analysis.stores.flatMap(({ description }) =>
    description === null ? [] : [description.network]
  );
  const where = networks.length === 0
    ? "not known whether over a network"
    : networks.every((network) => !network)
    ? "in process, without a network"
    : networks.every((network) => network)
    ? "over a network"
    : "some stores in process, some over a network";
  const counts = joinWords(clients.map(formatCount), "or");
  const loops = unknown
    ? "number of clients not known"
    : clients.length === 0
    ? "no benchmark was planned"
    : result.imported !== undefined
    ? `${counts} clients`
    : `${loopWords(result)} of ${counts} ${counts === "1" ? "client" : "clients"}`;
  return `${where}; ${loops}`;
}

/** What the clients of a result's benchmarks did, as the beginning of a phrase. */
function loopWords({ benchmarks }: Result): string {
  const paces = benchmarks.flatMap(({ workload: { load } }) =>
    load?.groups.filter(({ counted }) => counted).map(({ pace }) => pace.loop === "open") ?? [false]
  );
  if (paces.every((open) => !open)) return "a closed loop";
  return paces.every((open) => open) ? "schedules" : "closed loops and schedules";
}

/** The machine in one line. */
function machine({ cpu, memoryBytes, os, kernel, arch }: EnvironmentRecord): string {
  const processors = cpu.logical === null
    ? "number of processors not known"
    : plural(cpu.logical, "logical processor");
  const model = cpu.model ?? "processor not known";
  return [
    `${model} (${processors}, ${arch ?? "architecture not known"})`,
    memoryBytes === null ? "memory not known" : `${formatBytes(memoryBytes)} of memory`,
    `${os ?? "operating system not known"}, kernel ${kernel ?? "not known"}`,
  ].join("; ");
}

/** Names as code, with commas between them. */
function listed(names: readonly string[]): Extract<Words, unknown[]> {
  if (names.length === 0) return ["none"];
  return names.flatMap((name, index) => index === 0 ? [code(name)] : [", ", code(name)]);
}
