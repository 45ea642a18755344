import assert from "node:assert/strict";
import { sharedObject } from "../native/shared_object.ts";
import { cachedLibrary, isCached, releaseFolder } from "./cache.ts";
import { digestOf } from "./digest.ts";
import { EngineError } from "./error.ts";
import { requireMachine, thisMachine } from "./machine.ts";
import { obtainRelease } from "./obtain.ts";
import { DEFAULT_RELEASE } from "./table.ts";
import { smallLibrary, zip } from "./_testing/archives.ts";
import { type Answers, type Mirror, startMirror } from "./_testing/mirror.ts";

const ignore = thisMachine() === undefined;
/** Is not pinned, and never will be. */
const UNKNOWN = "99.1.0";
const ENTRIES: Record<string, string> = {
  "linux-x86_64": "librocksdbjni-linux64.so",
  "linux-aarch64": "librocksdbjni-linux-aarch64.so",
  "macos-x86_64": "librocksdbjni-osx-x86_64.jnilib",
  "macos-aarch64": "librocksdbjni-osx-arm64.jnilib",
};
const entry = ENTRIES[thisMachine() ?? ""] ?? "";
const library = smallLibrary();
const archive = zip([
  { name: "org/rocksdb/RocksDB.class", content: new Uint8Array(100) },
  { name: entry, content: library },
]);

const serve = (bytes: Uint8Array) => () => new Response(bytes as Uint8Array<ArrayBuffer>);
const digests = (bytes: Uint8Array): Answers => ({
  ".jar.sha256": () => new Response(digestOf(bytes)),
  ".jar.sha1": () => new Response(`${digestOf(bytes, "sha1")}  a.jar\n`),
});
const whole = (bytes: Uint8Array): Answers => ({ ".jar": serve(bytes), ...digests(bytes) });

/** A cache of a test's own. */
class Cache implements Disposable {
  readonly path = Deno.makeTempDirSync({ prefix: "tidemark-engine-" });

