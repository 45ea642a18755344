/** Writes the JSON Schemas of result, journal and analysis, out of the code that checks them. */
import { toJsonSchema } from "@valibot/to-json-schema";
import type { GenericSchema } from "valibot";
import { AnalysisShape } from "../analysis/mod.ts";
import { replaceFile } from "../disk/mod.ts";
import { JournalRecord, Result } from "../result/mod.ts";

/** Where they are published. */
export const SCHEMA_FOLDER = "reports/schema";

const SHAPES: Readonly<
  Record<string, { title: string; description: string; shape: GenericSchema }>
> = {
  result: {
    title: "Tidemark result",
    description: "What one bench measured: result.json. Fields that are not named here are kept.",
    shape: Result,
  },
  journal: {
    title: "A line of a Tidemark journal",
    description: "Each line of journal.jsonl is one of these, in the order of the measuring.",
    shape: JournalRecord,
  },
  analysis: {
    title: "Tidemark analysis",
    description: "What a result means: the field analysis of what bench --json prints.",
    shape: AnalysisShape,
  },
};

/** The files' texts by their names. */
export function schemaFiles(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(SHAPES).map(([name, { title, description, shape }]) => {
      // What valibot checks by a function of ours, JSON Schema has no word for.
      const schema = toJsonSchema(shape, { errorMode: "ignore", typeMode: "input" });
      return [
        `${name}.schema.json`,
        JSON.stringify({ title, description, ...schema }, null, 2) + "\n",
      ];
    }),
  );
}

if (import.meta.main) {
  Deno.mkdirSync(SCHEMA_FOLDER, { recursive: true });
  for (const [name, text] of Object.entries(schemaFiles())) {
    replaceFile(`${SCHEMA_FOLDER}/${name}`, text);
  }
}
