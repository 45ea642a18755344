/**
 * What the calls of a store have in common: the functions, the handles, and what a failed call's
 * result means.
 */
import { failure, type StoreCall, StoreError } from "../error.ts";
import { Code, Handle, type OptionalName, type PluginSymbols } from "./symbols.ts";
import { textFrom } from "./text.ts";

/** A database of a plug-in with its session. */
export class NativeSession {
  readonly symbols: PluginSymbols;
  /** The database's directory. */
  readonly path: string;
  /** The plug-in's file, for messages. */
  readonly #name: string;
  /** The database's handle. */
  readonly database: bigint;
  /** The session's handle; 0 where it was not made. */
  readonly session: bigint;
  /** Families that may be asked for; none once no call may be made, so one check serves for both. */
  families: number;
  /** Why no call is made any more, as the end of a sentence. */
  #over: string | undefined;

  constructor(
    symbols: PluginSymbols,
    path: string,
    name: string,
    database: bigint,
    session: bigint,
    families: number,
  ) {
    this.symbols = symbols;
    this.path = path;
    this.#name = name;
    this.database = database;
    this.session = session;
    this.families = families;
  }

  /** Makes no call from now on. @param reason As the end of a sentence. */
  end(reason: string): void {
    this.#over = reason;
    this.families = 0;
  }

  /** @throws {StoreError} Where no call may be made: a closed handle would end the process. */
  require(call: StoreCall): void {
    if (this.#over !== undefined) {
      throw failure(call, this.path, this.#over, this.#over === CLOSED ? "usage" : "engine");
    }
  }

  /**
   * An optional function.
   *
   * @throws {StoreError} Where the plug-in has none.
   */
  optional<Name extends OptionalName>(
    call: StoreCall,
    name: Name,
  ): NonNullable<PluginSymbols[Name]> {
    this.require(call);
    const found = this.symbols[name];
    if (found !== null) return found as NonNullable<PluginSymbols[Name]>;
    throw failure(call, this.path, `the plug-in ${this.#name} has no ${name}`, "usage");
  }

  /**
   * The error of a call that failed.
   *
   * @param kind Whose text it is.
   */
  refuse(call: StoreCall, code: number, kind: Handle): never {
    throw this.errorOf(call, code, kind);
  }

  /**
   * The error of a call that failed.
   *
   * @param handle Whose text it is, where that is neither the session nor the database; 0 of none.
   */
  errorOf(call: StoreCall, code: number, kind: Handle, handle?: bigint): StoreError {
    if (code === Code.unsupported) {
      const words = `the plug-in ${this.#name} does not support it`;
      return failure(call, this.path, words, "usage");
    }
    const whose = handle ?? (kind === Handle.database ? this.database : this.session);
    const said = whose === 0n ? "" : errorText(this.symbols, whose, kind);
    const text = said === "" ? `the plug-in ${this.#name} returned ${code}, and no text` : said;
    if (code !== Code.panicked) return failure(call, this.path, text);
    this.end(`the plug-in ${this.#name} panicked before`);
    return failure(call, this.path, `the plug-in ${this.#name} panicked: ${text}`);
  }
}

/** Why a closed store takes no call. */
export const CLOSED = "it is closed";

/** The longest error that is told. */
const MOST_LETTERS = 500;

/** The last error's text of a handle, on one line; empty where it has none. */
export function errorText(symbols: PluginSymbols, handle: bigint, kind: Handle): string {
  const text = textFrom((buffer, capacity, length) =>
    symbols.tidemark_error(handle, kind, buffer, capacity, length)
  );
  if (typeof text === "number") return "";
  return text.replace(/[\s\p{Cc}]+/gu, " ").trim().slice(0, MOST_LETTERS);
}
