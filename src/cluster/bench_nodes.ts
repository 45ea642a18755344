/** A bench on several nodes at once: each by itself, with a row that says how it went. */
import { JOURNAL_FILE } from "../disk/mod.ts";
import { isFileRelease } from "../engine/mod.ts";
import { printable } from "../format/mod.ts";
import { benchResult, type Result, ResultError, saveBenchResult } from "../result/mod.ts";
import { clockOffset, clockWarning, isOff } from "./clock.ts";
import { type Outcome, talk } from "./conversation.ts";
import { ClusterError } from "./error.ts";
import type { ClusterNode } from "./inventory.ts";
import { JournalCopy } from "./journal_copy.ts";
import type { Link, Transport } from "./link.ts";
import type { Places } from "./places.ts";
import { type NodeRow, type NodesSession, writeSession } from "./session.ts";
import { askDoctor } from "./status.ts";
import { type EngineSupply, giveEngines } from "./supply.ts";

/** What a bench over nodes needs. */
export interface BenchNodesOptions {
  transport: Transport;
  places: Places;
  /** The session's directory here. */
  directory: string;
  /** How long a node may be silent before it counts as lost, s. */
  patienceSeconds: number;
  /** How long to try to get a lost node back, s. */
  reconnectSeconds: number;
  signal: AbortSignal;
  /** Finds the engines that a node needs; they are sent before its bench. @default none is sent */
  supply?: EngineSupply | undefined;
  /** A line of a node's bench. */
  onOutput?: (node: string, text: string) => void;
  /** A row has changed. */
  onRow?: (row: NodeRow) => void;
}

/** How long a node's doctor may take at the least, s: it is started, and watches for a second. */
const DOCTOR_SECONDS = 60;
/** How long a library may take to a node, s: some 15 MB over a slow line. */
const SUPPLY_SECONDS = 600;

/** A new session's row. */
export function waitingRow(node: string): NodeRow {
  return { node, state: "waiting", message: "", runs: null, reconnects: 0, clock: null };
}

/**
 * Benches the nodes of a session, all at once. Nothing that one of them does stops the others; what
 * was measured before a node was lost is in its journal here.
 *
 * @throws {ClusterError} Where nothing can be written here.
 */
export async function benchNodes(
  session: NodesSession,
  nodes: readonly ClusterNode[],
  options: BenchNodesOptions,
): Promise<void> {
  const { directory, onRow } = options;
  const changed = (row: NodeRow, change: Partial<NodeRow>) => {
    Object.assign(row, change);
    writeSession(directory, session);
    onRow?.(row);
  };
  writeSession(directory, session);
  await Promise.all(nodes.map(async (node) => {
    const row = session.rows.find((each) => each.node === node.name);
    if (row === undefined) throw new TypeError(`The session has no row for ${node.name}`);
    await new NodeBench(session, node, row, options, (change) => changed(row, change)).run();
  }));
  session.endedAt = new Date().toISOString();
  writeSession(directory, session);
}

/** The bench of one node. */
class NodeBench {
  readonly #node: ClusterNode;
  readonly #row: NodeRow;
  readonly #options: BenchNodesOptions;
  readonly #change: (change: Partial<NodeRow>) => void;
  readonly #folder: string;
  readonly #journal: JournalCopy;
  readonly #remote: { directory: string; data: string; args: string[]; plugins: string[] };
  /** The last line that its bench printed, and the last error. */
  #printed = "";
  #complaint = "";
  /** Whether it was given what it measures with. */
  #supplied = false;

  constructor(
    session: NodesSession,
    node: ClusterNode,
    row: NodeRow,
    options: BenchNodesOptions,
    change: (change: Partial<NodeRow>) => void,
  ) {
    this.#node = node;
    this.#row = row;
    this.#options = options;
    this.#change = change;
    this.#folder = `${options.directory}/${node.name}`;
    Deno.mkdirSync(this.#folder, { recursive: true });
    this.#journal = new JournalCopy(`${this.#folder}/${JOURNAL_FILE}`);
    const { results, databases } = options.places;
    this.#remote = {
      directory: `${results}/${session.id}`,
      data: `${databases}/${session.id}`,
      args: session.args,
      plugins: pluginsIn(session.args),
    };
  }

