/** Three nodes that are network namespaces of this machine, each with a real sshd; for tests, as root. */
import assert from "node:assert/strict";
import { type Ended, limited } from "../../../src/_testing/child.ts";
import { isInstalled, run } from "./tools.ts";

/** The nodes' names. */
export const NODES = ["node01", "node02", "node03"];

const PROGRAMS = [
  "ip",
  "ss",
  "unshare",
  "nsenter",
  "sshd",
  "ssh",
  "ssh-keygen",
  "tar",
  "pkill",
  "kill",
  "ps",
];

/** Why there can be none here; `undefined` where there can. */
export async function namespacesMissing(): Promise<string | undefined> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return "not root on Linux";
  const missing = PROGRAMS.filter((program) => !isInstalled(program));
  if (missing.length > 0) return `${missing.join(", ")} not on the PATH`;
  const name = `tm${crypto.randomUUID().slice(0, 5)}-probe`;
  const { code, err } = await run("ip", ["netns", "add", name]);
  if (code !== 0) return `network namespaces cannot be made: ${err.trim()}`;
  await run("ip", ["netns", "del", name]);
  return undefined;
}

/** Nodes in namespaces, and a hub from which they are reached. Dispose of it, whatever happened. */
export class Namespaces implements AsyncDisposable {
  /** Everything on disk. */
  readonly folder = Deno.makeTempDirSync({ prefix: "tidemark-netns-" });
  /** The cluster file. */
  readonly cluster = `${this.folder}/cluster.json`;
  /** The operator's key. */
  readonly identity = `${this.folder}/operator`;
  /** Every node's cache of engines, each on its own disk. */
  readonly cache = `${this.folder}/disk/cache`;
  // Other runs on the same machine have names of their own.
  readonly #prefix = `tm${crypto.randomUUID().slice(0, 5)}`;

  /** Sets them up. */
  static async start(): Promise<Namespaces> {
    const namespaces = new Namespaces();
    try {
      await namespaces.#start();
    } catch (error) {
      await namespaces[Symbol.asyncDispose]();
      throw error;
    }
    return namespaces;
  }

  /** A node's namespace; of `hub` the controller's. */
  name(node: string): string {
    return `${this.#prefix}-${node}`;
  }

  /** A node's state directory, as this machine sees it. */
  state(node: string): string {
    return `${this.folder}/disks/${node}/state`;
  }

