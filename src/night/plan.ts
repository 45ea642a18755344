/** What a night is, checked, and what of the program around it its stages need. */
import type { ClusterNode, EngineSupply, Inventory, SshOptions } from "../cluster/mod.ts";
import type { Target } from "../publish/mod.ts";
import type { BenchEvents, BenchRequest } from "../run/mod.ts";
import type { Night } from "./night_file.ts";

/** Measures while progress is told. */
type WithProgress = <T>(measure: (events: BenchEvents) => Promise<T>) => Promise<T>;

/** What a night is, checked. */
export interface NightPlan {
  night: Night;
  /** The directory of the nights, with their pages. */
  out: string;
  /** What is measured here; `null` with machines, and where a night is gone on with. */
  request: BenchRequest | null;
  /** Where databases are made of a night that is gone on with, if it was named in the first place. */
  dataDirectory: string | undefined;
  /** The machines that are measured; `null`: this one. */
  cluster: NightCluster | null;
  /** The history's directory. */
  history: string;
  /** How the pages are headed, and where they will be; an address ends in `/`. */
  site: { title: string; url: string | null };
  /** The file that what changed is added to as Markdown; `null`: none. */
  summary: string | null;
  targets: readonly Target[];
  /** The private key and ssh's configuration for targets over SSH. */
  publishing: { identity: string | undefined; sshConfig: string | undefined };
  /**
   * Nights and weeks of which results are kept, and how large their files may be; how many
   * publications are, in each place.
   */
  keep: { nights: number; weeks: number; mostBytes: number; pages: number };
  /** Names of the saved baselines by their results' ids. */
  baselines(): ReadonlyMap<string, string>;
  /** Tidemark's version. */
  version: string;
  /** Ends the night after the stage that is under way. */
  signal: AbortSignal;
  /** Takes whole lines for people. */
  tell(text: string): void;
  withProgress: WithProgress;
  /** The one line of an error that was foreseen; `undefined` of any other. */
  lineOf(error: unknown): string | undefined;
}

/** The machines that are meant. */
export interface NightCluster {
  inventory: Inventory;
  nodes: readonly ClusterNode[];
  /** Arguments of the bench on every node. */
  args: string[];
  /** Finds the engines that a machine needs. */
  supply: EngineSupply;
  ssh: SshOptions & { patienceSeconds: number };
  /** How long to try to get a lost node back, s. */
  reconnectSeconds: number;
}

/** What the stages have found out, for the exit code. */
export interface Found {
  /** Targets that were missed, as `benchmark metric on node`. */
  missed: string[];
  /** Targets and claims that stay open, likewise: claims by their name. */
  open: string[];
  /** Series that regressed tonight, or for good as it is known since tonight. */
  regressed: string[];
}
