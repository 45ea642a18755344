/** Which machines are meant, and how they are reached: `nodes` and `nightly` ask alike. */
import { Option } from "commander";
import { list, seconds } from "./values.ts";

/** The options that say which machines are meant. */
export interface InventoryFlags {
  cluster?: string;
  node?: string[];
}

/** The options that say how they are reached, as all subcommands have that reach them. */
export interface SshFlags {
  identity?: string;
  sshConfig?: string;
  patience: number;
}

/** Declares which machines are meant. */
export function inventoryOptions(): Option[] {
  return [
    new Option("--cluster <file>", "the cluster file: .nix or .json (default: nix/cluster.nix)"),
    list("--node <name>", "only these nodes, several by commas"),
  ];
}

/** Declares how they are reached. */
export function sshOptions(): Option[] {
  return [
    ...keyOptions(),
    seconds("--patience <seconds>", "how long a node may be silent").default(30),
  ];
}

/** Declares with which key and configuration SSH connects. */
export function keyOptions(): Option[] {
  return [
    new Option("--identity <file>", "the private key for SSH (default: what ssh finds)"),
    new Option("--ssh-config <file>", "ssh's configuration (default: your own)"),
  ];
}

/** Declares how long a lost node is waited for. */
export function reconnectOption(): Option {
  return seconds("--reconnect <seconds>", "how long to try to get a lost node back").default(60);
}
