import assert from "node:assert/strict";
import { isThere } from "../../disk/mod.ts";
import { pretendVariable } from "../../_testing/environment.ts";
import type { StoreOptions } from "../contract.ts";
import { StoreError } from "../error.ts";
import { endpointText, ProtoWriter } from "../grpc/mod.ts";
import { Slice } from "../slice.ts";
import { Members } from "./_testing/members.ts";
import { serveVersion } from "./_testing/old_server.ts";
import { freePort, soon, startServer } from "./_testing/server.ts";
import { connectEtcd } from "./client.ts";
import { ETCD, openEtcd } from "./mod.ts";
import { etcdTarget } from "./options.ts";
import { PASSWORD_VARIABLE, USER_VARIABLE } from "./variables.ts";
import { EtcdStore } from "./store.ts";

const missing = ETCD.missing({});
const ignore = missing !== undefined;
/** Elections take their time. */
const IS_LONG = Deno.env.get("TIDEMARK_LONG") !== undefined;
const named = (name: string) => missing === undefined ? name : `${name} (${missing})`;

const [KEY, VALUE] = [Slice.fromText("a"), Slice.fromText("1")];
/** How long operations may take here, ms: less than etcd's own patience. */
const DEADLINE_MS = 500;

async function open(endpoints: string, options: StoreOptions = {}): Promise<EtcdStore> {
  return await openEtcd("bench", { endpoints, deadlineMs: DEADLINE_MS, ...options });
}

/** The error that something ends with, in one line. */
async function refusal(attempt: Promise<unknown>): Promise<StoreError> {
  const error = await attempt.then(() => undefined, (error) => error);
  assert.ok(error instanceof StoreError, `${error}`);
  assert.ok(!error.message.includes("\n"));
  return error;
}

Deno.test("open() refuses servers of old versions, and of none", { timeout: 60_000 }, async () => {
  for (const version of ["3.3.27", "2.3.8", "3.10.0-rc.1", ""]) {
    await using server = await serveVersion(version);
    if (version === "3.10.0-rc.1") await (await open(server.endpoint)).client.close();
    else {
      const { kind, message } = await refusal(open(server.endpoint));
      assert.equal(kind, "usage");
      const said = version === "" ? "of no version" : version;
      const reason = `${server.endpoint} is etcd ${said}, and 3.4 is needed`;
      assert.equal(message, `Cannot open the database bench: ${reason}`);
    }
  }
});

Deno.test(
  { ignore, timeout: 120_000, name: named("members are told from those of another cluster") },
  async () => {
    await using members = new Members(Deno.makeTempDirSync({ prefix: "tidemark-etcd-" }), 3);
    await using alone = await startServer();
    const all = members.endpoints.map(endpointText);
    const store = await soon(() => open(all.join("+")));
    await soon(async () => (await open(alone.endpoint)).close());
    const led = members.indexOf(store.client.endpoint);
    const follower = all[(led + 1) % 3]!;
    const one = await refusal(open(follower));
    assert.match(one.message, /none of its endpoints leads; name the others too, or set role=foll/);
    assert.equal(one.kind, "usage");
    await (await open(follower, { role: "follower" })).close();
    // One that leads its own cluster, and one that follows in another.
    const mixed = await refusal(open(`${alone.endpoint}+${follower}`));
    assert.match(mixed.message, /are of different clusters; name the members of one$/);
    // One that does not answer is passed over, unless it may be the one.
    const gone = `127.0.0.1:${freePort()}`;
    await (await open(`${gone}+${all[led]}`)).close();
    const lost = await refusal(open(`${gone}+${follower}`));
    assert.match(
      lost.message,
      /no leader among those .* that answer: nothing listens at 127\.0\.0\.1/,
    );
    assert.equal(lost.kind, "engine");
    await store.close();
  },
);

Deno.test(
  {
    ignore,
    timeout: 120_000,
    name: named("a client whose member is lost does not go over to another cluster"),
  },
  async () => {
    const later = freePort();
    await using first = await startServer();
    const store = await soon(() => open(`${first.endpoint}+127.0.0.1:${later}`));
    // It comes when the first one goes, and would take every write.
    await using _other = await startServer([
      `--listen-client-urls=http://127.0.0.1:${later}`,
      `--advertise-client-urls=http://127.0.0.1:${later}`,
      "--initial-cluster-token=other",
    ]);
    await soon(async () => (await open(`127.0.0.1:${later}`)).close());
    Deno.kill(first.pid, "SIGKILL");
    const error = await refusal(store.put(KEY, VALUE));
    assert.match(error.message, /^Cannot put in the database bench: /);
    assert.equal(endpointText(store.client.endpoint), first.endpoint);
    const left = await refusal(store.close());
    assert.match(left.message, /; its keys, which begin with tidemark\/[-0-9a-f]+\/, stay there$/);
  },
);

