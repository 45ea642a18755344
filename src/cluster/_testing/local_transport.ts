/** Nodes for tests: folders of this machine, and commands in its own shell instead of over SSH. */
import { ClusterError } from "../error.ts";
import type { ClusterNode } from "../inventory.ts";
import { kill } from "../../child/mod.ts";
import type { Host, Link, Transport } from "../link.ts";
import type { Places } from "../places.ts";

/** A node that is a folder. */
export function localNode(name: string): ClusterNode {
  return {
    name,
    address: "127.0.0.1",
    sshPort: 22,
    mac: "52:54:00:00:00:01",
    disk: "/dev/null",
    role: "worker",
    hostKey: null,
    problem: null,
  };
}

/** Places in a folder, with the project there that these tests are of. */
export function localPlaces(folder: string): Places {
  Deno.mkdirSync(`${folder}/results`, { recursive: true });
  Deno.symlinkSync(new URL("../../..", import.meta.url).pathname, `${folder}/project`);
  return {
    project: `${folder}/project`,
    releases: `${folder}/releases`,
    results: `${folder}/results`,
    databases: `${folder}/databases`,
    lock: `${folder}/bench.lock`,
  };
}

/** Runs commands here. Faults are asked for by its fields. */
export class LocalTransport implements Transport {
  /** Why nobody can connect; `null`: anybody can. */
  down: string | null = null;
  /** Whether that mends itself no more. */
  downForGood = false;
  /** Where set, what takes the place of each command. */
  instead: ((command: string) => string) | undefined;
  /** Commands under way. */
  readonly running = new Set<Deno.ChildProcess>();
  #cut = Promise.withResolvers<string>();

  connect(node: Host): Promise<Link> {
    if (this.down !== null) {
      return Promise.reject(
        new ClusterError(`Cannot reach ${node.name}: ${this.down}`, "node", {
          lasting: this.downForGood,
        }),
      );
    }
    return Promise.resolve({
      spawn: (command) => {
        const child = new Deno.Command("bash", {
          // As with ssh, what is killed here is not what runs there, which only loses its streams; and
          // they end with it, whoever still writes.
          args: [
            "-c",
            'set -o pipefail; exec 3<&0; cat <&3 | sh -c "$1" 3<&- | cat 3<&- & ' +
            "exec >&- 2>&- 3<&-; wait $!",
            "bash",
            this.instead?.(command) ?? command,
          ],
          stdin: "piped",
          stdout: "piped",
          stderr: "piped",
        }).spawn();
        this.running.add(child);
        child.status.then(() => this.running.delete(child));
        return child;
      },
      gone: this.#cut.promise,
      close: () => Promise.resolve(),
    });
  }

  /** Ends every connection and the commands on them, as a cut cable does in the end. */
  cut(): void {
    this.#cut.resolve("the connection ended");
    this.#cut = Promise.withResolvers();
    for (const child of this.running) kill(child);
  }
}