  /** The names in a release's folder. */
  names(release: string): string[] {
    const folder = releaseFolder(this.path, release, requireMachine());
    return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

const from = ({ url }: Mirror, { path }: Cache) => ({
  cache: path,
  repository: url,
  home: path,
  patience: 20,
});

/** What is said where a release cannot be had; that nothing of it is kept is made sure of. */
async function refusal(name: string, mirror: Mirror, cache: Cache, options = {}) {
  try {
    await obtainRelease(name, { ...from(mirror, cache), ...options });
  } catch (error) {
    assert.ok(error instanceof EngineError, String(error));
    assert.doesNotMatch(error.message, /\n/);
    assert.deepEqual(cache.names(name), ["lock"]);
    return error;
  }
  throw new Error("it was obtained");
}

Deno.test({
  name: "a release that is not pinned is held against the published digest, kept, and said so",
  timeout: 300_000,
  ignore,
  async fn() {
    using cache = new Cache();
    await using mirror = startMirror(whole(archive));
    const fetched: unknown[] = [];
    const events = {
      fetching: ({ name }: { name: string }, host: string, bytes: number | null) =>
        fetched.push([name, host, bytes]),
    };
    const obtained = await obtainRelease(UNKNOWN, { ...from(mirror, cache), events });
    assert.deepEqual(fetched, [[UNKNOWN, mirror.host, null]]);
    assert.deepEqual(obtained, {
      release: UNKNOWN,
      engine: "RocksDB",
      version: UNKNOWN,
      path: `${releaseFolder(cache.path, UNKNOWN, requireMachine())}/${entry}`,
      file: entry,
      sha256: digestOf(library),
      pinned: false,
      compiler: null,
      compressions: [],
      source: mirror.host,
    });
    assert.deepEqual(Deno.readFileSync(obtained.path), library);
    assert.deepEqual(cache.names(UNKNOWN), ["engine.json", entry, "lock"]);
    // Once is enough.
    assert.deepEqual(await obtainRelease(UNKNOWN, from(mirror, cache)), obtained);
    assert.deepEqual(mirror.asked, [".jar", ".jar.sha256", ".jar.sha1"]);
  },
});

Deno.test({
  name: "a release without an archive for this system comes from the one for all",
  timeout: 300_000,
  ignore,
  async fn() {
    using cache = new Cache();
    await using mirror = startMirror({
      ...whole(archive),
      ".jar": ({ url }) =>
        /99\.1\.0\.jar$/.test(url) ? serve(archive)() : new Response("", { status: 404 }),
    });
    assert.equal((await obtainRelease(UNKNOWN, from(mirror, cache))).sha256, digestOf(library));
    assert.deepEqual(mirror.asked, [".jar", ".jar", ".jar.sha256", ".jar.sha1"]);
  },
});

Deno.test({
  name: "a repository that publishes SHA-1 alone is believed by it, and one without any is not",
  timeout: 300_000,
  ignore,
  async fn() {
    using cache = new Cache();
    await using some = startMirror({
      ".jar": serve(archive),
      ".jar.sha1": digests(archive)[".jar.sha1"]!,
    });
    assert.equal((await obtainRelease(UNKNOWN, from(some, cache))).pinned, false);
    await using none = startMirror({ ".jar": serve(archive) });
    const { kind, message } = await refusal("99.2.0", none, cache);
    assert.deepEqual([kind, /publishes no digest/.test(message)], ["source", true]);
  },
});

const faults: [string, string, Answers, EngineError["kind"], RegExp][] = [
  [
    "a release that there is not",
    "99.1.0",
    {},
    "usage",
    /has no rocksdbjni-99\.1\.0\.jar; near it .*; deno task engine list/,
  ],
  [
    "a page of a proxy's in place of the archive",
    UNKNOWN,
    {
      ".jar": () =>
        new Response("<!doctype html><title>Log in</title>", {
          headers: { "content-type": "text/html" },
        }),
    },
    "source",
    /answered with a web page in place of the archive/,
  ],
  [
    "something else in place of the archive",
    UNKNOWN,
    { ".jar": () => new Response("sorry") },
    "source",
    /is no archive/,
  ],
  [
    "nothing in place of the archive",
    UNKNOWN,
    { ".jar": () => new Response("") },
    "source",
    /cut short after 0 bytes/,
  ],
  [
    "an archive with another digest than published",
    UNKNOWN,
    { ".jar": serve(archive), ...digests(library) },
    "content",
    /its SHA-256 is .*; nothing of it is kept/,
  ],
  [
    "a pinned release's archive with another digest than pinned",
    DEFAULT_RELEASE,
    whole(archive),
    "content",
    /its SHA-256 is .*; nothing of it is kept/,
  ],
  [
    "a server at fault",
    UNKNOWN,
    { ".jar": () => new Response("", { status: 503 }) },
    "source",
    /answered 503; try again later/,
  ],
  [
    "a server that refuses",
    UNKNOWN,
    { ".jar": () => new Response("", { status: 403 }) },
    "source",
    /answered 403; it wants another user/,
  ],
  [
    "a server that leads to another host",
    UNKNOWN,
    {
      ".jar": () =>
        new Response("", { status: 302, headers: { location: "http://127.0.0.2:9/a.jar" } }),
    },
    "source",
    /leads on to 127\.0\.0\.2:9, .* TIDEMARK_ENGINE_REPOSITORY/,
  ],
  [
    "a server that leads round in a circle",
    UNKNOWN,
    {
      ".jar": ({ url }) => new Response("", { status: 302, headers: { location: url } }),
    },
    "source",
    /round in a circle/,
  ],
  [
    "an archive that is cut short, with a digest to match",
    UNKNOWN,
    whole(archive.slice(0, -100)),
    "content",
    /no archive, or a damaged one/,
  ],
  [
    "an archive without this machine's library",
    UNKNOWN,
    whole(zip([{ name: "librocksdbjni-win64.dll", content: library }])),
    "content",
    new RegExp(`has no library for ${thisMachine()}`),
  ],
  [
    "an archive with another processor's library in this one's name",
    UNKNOWN,
    whole(
      zip([{
        name: entry,
        content: smallLibrary(Deno.build.arch === "x86_64" ? "aarch64" : "x86_64"),
      }]),
    ),
    "content",
    /it is a library for linux on \w+, and this is/,
  ],
  [
    "an archive with a text in the library's name",
    UNKNOWN,
    whole(zip([{ name: entry, content: new TextEncoder().encode("#!/bin/sh\n".repeat(100)) }])),
    "content",
    /no shared library/,
  ],
  [
    "an archive whose library would be larger than any",
    UNKNOWN,
    whole(zip([{ name: entry, content: library, saidBytes: 3_000_000_000 }])),
    "content",
    /would have 3000000000 bytes/,
  ],
  [
    "an archive whose library is larger than it says",
    UNKNOWN,
    whole(zip([{ name: entry, content: library, saidBytes: 100 }])),
    "content",
    /a damaged one/,
  ],
];
for (const [what, name, answers, kind, message] of faults) {
  Deno.test({
    name: `of ${what} one line is said and nothing kept`,
    timeout: 300_000,
    ignore,
    async fn() {
      using cache = new Cache();
      await using mirror = startMirror(answers);
      const error = await refusal(name, mirror, cache);
      assert.equal(error.kind, kind);
      assert.match(error.message, message);
    },
  });
}

Deno.test({
  name: "a download that breaks off, stands still or is refused is said in one line",
  timeout: 300_000,
  ignore,
  async fn() {
    using cache = new Cache();
    const stuck = (answer: () => void) =>
      new Response(
        new ReadableStream({
          start(controller) {
            controller.enqueue(archive.slice(0, 200));
            answer();
          },
        }),
      );
    await using still = startMirror({ ".jar": () => stuck(() => {}) });
    const stood = await refusal(UNKNOWN, still, cache, { patience: 1 });
    assert.match(stood.message, /sent nothing for 1 s/);

    // Says more than it sends: a raw connection, since a server would not.
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr as Deno.NetAddr;
    const served = (async () => {
      using connection = await listener.accept();
      await connection.read(new Uint8Array(4096));
      const head = `HTTP/1.1 200 OK\r\ncontent-length: ${archive.length}\r\n\r\n`;
      await connection.write(new TextEncoder().encode(head));
      await connection.write(archive.slice(0, 200));
    })();
    const short = { ...still, url: `http://127.0.0.1:${port}/` };
    const broken = await refusal(UNKNOWN, short, cache);
    await served;
    assert.match(broken.message, new RegExp(`cut short after 200 bytes of ${archive.length}`));

    listener.close();
    const refused = await refusal(UNKNOWN, short, cache);
    assert.equal(refused.kind, "source");
    assert.match(
      refused.message,
      /127\.0\.0\.1:\d+ cannot be reached: the connection is refused; /,
    );
  },
});

Deno.test({
  name: "a server's own fault is got over when it passes",
  timeout: 300_000,
  ignore,
  async fn() {
    using cache = new Cache();
    let asked = 0;
    await using mirror = startMirror({
      ...whole(archive),
      ".jar": () => ++asked < 3 ? new Response("", { status: 500 }) : serve(archive)(),
    });
    assert.equal((await obtainRelease(UNKNOWN, from(mirror, cache))).sha256, digestOf(library));
    assert.equal(asked, 3);
  },
});

Deno.test({
  name: "a user's name and password go to the repository, and into no message",
  timeout: 300_000,
  ignore,
  async fn() {
    using cache = new Cache();
    const told: (string | null)[] = [];
    await using mirror = startMirror({
      ".jar": ({ headers }) => {
        told.push(headers.get("authorization"));
        return new Response("", { status: 401 });
      },
    });
    const url = mirror.url.replace("//", "//anna:se%20cret@");
    const error = await refusal(UNKNOWN, { ...mirror, url }, cache);
    assert.deepEqual(told, [`Basic ${btoa("anna:se cret")}`]);
    assert.doesNotMatch(error.message, /anna|se.*cret/);
  },
});

Deno.test({
  name: "a repository's address that is none is refused without being shown",
  timeout: 300_000,
  ignore,
  async fn() {
    using cache = new Cache();
    for (const repository of ["ftp://u:secret@host/", "secret", "file:///secret"]) {
      await assert.rejects(
        obtainRelease(UNKNOWN, { cache: cache.path, home: cache.path, repository }),
        (error: Error) =>
          error instanceof EngineError && error.kind === "usage" &&
          /TIDEMARK_ENGINE_REPOSITORY/.test(error.message) && !/secret/.test(error.message),
      );
    }
  },
});

Deno.test({
  name: "of two that obtain at once, one fetches and the other one waits",
  timeout: 300_000,
  ignore,
  async fn() {
    using cache = new Cache();
    await using mirror = startMirror({
      ...whole(archive),
      ".jar": async () => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        return serve(archive)();
      },
    });
    let waited = 0;
    const options = { ...from(mirror, cache), events: { waiting: () => waited++ } };
    const both = await Promise.all([1, 2].map(() => obtainRelease(UNKNOWN, options)));
    assert.deepEqual(both[0], both[1]);
    assert.equal(waited, 1);
    assert.equal(mirror.asked.filter((ending) => ending === ".jar").length, 1);
  },
});

Deno.test({
  name: "what a process killed in mid-download has left is in nobody's way",
  timeout: 300_000,
  ignore,
  async fn() {
    using cache = new Cache();
    let connected = () => {};
    const begun = new Promise<void>((resolve) => connected = resolve);
    let killed = false;
    await using mirror = startMirror({
      ...whole(archive),
      ".jar": () => {
        if (killed) return serve(archive)();
        return new Response(
          new ReadableStream({
            start(controller) {
              controller.enqueue(archive.slice(0, 200));
              setTimeout(connected, 100);
            },
          }),
        );
      },
    });
    const script = new URL("./_testing/obtain_one.ts", import.meta.url).href;
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        ..."run --quiet --no-prompt --allow-read --allow-write --allow-run=deno".split(" "),
        ..."--allow-env --cached-only".split(" "),
        ...[script, UNKNOWN, cache.path, mirror.url],
      ],
      env: { PATH: `${Deno.execPath().replace(/\/[^/]*$/, "")}:${Deno.env.get("PATH")}` },
      stdout: "null",
      stderr: "null",
    }).spawn();
    await begun;
    child.kill("SIGKILL");
    await child.status;
    assert.equal(isCached(UNKNOWN, requireMachine(), cache.path), false);
    assert.ok(cache.names(UNKNOWN).includes("archive.part"));
    killed = true;
    assert.equal((await obtainRelease(UNKNOWN, from(mirror, cache))).sha256, digestOf(library));
    assert.deepEqual(cache.names(UNKNOWN), ["engine.json", entry, "lock"]);
  },
});

