import { NullStore } from "../../store/null/store.ts";
import type { Slice } from "../../store/slice.ts";
import { FakeClock } from "./fake_clock.ts";

/** Every put and get takes a millisecond, by a clock that nothing else moves. */
export class MillisecondStore extends NullStore {
  readonly clock = new FakeClock();
  puts = 0;
  gets = 0;
  /** How often it is still to say that it works in the background. */
  busy = 0;

  override put(): void {
    this.puts++;
    this.clock.advance(1e6);
  }

  override get(_key: Slice, into: Slice): number {
    this.gets++;
    this.clock.advance(1e6);
    return into.length;
  }

  override property(name: string): string | undefined {
    if (name !== "busy") return undefined;
    if (this.busy > 0) this.clock.advance(5e5);
    return String(Math.max(0, this.busy--));
  }
}
