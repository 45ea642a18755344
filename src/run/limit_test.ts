import assert from "node:assert/strict";
import { PROFILES } from "../suite/mod.ts";
import { runLimitMs, stalledWords } from "./limit.ts";

Deno.test("runLimitMs() is generous: minutes, and enough for a slow disk's synced writes", () => {
  const minute = 60_000;
  for (const profile of Object.values(PROFILES)) {
    const single = runLimitMs({ ...profile, operation: "put", elements: 1 });
    assert.ok(single > minute && single <= 2 * minute, `${profile.name}: ${single}`);
    const times = 10 * (profile.warmupMs + profile.measureMs);
    const limit = (operation: "put" | "scan", elements: number) =>
      runLimitMs({ ...profile, operation, elements });
    assert.equal(limit("put", 10_000), minute + times + 200_000);
    assert.equal(limit("scan", 500_000), minute + times + 25_000, "entries come in blocks");
  }
});

Deno.test("stalledWords() name what it was in, and how full the device is", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    assert.match(
      await stalledWords(90_000, "open", `${folder}/database`),
      /^No progress for 1m 30s in open[;:] the device of its database is (not )?full, .* are free; /,
    );
  } finally {
    Deno.removeSync(folder);
  }
  assert.equal(
    await stalledWords(1000, "put", "/nonexistent/folder/database"),
    "No progress for 1s in put; --run-limit allows for more time",
  );
});
