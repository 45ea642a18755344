/** Libraries that are sent to the real receiver, in a shell of this machine instead of over SSH. */
import assert from "node:assert/strict";
import { smallLibrary } from "../engine/_testing/archives.ts";
import { cachedLibrary, digestOf, isCached, type Parcel, requireMachine } from "../engine/mod.ts";
import { localNode, localPlaces, LocalTransport } from "./_testing/local_transport.ts";
import type { ClusterError } from "./error.ts";
import type { Places } from "./places.ts";
import { sendEngine } from "./send_engine.ts";

/** One that is in no table. */
const RELEASE = "99.1.0";
const MACHINE = requireMachine();

interface Bed {
  /** The node's cache. */
  cache: string;
  places: Places;
  transport: LocalTransport;
  parcel: Parcel;
  /** Sends what the parcel is changed to, to a command that is changed. */
  send(change?: Partial<Parcel["head"]>, command?: (command: string) => string): Promise<boolean>;
}

async function withNode(body: (bed: Bed) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync({ prefix: "tidemark-send-" });
  const [path, cache] = [`${folder}/library.so`, `${folder}/cache`];
  const library = smallLibrary();
  Deno.writeFileSync(path, library);
  const head = {
    release: RELEASE,
    machine: MACHINE,
    entry: "librocksdbjni.so",
    sha256: digestOf(library),
    bytes: library.length,
    source: "repository.test",
  };
  const transport = new LocalTransport();
  const places = localPlaces(folder);
  try {
    await body({
      cache,
      places,
      transport,
      parcel: { head, path },
      async send(change = {}, command = (command) => command) {
        transport.instead = (text) => `export TIDEMARK_CACHE=${cache}; ${command(text)}`;
        const link = await transport.connect(localNode("node01"));
        const parcel = { head: { ...head, ...change }, path };
        return await sendEngine(link, places, parcel, { seconds: 60 });
      },
    });
  } finally {
    transport.cut();
    Deno.removeSync(folder, { recursive: true });
  }
}

/** The error with which sending ends. */
async function refusal(sending: Promise<boolean>): Promise<ClusterError> {
  try {
    await sending;
  } catch (error) {
    assert.equal((error as Error).name, "ClusterError", String(error));
    return error as ClusterError;
  }
  throw new Error("it was sent");
}

Deno.test(
  "sendEngine() brings a library into the node's cache, and none that is there",
  { timeout: 300_000 },
  async () => {
    await withNode(async ({ cache, send, parcel }) => {
      assert.equal(await send(), true);
      assert.equal(cachedLibrary(RELEASE, MACHINE, cache)?.sha256, parcel.head.sha256);
      assert.equal(await send(), false);
    });
  },
);

Deno.test(
  "sendEngine() says why a node has it not, and nothing of it is kept there",
  { timeout: 300_000 },
  async () => {
    await withNode(async ({ cache, places, send }) => {
      const begin = "Cannot give it the release 99\\.1\\.0: ";
      const cases: [() => Promise<boolean>, string, boolean][] = [
        [
          () => send({ sha256: "0".repeat(64) }),
          "Cannot use .*: its SHA-256 is .*nothing of it is",
          true,
        ],
        [
          () => send({}, (command) => `dd bs=1 count=600 2>/dev/null | { ${command}; }`),
          "Cannot take the library: it did not come whole: \\d+ of \\d+ bytes are missing",
          true,
        ],
        [
          () =>
            send(
              {},
              (command) =>
                `cd ${places.results}; touch ../file; export TIDEMARK_CACHE=${places.results}/../file; ${command}`,
            ),
          "Cannot keep an engine release in .*/file: .*not a folder.*TIDEMARK_CACHE",
          true,
        ],
        [
          () => send({}, () => "exec tidemark-no-such-program"),
          "its receiver cannot be started: .*tidemark-no-such-program.*not found",
          true,
        ],
        [() => send({}, () => "echo Welcome; exit 255"), "its receiver ended", false],
      ];
      for (const [sending, message, lasting] of cases) {
        const error = await refusal(sending());
        assert.match(error.message, new RegExp(`^${begin}${message}`));
        assert.equal(error.lasting, lasting, error.message);
        assert.equal(isCached(RELEASE, MACHINE, cache), false);
      }
      Deno.removeSync(places.project);
      assert.match(
        (await refusal(send())).message,
        /: nothing was pushed to it; deno task nodes push$/,
      );
    });
  },
);

Deno.test(
  "sendEngine() of which the connection is cut leaves nothing, and goes well the next time",
  { timeout: 300_000 },
  async () => {
    await withNode(async ({ cache, transport, send }) => {
      const part = `${cache}/engines/${RELEASE}/${MACHINE}/library.part`;
      const sending = refusal(
        send(
          {},
          (command) => `{ dd bs=1 count=600 2>/dev/null; cat >/dev/null; :; } | { ${command}; }`,
        ),
      );
      const there = () => {
        try {
          return Deno.statSync(part).size > 0;
        } catch {
          return false;
        }
      };
      while (!there()) await new Promise((resolve) => setTimeout(resolve, 20));
      transport.cut();
      const error = await sending;
      assert.equal(error.lasting, false, error.message);
      assert.equal(isCached(RELEASE, MACHINE, cache), false);
      // The receiver clears what it has when nothing comes any more.
      while (there()) await new Promise((resolve) => setTimeout(resolve, 20));
      assert.equal(await send(), true);
    });
  },
);
