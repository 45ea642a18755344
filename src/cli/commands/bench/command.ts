/** `bench` as it is called. */
import { Command, Option } from "commander";
import { parseBytes, parseDuration } from "../../../format/mod.ts";
import { DEFAULT_PROFILE } from "../../../suite/mod.ts";
import type { RequestFlags } from "../../bench_request.ts";
import type { Call } from "../../call.ts";
import { type GateFlags, gateOptions } from "../../options/gate.ts";
import { type LoadFlags, loadOptions } from "../../options/load.ts";
import { measuringOptions, profileOption } from "../../options/measuring.ts";
import { type UntilSureFlags, untilSureOptions } from "../../options/until_sure.ts";
import { addOptions, choice, list, wrongValue } from "../../options/values.ts";
import { DEFAULT_SUITE } from "../../suites.ts";

/** The options of `bench`. */
export interface BenchFlags extends GateFlags, LoadFlags, RequestFlags, UntilSureFlags {
  save?: string;
  against?: string;
  interleave?: string[];
  offline?: boolean;
  resume?: string | true;
  count?: boolean;
  findRate?: boolean;
  /** Bound of the response's p99 of a search, ns. */
  mostP99?: number;
  /** Bound of a run's memory, bytes. */
  memoryLimit?: number;
  cold?: boolean;
  list?: boolean;
  json?: boolean;
  verbose?: boolean;
}

/** A process of ours and the threads of its clients take some 100 MiB. */
const LEAST_MEMORY = 128 * 1024 * 1024;

/** Declares `bench`. */
export function benchCommand(call: Call): Command {
  const command = new Command("bench")
    .description("measure a suite and write its report (the main job)")
    .argument("[suite...]", `suites by name, or files that define one (default: ${DEFAULT_SUITE})`)
    .addHelpText("after", HELP)
    .action(async (suites: string[], flags: BenchFlags) => {
      const { runBench } = await import("./action.ts");
      call.ended(await runBench(suites, flags, call));
    });
  return addOptions(command, options());
}

function options(): Option[] {
  // It has no default value: an interrupted bench has to know whether one was given.
  const profile = profileOption();
  profile.description += `, ${DEFAULT_PROFILE} if not given`;
  return [
    ...measuringOptions(profile),
    ...loadOptions(),
    choice("--sampling <mode>", "iterations of the samples", "sampling", ["flat", "linear"]),
    new Option("--out <dir>", "directory for journal, result and report: new or empty"),
    new Option("--data <dir>", "directory for the databases: new or empty (default: in --out)"),
    new Option("--save <name>", "keep the result as a baseline of this name"),
    new Option(
      "--against <name>",
      "compare with a saved baseline, a result.json or a bench's directory; or with an old side that " +
        "can still be run, in turns: a library's or a plug-in's file, or name=value as for --interleave",
    ),
    list(
      "--interleave <name=value>",
      "measure a second variant in turns with the first one, some milliseconds each, and compare: " +
        "store=NAME, library=FILE, a store option, or same (repeatable); a run is then a pair of " +
        "processes",
    ),
    ...gateOptions("when comparing: "),
    ...untilSureOptions(),
    new Option(
      "--count",
      "with two sides in turns: count the instructions of fixed batches beforehand, under valgrind's " +
        "callgrind",
    ),
    new Option(
      "--find-rate",
      "search the highest rate that one load is kept at, in steps; the same call with its --out goes on",
    ),
    new Option(
      "--most-p99 <time>",
      "the rate is to be kept with response p99 within this, e.g. 2ms",
    )
      .argParser((text: string) => {
        const ns = parseDuration(text);
        if (ns !== undefined && ns > 0) return ns;
        throw wrongValue("--most-p99", text, "a time such as 2ms");
      }),
    new Option(
      "--memory-limit <size>",
      "what a run's process may have with the pages of its files, by a memory cgroup, e.g. 256MiB",
    ).argParser((text: string) => {
      const bytes = parseBytes(text);
      if (bytes !== undefined && bytes >= LEAST_MEMORY) return bytes;
      throw wrongValue(
        "--memory-limit",
        text,
        "128MiB or more: the process itself takes most of that",
      );
    }),
    new Option("--cold", "begin loads with none of their files in the page cache"),
    new Option("--offline", "get no release over the network; measure with what is here"),
    new Option("--resume [dir]", "go on with an interrupted bench (default: the newest)"),
    new Option("--list", "list the suites and their benchmarks, and measure nothing")
      .conflicts("resume"),
    new Option("--json", "print the analysis as JSON on stdout"),
    new Option("--verbose", "print criterion's blocks and all notes too"),
  ];
}

const HELP = `
Examples:
  deno task bench                                   the baseline suite, three minutes
  deno task bench --profile quick                   a look, half a minute
  deno task bench --store raw --set wal=synced      RocksDB alone, every write synced
  deno task bench --store raw --set release=9.10.0,10.4.2   two releases of it, run by run
  deno task bench --filter read --runs 5            only the reads, five runs each
  deno task bench ycsb --keys 1M --clients 4        YCSB's workloads by four clients
  deno task bench --filter latency --until-sure --strict  on until every target is decided, or fail
  deno task bench rate --filter rate/5k --find-rate the highest rate that is kept
  deno task bench --profile nightly --against main  what changed since the baseline main
  deno task bench --store raw --against release=9.10.0      is it slower than that release? in turns
  deno task bench --store raw --interleave wal=off  with a log and without, in turns
  deno task bench --store raw --interleave wal=off --until-sure   the same, on until each row is decided
  deno task bench --store raw --filter read_throughput --against release=9.10.0 --count   its instructions too
  deno task bench --resume                          go on after Ctrl-C or a crash`;