Deno.test(
  {
    ignore: ignore || !IS_LONG,
    timeout: 120_000,
    name: named("operations end at their deadline, and say so without a quorum"),
  },
  async () => {
    await using members = new Members(Deno.makeTempDirSync({ prefix: "tidemark-etcd-" }), 3);
    const all = members.endpoints.map(endpointText).join("+");
    const store = await soon(() => open(all));
    const led = members.indexOf(store.client.endpoint);
    await members.kill((led + 1) % 3);
    await members.kill((led + 2) % 3);
    const began = performance.now();
    const lost = await refusal(store.put(KEY, VALUE));
    assert.match(
      lost.message,
      /^Cannot put in the database bench: (?:it did not answer within 0.5 s|etcd gave it up|the cluster has)/,
    );
    assert.ok(performance.now() - began < 4 * DEADLINE_MS);
    // The one that is left notices after an election's time.
    await soon(async () => {
      assert.match((await refusal(open(all))).message, /the cluster has no leader: too few of its/);
    });
    members.start((led + 1) % 3);
    await soon(() => store.put(KEY, VALUE));
    await store.close();
  },
);

Deno.test(
  { ignore, timeout: 120_000, name: named("a member that stands still costs its deadline") },
  async () => {
    await using server = await startServer();
    const store = await soon(() => open(server.endpoint));
    Deno.kill(server.pid, "SIGSTOP");
    const said =
      "Cannot put in the database bench: it did not answer within 0.5 s (deadlineMs): the " +
      "member is too slow, or too few of the cluster's run";
    assert.equal((await refusal(store.put(KEY, VALUE))).message, said);
    assert.match(
      (await refusal(open(server.endpoint))).message,
      /nothing answers at .* within 0.5 s$/,
    );
    Deno.kill(server.pid, "SIGCONT");
    await soon(() => store.put(KEY, VALUE));
    await store.close();
  },
);

Deno.test(
  { ignore, timeout: 120_000, name: named("put() says that its user may not") },
  async () => {
    await using server = await startServer();
    const client = await soon(() => connectEtcd(etcdTarget({ endpoints: server.endpoint })));
    const auth = (method: string, message: ProtoWriter) =>
      client.call(`/etcdserverpb.Auth/${method}`, message.view, () => {});
    const user = (name: string) => new ProtoWriter().text(1, name);
    await auth("UserAdd", user("root").text(2, "secret"));
    await auth("UserGrantRole", user("root").text(2, "root"));
    await auth("UserAdd", user("reader").text(2, "books"));
    await auth("RoleAdd", user("reads"));
    const everything = new ProtoWriter().number(1, 0).bytes(2, Uint8Array.of(0)).bytes(
      3,
      Uint8Array.of(0),
    );
    await auth("RoleGrantPermission", user("reads").message(2, everything));
    await auth("UserGrantRole", user("reader").text(2, "reads"));
    await auth("AuthEnable", new ProtoWriter());
    client.close();
    using _user = pretendVariable(USER_VARIABLE, "reader");
    using _password = pretendVariable(PASSWORD_VARIABLE, "books");
    // Since 3.6 only root may ask who leads. A password is slow to compare.
    const store = await open(server.endpoint, { deadlineMs: 10_000 }).catch((error) => error);
    if (!(store instanceof EtcdStore)) {
      assert.match(`${store}`, /does not let the user of TIDEMARK_ETCD_USER ask who leads, which/);
      return;
    }
    assert.equal(await store.get(KEY, new Slice(1)), -1);
    const said =
      "Cannot put in the database bench: the user of TIDEMARK_ETCD_USER may not; let it read " +
      "and write keys that begin with tidemark/";
    assert.equal((await refusal(store.put(KEY, VALUE))).message, said);
    await refusal(store.close());
  },
);

Deno.test(
  {
    ignore,
    timeout: 120_000,
    name: named("openEtcd() says what etcd said last where its folder cannot be written"),
  },
  async () => {
    const folder = await Deno.makeTempDir({ prefix: "tidemark-etcd-" });
    try {
      await Deno.mkdir(`${folder}/database`);
      await Deno.writeTextFile(`${folder}/database/member1`, "no folder");
      const error = await refusal(openEtcd(`${folder}/database`));
      assert.match(error.message, /^Cannot open the database .*: etcd ended: ./);
      assert.ok(isThere(`${folder}/database/lock`));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);
