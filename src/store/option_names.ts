/** Which options the stores take, for who has asked for one that there is not. */
import { kindOfStore } from "../result/variant.ts";
import { NOT_OF_LEVEL } from "./level/options.ts";
import { STORE_OPTION_NAMES } from "./options.ts";
import { isServerOption, SERVER_NAMES, serverTakes } from "./server_options.ts";

/**
 * The names of the options that any of the stores takes, in the order of the help.
 *
 * @param stores By their names, or plug-ins by their paths, of which those of engines are told.
 */
export function optionNamesOf(stores: readonly string[]): string[] {
  return STORE_OPTION_NAMES.filter((option) => stores.some((store) => takes(store, option)));
}

/**
 * Those of some stores that an option goes to: one that only servers have to the servers that have it,
 * where there are any among them, since nothing else could have it; any other to all, and a store that
 * does not take it refuses it, as nothing would be alike then.
 */
export function storesOfOption(option: string, stores: readonly string[]): readonly string[] {
  const own = isServerOption(option) ? stores.filter((store) => takes(store, option)) : [];
  return own.length === 0 ? stores : own;
}

function takes(store: string, option: string): boolean {
  const kind = kindOfStore(store);
  if (SERVER_NAMES.includes(kind)) return serverTakes(kind, option);
  return !isServerOption(option) && !(kind === "level" && NOT_OF_LEVEL.includes(option));
}
