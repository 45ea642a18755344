/**
 * PD's calls and TiKV's, answered by a server that does nothing: it is the leader of one region that has
 * all keys, keeps one value, the last one, and gives it for every key.
 */
import { type ProtoReader, ProtoWriter } from "../../grpc/mod.ts";
import { type NullAnswers, serveNothing } from "../../grpc/null/server.ts";
import { COMMANDS_METHOD, METHOD, NUMBER } from "../messages.ts";

/** A key of a scan's answer. */
const KEY = new Uint8Array(64);
/** What says of itself that it is none of TiKV's. */
const VERSION = "null";
/** Answers that are kept. */
const MOST_KEPT = 16;

const NOTHING = new Uint8Array(0);
const header = () => new ProtoWriter().message(1, new ProtoWriter().number(1, 1));
const done = (message: ProtoWriter) => message.view.slice();

/** What is asked for by numbers, as `BatchCommands` has them. */
const METHOD_OF = new Map(Object.entries(NUMBER).map(([method, number]) => [number, method]));

/** What PD says of its one member, its one server and its one region. */
function answersOfPd(port: number): ReadonlyMap<string, Uint8Array> {
  const member = new ProtoWriter().number(2, 1).text(4, `http://127.0.0.1:${port}`);
  const server = new ProtoWriter().number(1, 1).text(2, `127.0.0.1:${port}`).text(5, VERSION);
  const peer = new ProtoWriter().number(1, 1).number(2, 1);
  const epoch = new ProtoWriter().number(1, 1).number(2, 1);
  const region = new ProtoWriter().number(1, 1).message(4, epoch).message(5, peer);
  const led = new ProtoWriter().message(1, region).message(2, peer);
  const one = done(header().message(2, region).message(3, peer));
  return new Map([
    [METHOD.members, done(header().message(2, member).message(3, member))],
    [METHOD.store, done(header().message(2, server))],
    [METHOD.stores, done(header().message(2, server))],
    [METHOD.regions, done(header().message(4, led))],
    [METHOD.region, one],
    [METHOD.previousRegion, one],
  ]);
}

/** What a connection's calls are answered with. */
class Answers {
  readonly #ofPd: ReadonlyMap<string, Uint8Array>;
  #value = NOTHING;
  /** Answers with the value, by how many entries they have: making them would be the larger part. */
  readonly #scans = new Map<number, Uint8Array>();
  #got = new ProtoWriter().bytes(3, NOTHING);
  readonly #batch = new ProtoWriter();
  readonly #one = new ProtoWriter();

  constructor(port: number) {
    this.#ofPd = answersOfPd(port);
  }

  readonly messageFor: NullAnswers = (path, request) => {
    if (path === COMMANDS_METHOD) return this.#commands(request);
    return this.#ofPd.get(path) ?? this.#command(path, request);
  };

  /** Each command's answer, under the number that it has. */
  #commands(message: ProtoReader): Uint8Array {
    const batch = this.#batch.clear();
    for (let field = message.next(); field !== 0; field = message.next()) {
      if (field === 1) {
        const command = message.message();
        const number = command.next();
        const answer = this.#command(METHOD_OF.get(number) ?? "", command.message());
        batch.message(1, this.#one.clear().bytes(number, answer));
      } else if (field === 2) batch.bytes(2, message.bytes());
      else message.skip();
    }
    return batch.view;
  }

  #command(method: string, request: ProtoReader): Uint8Array {
    if (method === METHOD.get) return this.#got.view;
    if (method === METHOD.scan) return this.#scan(request);
    if (method === METHOD.put) this.#keep(request);
    if (method === METHOD.batchPut) {
      for (let field = request.next(); field !== 0; field = request.next()) {
        if (field === 2) this.#keep(request.message());
        else request.skip();
      }
    }
    return NOTHING;
  }

  /** As many as may be. */
  #scan(request: ProtoReader): Uint8Array {
    let limit = 0;
    for (let field = request.next(); field !== 0; field = request.next()) {
      if (field === 3) limit = request.number();
      else request.skip();
    }
    const made = this.#scans.get(limit);
    if (made !== undefined) return made;
    const entry = new ProtoWriter().bytes(2, KEY).bytes(3, this.#value);
    const answer = new ProtoWriter();
    for (let i = 0; i < limit; i++) answer.message(2, entry);
    if (this.#scans.size >= MOST_KEPT) this.#scans.clear();
    this.#scans.set(limit, answer.view);
    return answer.view;
  }

  /** Takes what has the value as its field 3. */
  #keep(put: ProtoReader): void {
    for (let field = put.next(); field !== 0; field = put.next()) {
      if (field === 3) {
        this.#value = put.bytes().slice();
        this.#got = new ProtoWriter().bytes(3, this.#value);
        this.#scans.clear();
      } else put.skip();
    }
  }
}

serveNothing((port) => new Answers(port).messageFor);