Deno.test({
  name: "a library that was damaged in the cache is not used, and obtained anew",
  timeout: 300_000,
  ignore,
  async fn() {
    using cache = new Cache();
    await using mirror = startMirror(whole(archive));
    const { path } = await obtainRelease(UNKNOWN, from(mirror, cache));
    const bytes = Deno.readFileSync(path);
    bytes[bytes.length - 1]! ^= 1;
    Deno.writeFileSync(path, bytes);
    assert.throws(
      () => cachedLibrary(UNKNOWN, requireMachine(), cache.path),
      (error: Error) =>
        error instanceof EngineError && error.kind === "content" &&
        /its SHA-256 is .*not loaded; deno task engine get 99\.1\.0 gets it anew/
          .test(error.message),
    );
    assert.equal((await obtainRelease(UNKNOWN, from(mirror, cache))).sha256, digestOf(library));
    // A record that is damaged is as good as none.
    Deno.writeTextFileSync(path.replace(entry, "engine.json"), "{");
    assert.equal(cachedLibrary(UNKNOWN, requireMachine(), cache.path), undefined);
    // Nor does one lead anywhere else.
    Deno.writeTextFileSync(
      path.replace(entry, "engine.json"),
      JSON.stringify({ release: UNKNOWN, entry: "../../x", sha256: "0".repeat(64), source: "" }),
    );
    assert.equal(cachedLibrary(UNKNOWN, requireMachine(), cache.path), undefined);
    await obtainRelease(UNKNOWN, from(mirror, cache));
    assert.equal(mirror.asked.filter((ending) => ending === ".jar").length, 3);
  },
});

