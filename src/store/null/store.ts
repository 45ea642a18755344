/**
 * The stores that do nothing: what is left of a benchmark when the store takes no time, which is
 * the harness's own share.
 */
import { machineCodeAddress, runsMachineCode } from "../../native/mod.ts";
import type {
  AsyncCursor,
  AsyncStore,
  Batch,
  NativeOperations,
  ScanRange,
  StoreDescription,
  SyncCursor,
  SyncStore,
} from "../contract.ts";
import type { Slice } from "../slice.ts";
import { NATIVE_NOTHING_CODE } from "./native_code.ts";

function describe(api: "sync" | "async"): StoreDescription {
  return {
    store: "null",
    engine: "none",
    version: "-",
    library: "none",
    api,
    durability: "none",
    network: false,
    options: {},
  };
}

/** A batch that counts and keeps nothing. */
class NullBatch implements Batch {
  count = 0;
  put(): void {
    this.count++;
  }
  delete(): void {
    this.count++;
  }
  clear(): void {
    this.count = 0;
  }
  close(): void {}
}

/** An endless walk over entries of 16-byte keys and 1 KiB values that are all zeros. */
class NullCursor implements SyncCursor {
  readonly keyLength = 16;
  readonly valueLength = 1024;
  next(): boolean {
    return true;
  }
  readKey(into: Slice): void {
    into.length = this.keyLength;
  }
  readValue(into: Slice): void {
    into.length = this.valueLength;
  }
  close(): void {}
}

/** {@linkcode NullCursor} with a promise a step. */
class AsyncNullCursor implements AsyncCursor {
  readonly keyLength = 16;
  readonly valueLength = 1024;
  next(): Promise<boolean> {
    return Promise.resolve(true);
  }
  readKey(into: Slice): void {
    into.length = this.keyLength;
  }
  readValue(into: Slice): void {
    into.length = this.valueLength;
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Where the code of its operations is, once it was asked for. */
let code: bigint | undefined;

/** A synchronous store that does nothing. A get finds as many bytes as its slice counts. */
export class NullStore implements SyncStore {
  readonly api = "sync";
  describe(): StoreDescription {
    return describe("sync");
  }
  put(_key: Slice, _value: Slice, _family?: number): void {}
  get(_key: Slice, into: Slice, _family?: number): number {
    return into.length;
  }
  machineOperations(): NativeOperations | undefined {
    if (!runsMachineCode()) return undefined;
    const nothing = { code: code ??= machineCodeAddress(NATIVE_NOTHING_CODE), self: 0n };
    return { get: nothing, put: nothing, check() {} };
  }
  delete(_key: Slice, _family?: number): void {}
  batch(): Batch {
    return new NullBatch();
  }
  write(_batch: Batch): void {}
  cursor(_range?: ScanRange): SyncCursor {
    return new NullCursor();
  }
  flush(): void {}
  compact(): void {}
  property(_name: string): string | undefined {
    return undefined;
  }
  share(): unknown {
    return {};
  }
  close(): void {}
}

/** An asynchronous store that does nothing: the floor of a loop that awaits. */
export class AsyncNullStore implements AsyncStore {
  readonly api = "async";
  describe(): StoreDescription {
    return describe("async");
  }
  put(_key: Slice, _value: Slice, _family?: number): Promise<void> {
    return Promise.resolve();
  }
  get(_key: Slice, into: Slice, _family?: number): Promise<number> {
    return Promise.resolve(into.length);
  }
  delete(_key: Slice, _family?: number): Promise<void> {
    return Promise.resolve();
  }
  batch(): Batch {
    return new NullBatch();
  }
  write(_batch: Batch): Promise<void> {
    return Promise.resolve();
  }
  cursor(_range?: ScanRange): AsyncCursor {
    return new AsyncNullCursor();
  }
  flush(): Promise<void> {
    return Promise.resolve();
  }
  compact(): Promise<void> {
    return Promise.resolve();
  }
  property(_name: string): string | undefined {
    return undefined;
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}
