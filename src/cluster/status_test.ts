import assert from "node:assert/strict";
import { clockOffset, clockWarning, isOff } from "./clock.ts";
import { localNode, localPlaces, LocalTransport } from "./_testing/local_transport.ts";
import { isReady, READY, reasonOf } from "./ssh.ts";
import { nodeStatus } from "./status.ts";

const words = (text: string) => new TextEncoder().encode(text);

async function withPlaces(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync();
  try {
    await body(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("nodeStatus() has what doctor says there", { timeout: 300_000 }, async () => {
  await withPlaces(async (folder) => {
    const status = await nodeStatus(
      new LocalTransport(),
      localNode("node01"),
      localPlaces(folder),
      { patienceSeconds: 60 },
    );
    assert.deepEqual(status.problems, []);
    assert.equal(status.doctor?.environment.host, Deno.hostname());
    assert.ok(status.doctor?.stores.some((store) => store.name === "level"));
    assert.ok(Math.abs(status.clock!.aheadSeconds) <= status.clock!.uncertaintySeconds + 0.1);
  });
});

Deno.test(
  "nodeStatus() says what is wrong, and goes on where it can",
  { timeout: 300_000 },
  async () => {
    await withPlaces(async (folder) => {
      const places = localPlaces(folder);
      const transport = new LocalTransport();
      const problems = async () =>
        (await nodeStatus(transport, localNode("a"), places, { patienceSeconds: 60 })).problems;
      transport.instead = (command) => command.replace(/exec deno.*/, "echo '{}'");
      assert.deepEqual(await problems(), [
        "doctor's answer has another form; push the project again",
      ]);
      transport.instead = (command) => command.replace(/exec deno.*/, "echo no; exit 3");
      assert.deepEqual(await problems(), ["doctor ended with 3"]);
      transport.instead = (command) =>
        command.replace(/exec deno.*/, "echo no").replace("date", "date -d '+1 hour'");
      assert.deepEqual(await problems(), [
        "its clock is 60 min ahead; start chronyd or ntpd on it",
        "doctor's answer is not JSON; push the project again",
      ]);
      transport.instead = undefined;
      Deno.removeSync(places.project);
      assert.deepEqual(await problems(), ["nothing was pushed to it; deno task nodes push"]);
      transport.down = "the connection is refused; is sshd running there?";
      assert.match((await problems())[0]!, /^Cannot reach a: the connection is refused/);
    });
  },
);

Deno.test(
  "nodeStatus() says so of a node that answers and then hangs",
  { timeout: 300_000 },
  async () => {
    await withPlaces(async (folder) => {
      const transport = new LocalTransport();
      transport.instead = (command) => command.startsWith("date") ? command : "exec sleep 3";
      const status = await nodeStatus(transport, localNode("a"), localPlaces(folder), {
        patienceSeconds: 1,
      });
      assert.equal(status.reachable, true);
      assert.deepEqual(status.problems, ["it answers, and hangs: no word within 1 s"]);
    });
  },
);

Deno.test(
  "clockOffset() takes half the round trip for its uncertainty",
  { timeout: 300_000 },
  async () => {
    const transport = new LocalTransport();
    transport.instead = () => "echo 1000.500000000";
    const link = await transport.connect(localNode("a"));
    const times = [999_000, 1_001_000];
    const offset = await clockOffset(link, 5, () => times.shift()!);
    assert.deepEqual(offset, { aheadSeconds: 0.5, uncertaintySeconds: 1 });
    assert.ok(!isOff(offset!));
    assert.ok(isOff({ aheadSeconds: -2.5, uncertaintySeconds: 1 }));
    assert.match(
      clockWarning({ aheadSeconds: -2.5, uncertaintySeconds: 1 }),
      /^its clock is 2\.5 s behind/,
    );
  },
);

Deno.test("clockOffset() is null of a node that gives no time", { timeout: 300_000 }, async () => {
  const transport = new LocalTransport();
  transport.instead = () => "echo Sunday";
  assert.equal(await clockOffset(await transport.connect(localNode("a")), 5), null);
});

Deno.test("reasonOf() says how to mend what ssh complains of", { timeout: 300_000 }, () => {
  const cases: [string, RegExp][] = [
    [
      "@@@\n@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\n@@@\nHost key verification failed.",
      /^its host key is not the one that is known; find out why/,
    ],
    [
      "No ED25519 host key is known for node01 and you have requested strict checking.\r\n" +
      "Host key verification failed.",
      /^its host key is not known; put it into the cluster file/,
    ],
    ["bench@10.0.0.1: Permission denied (publickey).", /^it refuses the key/],
    ["ssh: connect to host 10.0.0.1 port 22: Connection refused", /^the connection is refused/],
    ["ssh: connect to host 10.0.0.1 port 22: Connection timed out", /^it does not answer/],
    ["Timeout, server 10.0.0.1 not responding.", /^it does not answer/],
    ["something new", /^ssh said: something new$/],
    ["", /^the connection ended$/],
  ];
  for (const [said, reason] of cases) assert.match(reasonOf(said).why, reason);
});

Deno.test(
  "nodeStatus() keeps little of a node that answers without an end",
  { timeout: 300_000 },
  async () => {
    await withPlaces(async (folder) => {
      const transport = new LocalTransport();
      const places = localPlaces(folder);
      const before = Deno.memoryUsage().rss;
      for (
        const [endless, problem] of [
          ["exec deno", /^doctor('s answer is not JSON| ended with 1\d\d)/],
          ["tidemark-deno", /^its shell does not do what it is told/],
        ] as const
      ) {
        transport.instead = (command) => command.includes(endless) ? "yes | tr -d '\\n'" : command;
        const status = await nodeStatus(transport, localNode("a"), places, {
          patienceSeconds: 20,
        });
        assert.equal(status.reachable, true);
        assert.equal(status.problems.length, 1);
        assert.match(status.problems[0]!, problem);
      }
      assert.ok(Deno.memoryUsage().rss - before < 200e6, "it grew");
    });
  },
);

Deno.test(
  "isReady() finds what it waits for behind a shell's greeting",
  { timeout: 60_000 },
  async () => {
    assert.equal(
      await isReady(ReadableStream.from([words("welcome\n"), words(`${READY}\n`)])),
      true,
    );
    assert.equal(await isReady(ReadableStream.from([words("welcome\n")])), false);
  },
);

Deno.test("isReady() takes no greeting without an end, and reads on whatever comes after", {
  timeout: 60_000,
}, async () => {
  assert.equal(await isReady(ReadableStream.from(Array(100).fill(words("y".repeat(1000))))), false);
  const drained = Promise.withResolvers<void>();
  async function* talkative() {
    yield words(`${READY}\n`);
    for (let i = 0; i < 100; i++) yield words("y".repeat(65536));
    drained.resolve();
  }
  assert.equal(await isReady(ReadableStream.from(talkative())), true);
  await drained.promise;
});