Deno.test({
  name: "a local Maven repository is looked into first",
  timeout: 300_000,
  ignore,
  async fn() {
    using cache = new Cache();
    await using mirror = startMirror({});
    const folder = `${cache.path}/.m2/repository/org/rocksdb/rocksdbjni/${UNKNOWN}`;
    Deno.mkdirSync(folder, { recursive: true });
    const classifier = thisMachine()!.startsWith("macos") ? "osx" : "linux64";
    const file = `${folder}/rocksdbjni-${UNKNOWN}-${classifier}.jar`;
    Deno.writeFileSync(file, archive);
    Deno.writeTextFileSync(`${file}.sha1`, digestOf(library, "sha1"));
    const { kind, message } = await refusal(UNKNOWN, mirror, cache);
    assert.equal(kind, "content");
    assert.match(message, /in the local Maven repository: its SHA-1 is/);
    Deno.writeTextFileSync(`${file}.sha1`, digestOf(archive, "sha1"));
    const { source, sha256 } = await obtainRelease(UNKNOWN, from(mirror, cache));
    assert.deepEqual([source, sha256], ["local Maven repository", digestOf(library)]);
    assert.deepEqual(mirror.asked, []);
  },
});

Deno.test({
  name: "a cache that cannot be written is said with the variable that names another one",
  timeout: 300_000,
  ignore,
  async fn() {
    using cache = new Cache();
    await using mirror = startMirror(whole(archive));
    Deno.writeTextFileSync(`${cache.path}/file`, "");
    const options = { ...from(mirror, cache), cache: `${cache.path}/file` };
    await assert.rejects(
      obtainRelease(UNKNOWN, options),
      (error: Error) =>
        error instanceof EngineError && error.kind === "usage" &&
        /Cannot keep an engine release in .*file: .*TIDEMARK_CACHE/.test(error.message),
    );
  },
});

