/**
 * What YCSB's JSON exporters print (`-p exporter=…JSONMeasurementsExporter`, an object a figure, or
 * `…JSONArrayMeasurementsExporter`, a list of them), as the lines of its text exporter:
 *
 * ```json
 * {"metric":"READ","measurement":"AverageLatency(us)","value":1657.34}
 * ```
 */
import type { TextFile } from "./text_file.ts";

/** A figure, as Jackson writes its fields in their order. */
const FIGURE =
  /\{\s*"metric"\s*:\s*"([^"\\,\]]{1,200})"\s*,\s*"measurement"\s*:\s*"([^"\\,]{1,200})"\s*,\s*"value"\s*:\s*("?[\w.+-]{1,40}"?)\s*\}/g;

/** Whether a text has figures of these exporters. */
export function isYcsbJson(text: string): boolean {
  return /\{\s*"metric"\s*:\s*"OVERALL"\s*,\s*"measurement"\s*:/.test(text);
}

/** The file with its figures as lines of text; any other is as it was. */
export function asYcsbText(file: TextFile): TextFile {
  if (!isYcsbJson(file.text)) return file;
  const text = file.text.replace(
    FIGURE,
    (_, metric, measurement, value) => `\n[${metric}], ${measurement}, ${unquoted(value)}\n`,
  );
  return { ...file, text };
}

/** Jackson quotes what JSON has no number for, such as NaN. */
function unquoted(value: string): string {
  return value.replaceAll('"', "");
}
