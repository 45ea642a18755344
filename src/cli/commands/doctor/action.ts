/** `doctor`: what makes this machine unfit to measure on. */
import { collectEnvironment, examine, PressureMeter } from "../../../environment/mod.ts";
import { isFolder, isTaken } from "../../../disk/mod.ts";
import { dim, yellow } from "../../../format/mod.ts";
import { StoreError, type StoreKind, STORES } from "../../../store/mod.ts";
import type { Call } from "../../call.ts";
import { EXIT } from "../../exit_code.ts";
import { UsageError } from "../../usage_error.ts";
import type { DoctorFlags } from "./command.ts";
import { engineLines, engineState } from "./engine.ts";

/** How long the machine is watched for what others do on it, ms. */
const WATCH_MS = 1000;

/** Runs the command. */
export async function runDoctor(flags: DoctorFlags, { streams }: Call): Promise<number> {
  const { data: path } = flags;
  if (path !== undefined && isTaken(path) && !isFolder(path)) {
    throw new UsageError(`Cannot examine ${path}: it leads to no folder; name one, or a new one`);
  }
  const environment = collectEnvironment(path);
  const meter = new PressureMeter();
  meter.start();
  await new Promise((resolve) => setTimeout(resolve, WATCH_MS));
  const findings = examine(environment, meter.stop(0));
  const stores = STORES.map((store) => ({ name: store.name, missing: missingFor(store) }));
  const engine = engineState();
  if (flags.json) {
    streams.out(JSON.stringify({ environment, findings, stores, engine }, null, 2) + "\n");
    return EXIT.fine;
  }
  const { cpu, kernel, data } = environment;
  streams.out(
    `${cpu.model ?? "unknown processor"}, ${cpu.logical} logical processors, kernel ${kernel}, ` +
      `data on ${data.filesystem ?? "an unknown file system"}\n`,
  );
  for (const { name, missing } of stores) {
    streams.out(`store ${name}: ${missing ?? "can be measured"}\n`);
  }
  for (const line of engineLines(engine)) streams.out(`${line}\n`);
  for (const { severity, text, why, mend } of findings) {
    const mark = severity === "warn" ? yellow("warn") : dim("info");
    streams.out(`\n${mark}  ${text}\n      ${why}\n      Mend: ${mend}\n`);
  }
  const warnings = findings.filter((finding) => finding.severity === "warn").length;
  streams.out(`\nWarnings: ${warnings}, notes: ${findings.length - warnings}\n`);
  return EXIT.fine;
}

/** Why a store cannot be opened on this machine, a library that is there and unfit included. */
function missingFor(store: StoreKind): string | null {
  try {
    store.require({});
    return null;
  } catch (error) {
    if (error instanceof StoreError) return error.message;
    throw error;
  }
}