for (const name of ["", "latest", "10", "../10.4.2", "10.4.2/..", "flink-", "10.4.2-"]) {
  Deno.test(`the release ${JSON.stringify(name)} is none, and leads to no folder`, {
    timeout: 300_000,
  }, async () => {
    using cache = new Cache();
    await assert.rejects(
      obtainRelease(name, { cache: cache.path, machine: "linux-x86_64", home: cache.path }),
      (error: Error) =>
        error instanceof EngineError && error.kind === "usage" &&
        /deno task engine list/.test(error.message),
    );
    assert.deepEqual([...Deno.readDirSync(cache.path)], []);
  });
}

/** Mounts a file system of 1 MiB in memory; what the system complains of, if anything. */
async function mountSmall(folder: string): Promise<string | undefined> {
  try {
    const args = ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder];
    const { success, stderr } = await new Deno.Command("mount", { args }).output();
    return success ? undefined : new TextDecoder().decode(stderr);
  } catch (error) {
    return String(error);
  }
}

/** Tries again for a while: a process that is being started holds this one's files for a moment. */
async function unmount(folder: string): Promise<void> {
  for (let left = 100;; left--) {
    const { success, stderr } = await new Deno.Command("umount", { args: [folder] }).output();
    if (success) return;
    if (left === 0) throw new Error(new TextDecoder().decode(stderr));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const mountable = await (async () => {
  using cache = new Cache();
  const complaint = await mountSmall(cache.path);
  if (complaint === undefined) await unmount(cache.path);
  return complaint === undefined;
})();

Deno.test({
  name: "no space for the archive, or for the library in it, is said and nothing kept",
  // Only root mounts.
  timeout: 300_000,
  ignore: ignore || !mountable,
  async fn() {
    const code = { zeros: new Uint8Array(8e6), noise: new Uint8Array(2e6) };
    for (let i = 0; i < code.noise.length; i += 50_000) {
      crypto.getRandomValues(code.noise.subarray(i, i + 50_000));
    }
    const said = { zeros: /Cannot unpack .*no space is left/, noise: /written: no space is left/ };
    for (const kind of ["zeros", "noise"] as const) {
      using cache = new Cache();
      await mountSmall(cache.path);
      try {
        const content = sharedObject(code[kind], Deno.build.arch);
        await using mirror = startMirror(whole(zip([{ name: entry, content }])));
        const { message } = await refusal(UNKNOWN, mirror, cache);
        assert.match(message, said[kind]);
      } finally {
        await unmount(cache.path);
      }
    }
  },
});
