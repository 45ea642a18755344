/** The inventory: nix/cluster.nix as data, checked, with what is wrong with each node said. */
import { createHash } from "node:crypto";
import * as v from "valibot";
import { type Output, outputWithin } from "../child/mod.ts";
import { FIRST_ISSUE, issueText } from "../result/mod.ts";
import { fileReason, isFile, isNotThere, readRegularText } from "../disk/mod.ts";
import { ClusterError } from "./error.ts";

/** What has to be replaced before a node can be reached is marked by this in the file. */
const PLACEHOLDER = /REPLACE-ME/;

/** The largest cluster file that is read. */
const MOST_CLUSTER_BYTES = 4 * 1024 * 1024;

// Names and addresses become arguments, file names and host names: nothing in them may mean anything
// to a program. An address that begins with a dash would be an option of ssh.
const Name = v.pipe(
  v.string(),
  v.regex(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    "name the node by at most 63 small letters, digits and dashes, a dash neither first nor last",
  ),
);
const Address = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9][A-Za-z0-9.:-]{0,252}$/, "write a host's name or an address"),
);
const User = v.pipe(
  v.string(),
  v.regex(
    /^[a-z_][a-z0-9_-]{0,31}$/,
    "write a user's name: small letters, digits, dashes and underscores, a letter first",
  ),
);
const Mac = v.pipe(
  v.string(),
  v.regex(
    /^([0-9a-f]{2}:){5}[0-9a-f]{2}$|REPLACE-ME/,
    "write it as six pairs of digits 0-9 and a-f",
  ),
);
const Port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65535));
const Folder = v.pipe(
  v.string(),
  v.regex(
    /^(\/[A-Za-z0-9._-]+)+$/,
    "write an absolute path of letters, digits, dots, dashes and underscores",
  ),
);
const KEY = /^(ssh-|ecdsa-|sk-)[a-z0-9@.-]+ [A-Za-z0-9+/]+=*( .*)?$/;

const Entry = v.looseObject({
  address: Address,
  sshPort: Port,
  // Asked of who installs a node; one that answers on its address needs none here.
  mac: Mac,
  disk: v.string(),
  role: v.picklist(["controller", "worker"]),
  hostKey: v.nullable(v.string()),
});

const Cluster = v.looseObject({
  version: v.literal(1),
  ssh: v.looseObject({ user: User, authorizedKeys: v.array(v.string()) }),
  directories: v.looseObject({ state: Folder, data: Folder }),
  /** Releases of the engine that every node is given with a push. */
  releases: v.optional(v.array(v.pipe(v.string(), v.regex(/^[A-Za-z0-9.-]{1,60}$/)))),
  nodes: v.record(Name, Entry),
  // Of which cluster.nix a JSON file was made.
  madeOf: v.optional(v.string()),
});

/** A machine of the cluster. */
export interface ClusterNode {
  name: string;
  address: string;
  sshPort: number;
  mac: string;
  disk: string;
  role: "controller" | "worker";
  /** Its public host key; `null`: the operator's known_hosts has it. */
  hostKey: string | null;
  /** Why it cannot be used as it stands in the file, in one line; `null` where nothing speaks against it. */
  problem: string | null;
}

/** The machines, and where things lie on each of them. */
export interface Inventory {
  /** The file that it came from. */
  path: string;
  user: string;
  /** Where the project and the results lie. */
  stateDirectory: string;
  /** Where databases under test lie. */
  dataDirectory: string;
  /** Releases of the engine that every node is given with a push, whatever else is asked for. */
  releases: readonly string[];
  /** By name. */
  nodes: ClusterNode[];
  /** What the file should have and has not, beyond single nodes, each in one line. */
  warnings: string[];
}

/** Evaluates a Nix file to JSON; `undefined` where there is no Nix. */
type NixEvaluator = (path: string) => Promise<string | undefined>;

/** How long Nix may take, s: a cluster file is small, but a first call may build its store. */
const NIX_SECONDS = 120;

/**
 * Evaluates a file with `nix-instantiate`.
 *
 * @param seconds How long it may take.
 */
