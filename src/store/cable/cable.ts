/** An emulated cable between machines that are namespaces of this one. */
import { TextLineStream } from "@std/streams/text-line-stream";
import { hasEnded, kill, lastText, outputWithin } from "../../child/mod.ts";
import { listKernelFolder, readKernelFile } from "../../native/mod.ts";
import { findProgram } from "../find_program.ts";
import type { CableSpec } from "./delay_line.ts";
import { netemArguments } from "./netem.ts";
import type { CableArguments, CableReady } from "./process.ts";

/** What delays the frames: a queue of our own, or the kernel's. */
export type CableKind = "delay queue" | "netem";

/** A cable that is laid. */
export interface Cable {
  kind: CableKind;
  /** Where the machines are reached. */
  addresses: readonly string[];
  /**
   * A command as it runs on a machine.
   *
   * @param command A program's path and its arguments.
   */
  on(machine: number, command: readonly string[]): string[];
  /** Takes it away, and waits. */
  end(): Promise<void>;
}

/** A cable cannot be laid. The message is a reason, as the end of a sentence. */
export class CableError extends Error {
  override name = "CableError";
}

/** What it takes, of util-linux: to enter a namespace, to end with a process, to try something. */
const PROGRAMS = ["nsenter", "setpriv", "unshare"] as const;
/** What makes tap devices. */
const [DEVICES, DEVICE] = ["/dev/net", "tun"];
/** The capabilities of networks and of namespaces, as bits of `CapEff` (linux/capability.h). */
const [CAP_NET_ADMIN, CAP_SYS_ADMIN] = [12n, 21n];
/** How long a program may take that answers at once, s. */
const PATIENCE_S = 10;

/** What is missing here for a cable, as a sentence; `undefined` where nothing. */
export function missingCable(): string | undefined {
  if (Deno.build.os !== "linux") return "A cable is emulated on Linux only";
  const lacking = PROGRAMS.find((name) => findProgram(name) === undefined);
  if (lacking !== undefined) {
    return `An emulated cable takes ${lacking}, which is not on this machine: install util-linux`;
  }
  const held = /^CapEff:\s*([0-9a-f]+)$/m.exec(readKernelFile("/proc/self/status") ?? "")?.[1];
  const bits = BigInt(`0x${held ?? "0"}`);
  if ([CAP_NET_ADMIN, CAP_SYS_ADMIN].some((one) => (bits >> one & 1n) === 0n)) {
    return "An emulated cable takes network namespaces and tap devices, which only root may make";
  }
  if (!listKernelFolder(DEVICES)?.includes(DEVICE)) {
    return `An emulated cable takes ${DEVICES}/${DEVICE}, which is not on this machine`;
  }
  return undefined;
}

/** The programs that laying a cable runs. */
export function cablePrograms(): string[] {
  return [...PROGRAMS.flatMap((name) => findProgram(name) ?? []), Deno.execPath()];
}

/**
 * Lays a cable between this machine and some others. The kernel's netem delays the frames where there
 * is one, else a queue of our own.
 *
 * @throws {CableError} Where it cannot be laid.
 */
export async function layCable(machines: number, spec: CableSpec): Promise<Cable> {
  const missing = missingCable();
  if (missing !== undefined) throw new CableError(missing);
  const netem = await kernelsOwn(spec);
  const child = startProcess({ ...(netem === undefined ? spec : NOTHING), machines });
  const words = lastText(child.stderr);
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream())
    .getReader();
  const end = async () => {
    kill(child);
    await child.stdin.abort().catch(() => {});
    await lines.cancel().catch(() => {});
    await hasEnded(child);
    await words;
  };
  try {
    const { value } = await lines.read();
    if (value === undefined) {
      throw new CableError((await words).trim().split("\n")[0] || "it ended without a word");
    }
    const ready: CableReady = JSON.parse(value);
    if ("error" in ready) throw new CableError(ready.error);
    const { addresses, devices } = ready;
    // This machine's own namespace first, as addresses and devices have it.
    const namespaces = ["/proc/self/ns/net", ...ready.namespaces];
    if (netem !== undefined) {
      for (const [i, device] of devices.entries()) await netem(namespaces[i]!, device);
    }
    return {
      kind: netem === undefined ? "delay queue" : "netem",
      addresses: addresses.slice(1),
      on: (machine, command) => within(namespaces[machine + 1]!, command),
      end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** A cable that does nothing to frames. */
const NOTHING: CableSpec = { delayMs: 0, jitterMs: 0, loss: 0 };

/** A command as it runs in a namespace. */
function within(namespace: string, command: readonly string[]): string[] {
  return [findProgram("nsenter")!, `--net=${namespace}`, "--", ...command];
}

function startProcess(told: CableArguments) {
  return new Deno.Command(findProgram("setpriv")!, {
    args: [
      "--pdeathsig",
      "KILL",
      "--",
      Deno.execPath(),
      "run",
      "--quiet",
      "--no-prompt",
      "--cached-only",
      "--allow-ffi",
      new URL("./process.ts", import.meta.url).href,
      JSON.stringify(told),
    ],
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/**
 * The kernel's own delay, tried in a namespace that is thrown away.
 *
 * @returns Sets it up for a device's way out; `undefined` where this kernel has none, or nothing is to
 * be done.
 */
async function kernelsOwn(
  spec: CableSpec,
): Promise<((namespace: string, device: string) => Promise<void>) | undefined> {
  const netem = netemArguments(spec);
  const tc = findProgram("tc");
  if (netem === undefined || tc === undefined) return undefined;
  const command = (device: string) => [tc, "qdisc", "add", "dev", device, "root", ...netem];
  const [unshare, ...tried] = [findProgram("unshare")!, "--net", "--", ...command("lo")];
  if (!(await outputWithin(unshare, tried, PATIENCE_S))?.success) return undefined;
  return async (namespace, device) => {
    const [program, ...args] = within(namespace, command(device));
    const ended = await outputWithin(program!, args, PATIENCE_S);
    if (ended?.success) return;
    throw new CableError(`tc refuses netem: ${ended?.err.trim().split("\n")[0] ?? "no answer"}`);
  };
}
