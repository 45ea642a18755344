/** What differs between two releases in the options that a database is opened with. */
import type { LadderRung, OptionDifference, OptionStep } from "./model.ts";

/** What is no option but says what wrote the file, where it lies, or what cannot be given on. */
const NO_OPTIONS: readonly RegExp[] = [/^(db_log_dir|wal_dir|db_host_id|env|file_system)$/];

/** The options in which each rung differs from the one before it. */
export function optionSteps(rungs: readonly LadderRung[]): OptionStep[] {
  return rungs.slice(1).flatMap((rung, i) => {
    const older = rungs[i]!;
    if (older.options === null || rung.options === null) return [];
    return [{ older: i, newer: i + 1, differences: differing(older.options, rung.options) }];
  });
}

function differing(
  older: Readonly<Record<string, string>>,
  newer: Readonly<Record<string, string>>,
): OptionDifference[] {
  const names = [...new Set([...Object.keys(older), ...Object.keys(newer)])].toSorted();
  return names.filter((name) =>
    older[name] !== newer[name] && !NO_OPTIONS.some((no) => no.test(name))
  )
    .map((option) => ({
      option,
      older: older[option] ?? null,
      newer: newer[option] ?? null,
    }));
}

/** What the options of a block-based table begin with. */
const TABLE = "block_based_table_factory.";

/**
 * The older's options for the newer code, in the engine's own form: those that both have, and not
 * alike. What only one of the two knows cannot be given on.
 *
 * @returns The empty string where there are none.
 */
export function optionsOfOlder({ differences }: Pick<OptionStep, "differences">): string {
  const given = differences.filter(({ older, newer }) => older !== null && newer !== null);
  const setting = (option: string, value: string) => `${option}=${value};`;
  const database = given.filter(({ option }) => !option.startsWith(TABLE))
    .map(({ option, older }) => setting(option, older!));
  const table = given.filter(({ option }) => option.startsWith(TABLE))
    .map(({ option, older }) => setting(option.slice(TABLE.length), older!));
  return database.join("") +
    (table.length === 0 ? "" : `block_based_table_factory={${table.join("")}};`);
}