  async run(): Promise<void> {
    const { signal } = this.#options;
    let link: Link;
    try {
      link = await this.#options.transport.connect(this.#node, signal);
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      const state = signal.aborted
        ? "incomplete"
        : error.kind === "usage"
        ? "refused"
        : "unreachable";
      return this.#change({ state, message: error.message });
    }
    const clock = await clockOffset(link, this.#options.patienceSeconds);
    const warning = clock !== null && isOff(clock) ? clockWarning(clock) : "";
    this.#change({ state: "measuring", clock: clock && { ...clock }, message: warning });
    // A session whose controller was killed has begun there already.
    let outcome = await this.#talk(link, this.#journal.size > 0);
    // What counts is time without progress: a node that is back and measures nothing is no nearer.
    let had = this.#journal.size;
    let until = this.#patientUntil();
    while (outcome.kind === "lost" && !signal.aborted) {
      if (this.#journal.size > had) {
        had = this.#journal.size;
        until = this.#patientUntil();
      }
      this.#change({ state: "lost", message: outcome.message, runs: this.#runs() });
      const again = await this.#reconnect(until);
      if (again === undefined) break;
      if (again instanceof ClusterError) {
        outcome = { kind: "faulty", message: again.message };
        break;
      }
      this.#change({
        state: "measuring",
        message: "it was cut off and is back",
        reconnects: this.#row.reconnects + 1,
      });
      // What it measured until it noticed, and whether its bench had begun at all.
      const missed = await this.#fetch(again);
      outcome = missed ?? await this.#talk(again, this.#journal.size > 0);
    }
    this.#conclude(outcome, warning);
  }

  /** One talk; the link is closed at its end. */
  async #talk(link: Link, resume: boolean): Promise<Outcome> {
    const { places, patienceSeconds, signal, onOutput } = this.#options;
    const { directory, data, args, plugins } = this.#remote;
    try {
      const unsupplied = await this.#supply(link);
      if (unsupplied !== undefined) return unsupplied;
      for (;;) {
        const outcome = await talk(link, places, {
          kind: "bench",
          args: resume
            ? ["--resume", directory, "--data", data, ...plugins]
            : [...args, "--out", directory, "--data", data],
          directory,
          lock: places.lock,
          offset: this.#journal.size,
          leaseSeconds: patienceSeconds,
        }, {
          journal: this.#journal,
          patienceSeconds,
          signal,
          onOutput: (text) => {
            if (text.trim() !== "") this.#printed = text.trim();
            if (text.startsWith("error: ")) this.#complaint = text.slice("error: ".length).trim();
            onOutput?.(this.#node.name, text);
          },
        });
        // After a cut the node's own agent may need as long as we did to notice it.
        if (!resume || outcome.kind !== "refused" || !outcome.busy || signal.aborted) {
          return outcome;
        }
        await pause(1000, signal);
      }
    } finally {
      await link.close();
    }
  }

  /** Gives the node what it measures with. @returns Why it has it not. */
  async #supply(link: Link): Promise<Outcome | undefined> {
    const { places, patienceSeconds, signal, supply, onOutput } = this.#options;
    if (supply === undefined || this.#supplied) return undefined;
    const { report } = await askDoctor(link, places, Math.max(patienceSeconds, DOCTOR_SECONDS));
    // Why it could not be asked keeps its agent from its work as well, whose words are plainer.
    if (report === null) return undefined;
    try {
      const options = { seconds: SUPPLY_SECONDS, signal };
      const { sent, note } = await giveEngines(link, places, report.engine, supply, options);
      this.#supplied = true;
      const said = [note ?? [], sent.length > 0 ? `was given ${sent.join(", ")}` : []].flat();
      for (const line of said) onOutput?.(this.#node.name, line);
      return undefined;
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      const { message, lasting } = error;
      return lasting ? { kind: "refused", message, busy: false } : { kind: "lost", message };
    }
  }

  /** Fetches what the node measured while nobody listened. */
  async #fetch(link: Link): Promise<Outcome | undefined> {
    const { places, patienceSeconds, signal } = this.#options;
    const { directory } = this.#remote;
    const request = { kind: "fetch", directory, offset: this.#journal.size } as const;
    const options = { journal: this.#journal, patienceSeconds, signal };
    const outcome = await talk(link, places, request, options);
    if (outcome.kind === "ended") return undefined;
    await link.close();
    return outcome;
  }

  /** When a node that makes no progress is given up, ms. */
  #patientUntil(): number {
    return performance.now() + this.#options.reconnectSeconds * 1000;
  }

  /**
   * @param until When to give up, ms.
   * @returns `undefined` where it did not answer in time; why, where it will not either later.
   */
  async #reconnect(until: number): Promise<Link | ClusterError | undefined> {
    const { transport, signal } = this.#options;
    while (performance.now() < until && !signal.aborted) {
      await pause(1000, signal);
      try {
        return await transport.connect(this.#node, signal);
      } catch (error) {
        if (!(error instanceof ClusterError)) throw error;
        if (error.lasting) return error;
      }
    }
    return undefined;
  }

  #conclude(outcome: Outcome, warning: string): void {
    const { signal } = this.#options;
    const result = saveCopied(this.#folder);
    const runs = result === null ? null : countRuns(result);
    const join = (message: string) => [message, warning].filter(Boolean).join("; ");
    if (outcome.kind === "refused") {
      // After a cut some of it was measured, and is here.
      const cut = this.#row.reconnects > 0 && this.#journal.size > 0;
      const state = cut ? "incomplete" : "refused";
      return this.#change({ state, message: join(outcome.message), runs });
    }
    if (outcome.kind === "faulty" || (outcome.kind === "lost" && !signal.aborted)) {
      return this.#change({ state: "lost", message: join(outcome.message), runs });
    }
    const unreadable = this.#journal.size > 0 ? copyProblem(this.#folder) : null;
    if (unreadable !== null) {
      const message = join(`what it sent cannot be used: ${unreadable}`);
      return this.#change({ state: "lost", message, runs });
    }
    if (result?.complete) {
      return this.#change({ state: "measured", message: join(this.#cuts(result)), runs });
    }
    if (result === null && outcome.kind === "ended" && !signal.aborted) {
      const message = this.#printed || `its bench ended with ${outcome.code} before it began`;
      return this.#change({ state: "refused", message: join(message), runs });
    }
    const message = signal.aborted
      ? "interrupted"
      : outcome.kind === "ended" && outcome.stopped !== null
      ? `its bench was ended: ${outcome.stopped}`
      : `${runs === null ? "all runs" : missingInWords(runs)} did not end${this.#why(result)}`;
    this.#change({ state: "incomplete", message: join(message), runs });
  }

  /** What kept runs from their end, as the first of them says, or else the bench itself. */
  #why(result: Result | null): string {
    const failed = result?.runs.find((run) => run.state === "failed" && !run.superseded);
    const said = (failed?.error ?? this.#complaint).split("\n")[0]!.slice(0, 300);
    return said && `: ${said}`;
  }

  /** How a complete bench came through its cuts; one may have gone on by itself. */
  #cuts({ sessions = [] }: Result): string {
    const { reconnects } = this.#row;
    if (reconnects === 0) return "";
    const often = reconnects === 1 ? "once" : `${reconnects} times`;
    return `cut off ${often}, ${sessions.length > 0 ? "resumed" : "and done when it was back"}`;
  }

  #runs(): NodeRow["runs"] {
    const result = saveCopied(this.#folder);
    return result === null ? null : countRuns(result);
  }
}

