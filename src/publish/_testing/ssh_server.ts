/** A real sshd on the loopback interface, for tests; it lets in who runs them, with a key of its own. */
import { limited, pathOf, run as runChild } from "../../_testing/child.ts";

const PROGRAMS = ["sshd", "ssh", "ssh-keygen", "tar", "find", "id", "pkill"];

/** Why there can be none here; `undefined` where there can. */
export function missingForSsh(): string | undefined {
  if (Deno.build.os !== "linux") return "not Linux";
  const missing = PROGRAMS.filter((program) => pathOf(program) === undefined);
  return missing.length === 0 ? undefined : `${missing.join(", ")} not on the PATH`;
}

/** The server. Dispose of it, whatever happened. */
export class SshServer implements AsyncDisposable {
  /** Its files, and room for what is sent to it. */
  readonly folder = Deno.makeTempDirSync({ prefix: "tidemark-sshd-" });
  /** The private key that it lets in. */
  readonly identity = `${this.folder}/operator`;
  /** ssh's configuration, which knows its host key. */
  readonly config = `${this.folder}/ssh_config`;
  port = 0;
  /** The user to log in as. */
  user = "";
  #process: Deno.ChildProcess | undefined;

  static async start(): Promise<SshServer> {
    const server = new SshServer();
    try {
      await server.#start();
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw error;
    }
    return server;
  }

  /** Ends the connections that are open, as a cut cable does in the end. */
  async cut(): Promise<void> {
    const { pid } = this.#process!;
    await runChild("pkill", ["-KILL", "-P", String(pid)]);
  }

  async #start(): Promise<void> {
    const { folder } = this;
    for (const name of ["operator", "host"]) {
      await run(
        "ssh-keygen",
        "-q",
        "-t",
        "ed25519",
        "-N",
        "",
        "-C",
        "test",
        "-f",
        `${folder}/${name}`,
      );
    }
    this.user = await run("id", "--user", "--name");
    if (Deno.uid() === 0) Deno.mkdirSync("/run/sshd", { recursive: true });
    const probe = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.port = probe.addr.port;
    probe.close();
    Deno.writeTextFileSync(
      `${folder}/sshd_config`,
      [
        `ListenAddress 127.0.0.1:${this.port}`,
        `HostKey ${folder}/host`,
        `AuthorizedKeysFile ${folder}/operator.pub`,
        // The folder of temporary files is everybody's.
        "StrictModes no",
        "PasswordAuthentication no",
        "UsePAM no",
        "PermitRootLogin prohibit-password",
        `PidFile ${folder}/pid`,
        "",
      ].join("\n"),
    );
    const hostKey = Deno.readTextFileSync(`${folder}/host.pub`).trim();
    Deno.writeTextFileSync(`${folder}/known`, `[127.0.0.1]:${this.port} ${hostKey}\n`);
    Deno.writeTextFileSync(
      this.config,
      `UserKnownHostsFile ${folder}/known\nGlobalKnownHostsFile /dev/null\n`,
    );
    const sshd = new Deno.Command(pathOf("sshd")!, {
      args: ["-D", "-e", "-f", `${folder}/sshd_config`],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    this.#process = limited(sshd, 600);
    for (let tries = 0; tries < 300; tries++) {
      try {
        (await Deno.connect({ hostname: "127.0.0.1", port: this.port })).close();
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
    throw new Error("sshd does not listen");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process !== undefined) {
      try {
        this.#process.kill("SIGTERM");
      } catch {
        // It has ended by itself.
      }
      await this.#process.status;
    }
    Deno.removeSync(this.folder, { recursive: true });
  }
}

async function run(program: string, ...args: string[]): Promise<string> {
  const { code, out, err } = await runChild(program, args);
  if (code !== 0) throw new Error(`${program}: ${err}`);
  return out.trim();
}
