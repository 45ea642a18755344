import { failure, type StoreCall } from "./error.ts";

/** What a store over servers keeps of its calls: which are under way, and how they may not be made. */
export class ServerCalls {
  readonly #path: string;
  readonly #inWords: (call: StoreCall, error: unknown) => unknown;
  #pending = 0;
  #idle: PromiseWithResolvers<void> | undefined;
  #closing: Promise<void> | undefined;

  /**
   * @param path What errors call the database.
   * @param inWords An error as the contract has it; one that is none of a server's as it is.
   */
  constructor(path: string, inWords: (call: StoreCall, error: unknown) => unknown) {
    this.#path = path;
    this.#inWords = inWords;
  }

  /** Starts an operation, and says how it failed. Refuses by the promise. */
  do(call: StoreCall, family: number, start: () => Promise<void>): Promise<void> {
    if (this.#closing !== undefined || family !== 0) return this.#refuse(call, family);
    this.#pending++;
    return start().then(this.#ended, (error) => {
      this.#ended();
      throw this.#inWords(call, error);
    });
  }

  readonly #ended = (): void => {
    if (--this.#pending === 0) this.#idle?.resolve();
  };

  // deno-lint-ignore require-await -- refuses by the promise
  async #refuse(call: StoreCall, family: number): Promise<never> {
    this.check(call, family);
    throw new Error("Cannot refuse what is right");
  }

  /** @throws {StoreError} Where the store is closed, or has no such family. */
  check(call: StoreCall, family = 0): void {
    if (this.#closing !== undefined) throw failure(call, this.#path, "it is closed", "usage");
    this.checkFamily(call, family);
  }

  /** @throws {StoreError} Where there is no such family: servers have the default one alone. */
  checkFamily(call: StoreCall, family: number): void {
    if (family === 0) return;
    throw failure(call, this.#path, `it has no column family ${family}`, "usage");
  }

  /** Takes no call any more, waits for those under way, and ends with the last one; once only. */
  close(last: () => Promise<void>): Promise<void> {
    return this.#closing ??= this.#close(last);
  }

  async #close(last: () => Promise<void>): Promise<void> {
    if (this.#pending > 0) await (this.#idle = Promise.withResolvers<void>()).promise;
    await last();
  }
}
