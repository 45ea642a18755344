import assert from "node:assert/strict";
import type { PressureRecord } from "../result/mod.ts";
import { fakeStreams } from "./_testing/fake_streams.ts";
import { tellNoise } from "./noise.ts";

async function told(pressure: PressureRecord): Promise<string> {
  const streams = fakeStreams();
  await tellNoise(streams, ".", () => Promise.resolve(pressure));
  assert.equal(streams.written, "", "it is no result");
  return streams.told;
}

Deno.test("tellNoise() says nothing of a calm machine", async () => {
  assert.equal(await told({ load1: 0, steal: 0, busyOthers: 0.01 }), "");
});

Deno.test("tellNoise() says what others take, and how to mend it, in a line each", async () => {
  const lines = (await told({ load1: 1000, steal: 0.04, busyOthers: 0.38 })).trimEnd().split("\n");
  assert.deepEqual(
    lines.map((line) =>
      /^note: a noisy machine\. (.*?)(?: on \d+ logical processors)?\. /.exec(line)?.[1]
    ),
    [
      "The host gave 4.0 % of the processors' time to other machines",
      "Other processes used 38.0 % of the processors' time",
      "The load average is 1000.00",
    ],
  );
  for (const line of lines) assert.match(line, /(Measure|stop them|Wait)/);
});

Deno.test("tellNoise() takes what could not be found out for no noise", async () => {
  assert.equal(await told({ load1: null, steal: null, busyOthers: null }), "");
});
