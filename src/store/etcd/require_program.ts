/** Whether the etcd that is started for runs is one. */
import { type Output, outputWithin } from "../../child/mod.ts";
import { failure } from "../error.ts";
import { EtcdError, requireVersion } from "./client.ts";
import { ETCD_VARIABLE, etcdProgram } from "./program.ts";

/** How long it may take to say its version, s. */
const PATIENCE_SECONDS = 10;
/** How much of what it says instead is shown, characters. */
const MOST_SHOWN = 80;

/**
 * Asks the program for its version: one that is none of etcd's would cost every run the time in which a
 * cluster may start.
 *
 * @param path What errors call the database.
 * @throws {StoreError} Where it is another program, or too old.
 */
export async function requireEtcdProgram(path: string): Promise<void> {
  const program = etcdProgram();
  const mend = `name another one by ${ETCD_VARIABLE}, or servers by --set endpoints=HOST:PORT`;
  const refuse = (reason: string) => failure("open", path, `${reason}; ${mend}`, "usage");
  if (program === undefined) throw refuse("there is no etcd on this machine");
  let said: Output | undefined;
  try {
    said = await outputWithin(program, ["--version"], PATIENCE_SECONDS);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw refuse(`${program} cannot be run (${(error as Error).message.split("\n")[0]})`);
  }
  if (said === undefined) {
    throw refuse(`${program} does not say its version within ${PATIENCE_SECONDS} s`);
  }
  const version = /^etcd Version: (\S+)/m.exec(said.out)?.[1];
  if (version === undefined) {
    const line = `${said.out}\n${said.err}`.trim().split("\n")[0]!.trim().slice(0, MOST_SHOWN);
    const instead = line === "" ? "nothing" : JSON.stringify(line);
    throw refuse(`${program} is no etcd: asked for its version, it says ${instead}`);
  }
  try {
    requireVersion(version, program);
  } catch (error) {
    if (error instanceof EtcdError) throw refuse(error.message);
    throw error;
  }
}
