/**
 * etcd's calls, answered by a server that does nothing: it keeps one value, the last one, and gives it
 * for every key.
 */
import { type ProtoReader, ProtoWriter } from "../../grpc/mod.ts";
import { type NullAnswers, serveNothing } from "../../grpc/null/server.ts";
import { METHOD } from "../messages.ts";

/** Answers that are kept. */
const MOST_KEPT = 16;
/** A key of a range's answer. */
const KEY = new Uint8Array(16);

const header = () => new ProtoWriter().number(1, 1).number(2, 1).number(3, 1);
const DONE = new ProtoWriter().message(1, header()).view.slice();
const STATUS = new ProtoWriter().message(1, header()).text(2, "3.6.0").number(4, 1).view.slice();

/** What a connection's calls are answered with. */
class Answers {
  #value = new Uint8Array(0);
  /** Answers with the value, by how many entries they have: making them would be the larger part. */
  readonly #ranges = new Map<number, Uint8Array>();

  readonly messageFor: NullAnswers = (path, request) => {
    if (path === METHOD.put) {
      this.#keepValue(request);
      return DONE;
    }
    if (path === METHOD.txn) {
      for (let field = request.next(); field !== 0; field = request.next()) {
        if (field === 2) this.#keepPutOf(request.message());
        else request.skip();
      }
      return DONE;
    }
    if (path === METHOD.range) return this.#rangeFor(request);
    return path === METHOD.status ? STATUS : DONE;
  };

  /** One key, or of a range as many as may be, and always more. */
  #rangeFor(request: ProtoReader): Uint8Array {
    let [limit, isRange] = [0, false];
    for (let field = request.next(); field !== 0; field = request.next()) {
      if (field === 3) limit = request.number();
      else {
        if (field === 2) isRange = true;
        request.skip();
      }
    }
    const count = isRange ? limit : 1;
    const made = this.#ranges.get(isRange ? count : 0);
    if (made !== undefined) return made;
    const entry = new ProtoWriter().bytes(1, KEY).number(2, 1).number(3, 1).number(4, 1)
      .bytes(5, this.#value);
    const answer = new ProtoWriter().message(1, header());
    for (let i = 0; i < count; i++) answer.message(2, entry);
    const whole = answer.flag(3, isRange).number(4, count).view;
    if (this.#ranges.size >= MOST_KEPT) this.#ranges.clear();
    this.#ranges.set(isRange ? count : 0, whole);
    return whole;
  }

  #keepPutOf(operation: ProtoReader): void {
    for (let field = operation.next(); field !== 0; field = operation.next()) {
      if (field === 2) this.#keepValue(operation.message());
      else operation.skip();
    }
  }

  #keepValue(put: ProtoReader): void {
    for (let field = put.next(); field !== 0; field = put.next()) {
      if (field === 2) {
        this.#value = put.bytes().slice();
        this.#ranges.clear();
      } else put.skip();
    }
  }
}

serveNothing(() => new Answers().messageFor);
