/** The outputs of several processes in one file, each read by itself. */
import { Damage } from "./damage.ts";
import type { Imported } from "./imported.ts";
import type { TextFile } from "./text_file.ts";

/**
 * Reads the outputs in a file to which several processes may have written one after the other. One that
 * cannot be read costs itself.
 *
 * @param outputs Of the file, each with the line that it begins in.
 * @throws {ResultError} Where none can be read.
 */
export function eachOutput(
  file: TextFile,
  outputs: readonly TextFile[],
  parse: (output: TextFile) => Imported | Imported[],
): Imported[] {
  const [only] = outputs;
  if (outputs.length < 2) return [parse(only ?? file)].flat();
  const damage = new Damage();
  const read = outputs.flatMap((output) =>
    damage.orNull(() => parse(output), `the output of line ${output.firstLine ?? 1}`) ?? []
  );
  if (read.length === 0) throw damage.first!;
  const notes = [...damage.notes(file.name), ...processesNote(file, outputs.length)];
  return read.map((output) => ({ ...output, warnings: [...output.warnings, ...notes] }));
}

/** What is said of a file with the outputs of several processes; nothing of one with one. */
function processesNote({ name }: TextFile, outputs: number): string[] {
  return outputs === 1
    ? []
    : [`${name} has the outputs of ${outputs} processes, one after the other: each is a run.`];
}