/**
 * Saves the result of the journal that was copied into a node's folder.
 *
 * @returns `null` where nothing came, or nothing that is a journal.
 */
export function saveCopied(folder: string): Result | null {
  try {
    return saveBenchResult(folder);
  } catch (error) {
    if (error instanceof ResultError) return null;
    throw error;
  }
}

/** Why the journal that was copied into a node's folder makes no result; `null` where it does. */
function copyProblem(folder: string): string | null {
  try {
    benchResult(folder);
    return null;
  } catch (error) {
    if (error instanceof ResultError) return printable(error.message);
    throw error;
  }
}

/** Runs that ended, and that were planned. */
export function countRuns(result: Result): { ended: number; planned: number } {
  const planned = result.benchmarks.reduce(
    (sum, benchmark) => sum + (benchmark.runs ?? result.profile.runs),
    0,
  );
  const ended = result.runs.filter((run) => run.state === "ended" && !run.superseded).length;
  return { ended, planned };
}

/** How many runs have not ended, in words. */
export function missingInWords({ ended, planned }: { ended: number; planned: number }): string {
  return planned - ended === 1 ? "1 run" : `${planned - ended} runs`;
}

/** What names a bench's plug-ins again: no result says what is loaded. */
function pluginsIn(args: readonly string[]): string[] {
  const at = args.indexOf("--store");
  const stores = at < 0 ? [] : args[at + 1]!.split(",");
  const plugins = stores.filter((store) => isFileRelease(store.split("=").at(-1)!));
  return plugins.length === 0 ? [] : ["--store", plugins.join(",")];
}

/** Waits, or until the signal. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