export const nixInstantiate = (seconds = NIX_SECONDS): NixEvaluator => async (path) => {
  let output: Output | undefined;
  try {
    const args = ["--eval", "--strict", "--json", "--", path];
    output = await outputWithin("nix-instantiate", args, seconds);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  if (output?.success) return output.out;
  // Whether it can be read at all is said in our words.
  readText(path);
  const said = output === undefined
    ? `nix-instantiate did not end within ${seconds} s; does the file loop?`
    : output.err.split("\n").find((line) => line.startsWith("error:"));
  throw new ClusterError(`Cannot evaluate ${path}: ${said ?? "nix-instantiate failed"}`, "usage");
};

/**
 * Reads the inventory.
 *
 * @param path A `.nix` file, for which its `.json` beside it is taken where there is no Nix, or a
 * `.json` file.
 * @throws {ClusterError} Where it cannot be read or is no cluster file. What is wrong with one node
 * alone is that node's `problem`: the others can be used.
 */
export async function readInventory(
  path: string,
  evaluate: NixEvaluator = nixInstantiate(),
): Promise<Inventory> {
  const evaluated = path.endsWith(".nix") ? await evaluate(path) : undefined;
  if (evaluated !== undefined) return parseInventory(evaluated, path);
  if (!path.endsWith(".nix")) return parseInventory(readText(path), path);
  const from = path.replace(/\.nix$/, ".json");
  const text = readText(from);
  const inventory = parseInventory(text, from);
  refuseStale(JSON.parse(text).madeOf, from, path);
  return inventory;
}

/**
 * A JSON file that says of which Nix file it was made is refused beside another: without Nix nobody
 * would see that a change of the one is not in the other.
 *
 * @throws {ClusterError}
 */
function refuseStale(madeOf: string | undefined, path: string, nixPath: string): void {
  if (madeOf === undefined || !isFile(nixPath)) return;
  const digest = createHash("sha256").update(readText(nixPath)).digest("hex");
  if (digest === madeOf) return;
  throw new ClusterError(
    `Cannot use the cluster file ${path}: ${nixPath} has changed since it was made; where there is ` +
      "Nix, run nix/tests/cluster-json.sh --write",
    "usage",
  );
}

function readText(path: string): string {
  try {
    return readRegularText(path, MOST_CLUSTER_BYTES);
  } catch (error) {
    const reason = isNotThere(error)
      ? "there is no such file; name one with --cluster"
      : fileReason(error);
    throw new ClusterError(`Cannot read the cluster file ${path}: ${reason}`, "usage");
  }
}

/**
 * Makes an inventory of a cluster file's JSON.
 *
 * @param path What the file is called in messages.
 * @throws {ClusterError} As {@linkcode readInventory}.
 */
export function parseInventory(json: string, path: string): Inventory {
  const wrong = (what: string) =>
    new ClusterError(`Cannot use the cluster file ${path}: ${what}`, "usage");
  let data: unknown;
  try {
    data = JSON.parse(json);
  } catch {
    throw wrong("it is not JSON; name a cluster.nix, or the JSON that Nix makes of one");
  }
  const parsed = v.safeParse(Cluster, data, FIRST_ISSUE);
  if (!parsed.success) {
    throw wrong(issueText(parsed.issues, "the file"));
  }
  const { ssh, directories, nodes, releases = [] } = parsed.output;
  const entries = Object.entries(nodes).sort(([a], [b]) => a < b ? -1 : 1);
  if (entries.length === 0) throw wrong("it has no nodes");
  const warnings: string[] = [];
  if (ssh.authorizedKeys.some((key) => PLACEHOLDER.test(key))) {
    warnings.push(
      `${path} still holds a REPLACE-ME key in ssh.authorizedKeys: no node can be installed from it`,
    );
  }
  const controllers = entries.filter(([, node]) => node.role === "controller").length;
  if (controllers !== 1) warnings.push(`${path} has ${controllers} controllers instead of one`);
  return {
    path,
    user: ssh.user,
    stateDirectory: directories.state,
    dataDirectory: directories.data,
    warnings,
    releases,
    nodes: entries.map(([name, entry]) => {
      const { address, sshPort, mac, disk, role, hostKey } = entry;
      const problem = problemOf(name, entry, entries);
      return { name, address, sshPort, mac, disk, role, hostKey, problem };
    }),
  };
}

type Entry = v.InferOutput<typeof Entry>;

/** Why a node cannot be used as it stands. Which of two with one address is meant nobody knows. */
function problemOf(name: string, entry: Entry, all: [string, Entry][]): string | null {
  const others = all.filter(([other]) => other !== name);
  const sameEndpoint = others.find(([, other]) =>
    other.address === entry.address && other.sshPort === entry.sshPort
  );
  if (PLACEHOLDER.test(entry.address)) return "its address is still REPLACE-ME";
  if (sameEndpoint) return `${sameEndpoint[0]} has the same address ${entry.address}`;
  const sameMac = others.find(([, other]) => other.mac === entry.mac);
  if (sameMac) return `${sameMac[0]} has the same MAC ${entry.mac}`;
  if (entry.hostKey === null) return null;
  if (PLACEHOLDER.test(entry.hostKey)) return "its hostKey is still REPLACE-ME";
  if (!KEY.test(entry.hostKey) || /[\r\n]/.test(entry.hostKey)) {
    return "its hostKey is no public key; copy /etc/ssh/ssh_host_ed25519_key.pub from it";
  }
  return null;
}

/**
 * The nodes of these names, in the inventory's order; all where none is named.
 *
 * @throws {ClusterError} Where there is no node of a name.
 */
export function chooseNodes(inventory: Inventory, names: readonly string[]): ClusterNode[] {
  if (names.length === 0) return inventory.nodes;
  const known = inventory.nodes.map((node) => node.name);
  for (const name of names) {
    if (!known.includes(name)) {
      throw new ClusterError(
        `Unknown node ${JSON.stringify(name)}: ${inventory.path} has ${known.join(", ")}`,
        "usage",
      );
    }
  }
  return inventory.nodes.filter((node) => names.includes(node.name));
}
