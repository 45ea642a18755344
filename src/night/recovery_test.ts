import assert from "node:assert/strict";
import { withFolder } from "../_testing/folder.ts";
import { begin } from "./begin.ts";
import { NightError } from "./error.ts";
import { lockNights, type NightFile, nightsIn, settle } from "./night_file.ts";
import { brokenOff } from "./recovery.ts";

const NIGHT = { suite: "suites/mine.ts", profile: "nightly", host: "node01" };

/** Begins a night of the year's day. */
function beginOn(out: string, day: number, nodes = false) {
  return begin(out, { ...NIGHT, nodes, startedAt: new Date(Date.UTC(2026, 0, day, 1)) });
}

Deno.test(
  "begin() keeps what the night is to be, where nightsIn() finds it",
  withFolder((out) => {
    const night = beginOn(out, 5);
    assert.equal(night.directory, `${out}/nights/${night.file.id}`);
    const { id, suite, night: date, settled, stages } = night.file;
    assert.match(id, /^2026-01-05T010000Z-mine-[0-9a-f]{4}$/);
    assert.deepEqual([suite, date, settled, stages], ["mine", "2026-01-05", false, []]);
    const other = begin(out, { ...NIGHT, nodes: true, night: "2026-01-04", startedAt: new Date() });
    assert.deepEqual(nightsIn(out).map(({ file }) => file), [night.file, other.file]);
    assert.equal(other.file.night, "2026-01-04");
  }),
);

Deno.test(
  "brokenOff() is the newest night that is not settled",
  withFolder((out) => {
    const nights = [1, 2, 3].map((day) => beginOn(out, day));
    settle(nights[2]!);
    assert.deepEqual(brokenOff(out, false).file, nights[1]!.file);
    for (const night of nights) settle(night);
    assert.throws(() => brokenOff(out, false), {
      name: "NightError",
      message: `Cannot resume: no night in ${out} was broken off; leave out --resume`,
    });
    assert.throws(() => brokenOff(`${out}/nowhere`, false), NightError);
  }),
);

Deno.test(
  "brokenOff() refuses a night that was measured elsewhere",
  withFolder((out) => {
    beginOn(out, 1, true);
    assert.throws(() => brokenOff(out, false), /was measured on nodes; add --nodes$/);
    assert.equal(brokenOff(out, true).file.nodes, true);
    beginOn(out, 2);
    assert.throws(() => brokenOff(out, true), /was measured here; leave out --nodes$/);
  }),
);

Deno.test(
  "nightsIn() leaves alone what has no record, or another's",
  withFolder((out) => {
    const { directory, file } = beginOn(out, 1);
    Deno.mkdirSync(`${out}/nights/empty`);
    for (const [name, text] of [["damaged", "{"], ["renamed", JSON.stringify(file)]] as const) {
      Deno.mkdirSync(`${out}/nights/${name}`);
      Deno.writeTextFileSync(`${out}/nights/${name}/night.json`, text);
    }
    assert.deepEqual(nightsIn(out).map((night) => night.directory), [directory]);
    const unknown = { ...file, later: "kept" } as NightFile;
    Deno.writeTextFileSync(`${directory}/night.json`, JSON.stringify(unknown));
    const [night] = nightsIn(out);
    settle(night!);
    assert.deepEqual(nightsIn(out)[0]!.file, { ...unknown, settled: true });
  }),
);

Deno.test(
  "lockNights() lets one night at a time into a folder, and says since when",
  withFolder((out) => {
    const lock = lockNights(`${out}/new`, "2026-01-05T01:00:00.000Z");
    assert.throws(() => lockNights(`${out}/new`, "2026-01-05T02:00:00.000Z"), {
      name: "NightError",
      message: `Cannot begin a night in ${out}/new: another one is under way since ` +
        "2026-01-05T01:00:00.000Z; wait until it has ended",
    });
    lock[Symbol.dispose]();
    lockNights(`${out}/new`, "2026-01-05T03:00:00.000Z")[Symbol.dispose]();
  }),
);