  async #start(): Promise<void> {
    const { folder } = this;
    Deno.mkdirSync("/run/sshd", { recursive: true });
    for (const name of ["bin", "disk", "keys"]) Deno.mkdirSync(`${folder}/${name}`);
    Deno.symlinkSync(Deno.execPath(), `${folder}/bin/deno`);
    await this.#key(this.identity);
    const hub = this.name("hub");
    await ip("netns", "add", hub);
    await ip("-n", hub, "link", "set", "lo", "up");
    await ip("-n", hub, "link", "add", "br0", "type", "bridge");
    await ip("-n", hub, "addr", "add", "10.77.0.1/24", "dev", "br0");
    await ip("-n", hub, "link", "set", "br0", "up");
    const nodes: Record<string, unknown> = {};
    for (const [i, node] of NODES.entries()) nodes[node] = await this.#startNode(node, i + 1);
    this.writeCluster(nodes);
    for (const node of NODES) await this.#answers(node);
  }

  async #startNode(node: string, number: number): Promise<unknown> {
    const { folder } = this;
    const name = this.name(node);
    const address = `10.77.0.1${number}`;
    Deno.mkdirSync(this.state(node), { recursive: true });
    await ip("netns", "add", name);
    await ip("-n", name, "link", "set", "lo", "up");
    const port = `${this.#prefix}v${number}`;
    await ip(
      "link",
      "add",
      port,
      "netns",
      this.name("hub"),
      "type",
      "veth",
      "peer",
      "name",
      "eth0",
      "netns",
      name,
    );
    await ip("-n", this.name("hub"), "link", "set", port, "master", "br0", "up");
    await ip("-n", name, "addr", "add", `${address}/24`, "dev", "eth0");
    await ip("-n", name, "link", "set", "eth0", "up");
    await this.#key(`${folder}/keys/${node}`);
    Deno.writeTextFileSync(
      `${folder}/keys/${node}.conf`,
      [
        `ListenAddress ${address}`,
        `HostKey ${folder}/keys/${node}`,
        `AuthorizedKeysFile ${this.identity}.pub`,
        // The folder of temporary files is everybody's.
        "StrictModes no",
        "PasswordAuthentication no",
        "UsePAM no",
        "PermitRootLogin prohibit-password",
        `PidFile ${folder}/keys/${node}.pid`,
        // No cache of this machine's: what a node needs is pushed to it.
        `SetEnv PATH=${folder}/bin:${Deno.env.get("PATH")} DENO_DIR=${folder}/disk/deno ` +
        `TIDEMARK_CACHE=${this.cache}`,
        "",
      ].join("\n"),
    );
    // A disk of its own at the path that all nodes have it at.
    const script =
      `mount --make-rprivate / && mount --bind "$1/disks/$2" "$1/disk" && hostname "$2" &&
      exec /usr/sbin/sshd -D -e -f "$1/keys/$2.conf" 2>"$1/keys/$2.log"`;
    new Deno.Command("ip", {
      args: [
        "netns",
        "exec",
        name,
        "unshare",
        "--mount",
        "--uts",
        "sh",
        "-c",
        script,
        "sh",
        folder,
        node,
      ],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn().unref();
    const hostKey = Deno.readTextFileSync(`${folder}/keys/${node}.pub`).trim();
    return {
      address,
      sshPort: 22,
      mac: `52:54:00:77:00:0${number}`,
      disk: "/dev/vda",
      role: number === 1 ? "controller" : "worker",
      hostKey,
    };
  }

  /** Writes the cluster file. */
  writeCluster(nodes: Record<string, unknown>, path: string = this.cluster): void {
    const authorizedKeys = [Deno.readTextFileSync(`${this.identity}.pub`).trim()];
    Deno.writeTextFileSync(
      path,
      JSON.stringify({
        version: 1,
        ssh: { user: "root", authorizedKeys },
        directories: { state: `${this.folder}/disk/state`, data: `${this.folder}/disk/data` },
        nodes,
      }),
    );
  }

  async #key(path: string): Promise<void> {
    const { code, err } = await run("ssh-keygen", [
      "-q",
      "-t",
      "ed25519",
      "-N",
      "",
      "-C",
      "test",
      "-f",
      path,
    ]);
    assert.equal(code, 0, err);
  }

  /** Waits until a node's sshd listens. */
  async #answers(node: string): Promise<void> {
    for (let tries = 0; tries < 100; tries++) {
      const { out } = await run("ip", [
        "netns",
        "exec",
        this.name(node),
        "ss",
        "-Hltn",
        "sport = :22",
      ]);
      if (out !== "") return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const log = Deno.readTextFileSync(`${this.folder}/keys/${node}.log`);
    throw new Error(`sshd on ${node} does not listen: ${log}`);
  }

  /** Starts `deno task nodes …`, or another task, in the hub. */
  controller(
    args: readonly string[],
    { cluster = this.cluster, task = "nodes" }: { cluster?: string; task?: string } = {},
  ): Deno.ChildProcess {
    const child = new Deno.Command("ip", {
      args: [
        "netns",
        "exec",
        this.name("hub"),
        Deno.execPath(),
        "task",
        "--quiet",
        task,
        ...args,
        ...["--cluster", cluster, "--identity", this.identity, "--ssh-config", "/dev/null"],
      ],
      cwd: new URL("../../..", import.meta.url).pathname,
      // What a killed controller leaves here goes with the rest.
      env: { TMPDIR: this.folder },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      detached: true,
    }).spawn();
    return limited(child, 600);
  }

  /** Ctrl-C, as a terminal does it: to the controller and every process of its group. */
  async interrupt(controller: Deno.ChildProcess): Promise<void> {
    await run("kill", ["-INT", "--", `-${controller.pid}`]);
  }

  /** The commands that run on a node, its sshd apart. */
  async running(node: string): Promise<string[]> {
    const { out } = await run("ip", ["netns", "pids", this.name(node)]);
    const pids = out.split("\n").filter(Boolean);
    if (pids.length === 0) return [];
    const { out: commands } = await run("ps", ["-o", "args=", "-p", pids.join(",")]);
    return commands.split("\n").filter((line) => line !== "" && !/sshd/.test(line));
  }

  /** Whether no command runs on a node. */
  async isIdle(node: string): Promise<boolean> {
    return (await this.running(node)).length === 0;
  }

  /**
   * Holds up what measures on a node, or lets it go on; its agent and its bench stay awake.
   *
   * @returns Whether there was something; between two runs there is nothing.
   */
  async signalRuns(node: string, signal: "STOP" | "CONT"): Promise<boolean> {
    const { out } = await run("ip", ["netns", "pids", this.name(node)]);
    const pids = out.split("\n").filter(Boolean);
    const { out: commands } = await run("ps", ["-o", "pid=", "-o", "args=", "-p", pids.join(",")]);
    const runs = commands.split("\n").filter((line) => line.includes("/src/run/child.ts"))
      .map((line) => line.trim().split(" ")[0]!);
    return runs.length > 0 && (await run("kill", [`-${signal}`, ...runs])).code === 0;
  }

  /** Makes a folder of a node a small disk, until it is given back: by default that for databases. */
  async fillDisk(node: string, folder = `${this.folder}/disk/data`): Promise<AsyncDisposable> {
    await this.inside(node, "mkdir", "-p", folder);
    const mount = ["mount", "-t", "tmpfs", "-o", "size=128k", "none", folder];
    const { code, err } = await this.inside(node, ...mount);
    assert.equal(code, 0, err);
    return {
      [Symbol.asyncDispose]: async () => {
        await this.inside(node, "umount", folder);
      },
    };
  }

  /** Runs a command among a node's files. */
  async inside(node: string, ...command: string[]): Promise<Ended> {
    const [sshd] = (await run("ip", ["netns", "pids", this.name(node)])).out.split("\n");
    return await run("nsenter", ["-t", sshd!, "-m", ...command]);
  }

  /**
   * Takes the installed librocksdb from a node, as if there were none.
   *
   * @returns Whether that could be done: the kernel may have no overlays.
   */
  async hideLibrary(node: string): Promise<boolean> {
    const over = `${this.folder}/disk/over`;
    const script =
      `mkdir -p "$1" && mount -t tmpfs none "$1" && mkdir "$1/upper" "$1/work" || exit 1
      for lib in /usr/lib/*-linux-gnu /usr/lib64 /usr/lib /usr/local/lib; do
        ls "$lib"/librocksdb.so* >/dev/null 2>&1 || continue
        mkdir "$1/upper$lib" -p "$1/work$lib"
        mount -t overlay overlay -o "lowerdir=$lib,upperdir=$1/upper$lib,workdir=$1/work$lib" \
          "$lib" && rm -f "$lib"/librocksdb.so* || exit 1
      done`;
    return (await this.inside(node, "sh", "-c", script, "sh", over)).code === 0;
  }

  /** Takes a node's power. */
  async powerOff(node: string): Promise<void> {
    await this.unplug(node);
    const { out } = await run("ip", ["netns", "pids", this.name(node)]);
    await run("kill", ["-KILL", ...out.split("\n").filter(Boolean)]);
  }

  /** Pulls a node's cable. */
  async unplug(node: string): Promise<void> {
    await ip("-n", this.name(node), "link", "set", "eth0", "down");
  }

  /** Puts it in again. */
  async plugIn(node: string): Promise<void> {
    await ip("-n", this.name(node), "link", "set", "eth0", "up");
  }

  /** Ends every process in them, and removes them and everything on disk. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const node of [...NODES, "hub"]) {
      const name = this.name(node);
      for (let tries = 0; tries < 50; tries++) {
        const pids = (await run("ip", ["netns", "pids", name])).out.split("\n").filter(Boolean);
        if (pids.length === 0) break;
        await run("kill", ["-KILL", ...pids]);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      await run("ip", ["netns", "del", name]);
    }
    Deno.removeSync(this.folder, { recursive: true });
  }
}

async function ip(...args: string[]): Promise<void> {
  const { code, err } = await run("ip", args);
  if (code !== 0) throw new Error(`ip ${args.join(" ")}: ${err}`);
}

/** The default release and another pinned one, as far as they are kept here: nodes have no network. */
export async function keptReleases(): Promise<
  { usual?: string | undefined; other?: string | undefined }
> {
  const { code, out } = await run(Deno.execPath(), ["task", "--quiet", "engine", "list", "--json"]);
  if (code !== 0) return {};
  const { machine, releases } = JSON.parse(out) as {
    machine: string;
    releases: { release: string; default: boolean; pinned: boolean; kept: string[] }[];
  };
  const kept = releases.filter(({ pinned, kept }) => pinned && kept.includes(machine));
  const named = (isDefault: boolean) => kept.find((one) => one.default === isDefault)?.release;
  return { usual: named(true), other: named(false) };
}
