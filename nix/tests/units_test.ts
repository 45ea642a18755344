/** The services and timers, asked about with systemd's own tools. */
import assert from "node:assert/strict";
import { evaluated, run, testWith } from "./_testing/tools.ts";

type Units = Record<string, Record<string, string>>;

/** systemd-analyze's exposure, from 0 (nothing) to 10 (everything), that a service may have. */
const MOST_EXPOSED: Record<string, number> = {
  "tidemark-nightly.service": 1.5,
  "tidemark-clock.service": 1.5,
  "tidemark-first-boot.service": 1.5,
  "tidemark-host-key.service": 1.5,
  "tidemark-turbo-off.service": 1.5,
  // It talks to an address that is not known here.
  "tidemark-alert@.service": 2,
  "tidemark-watch.service": 1.5,
  "tidemark-results.service": 1.5,
};

/** Writes a system's units into a folder; programs of the Nix store are not on this machine. */
async function withUnits(
  system: string,
  body: (folder: string, names: string[]) => Promise<void>,
): Promise<void> {
  const all = await evaluated<Units>(
    "import ./tests/units.nix { cluster = import ./tests/cluster.nix; }",
  );
  const units = all[system]!;
  const folder = Deno.makeTempDirSync();
  try {
    for (const [name, text] of Object.entries(units)) {
      Deno.writeTextFileSync(
        `${folder}/${name}`,
        text.replaceAll(/\/nix\/store\/[^\s":]+/g, "/bin/true"),
      );
    }
    await body(folder, Object.keys(units));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

testWith(["nix-instantiate"], "units are what they were", async (t) => {
  const all = await evaluated<Units>(
    "import ./tests/units.nix { cluster = import ./tests/cluster.nix; }",
  );
  for (const system of ["node01", "node02", "install"]) {
    const text = Object.entries(all[system]!).flatMap(([name, unit]) => [
      `# ${name}`,
      ...unit.split("\n"),
    ]);
    await t.assertSnapshot(text, { name: system });
  }
});

testWith(
  ["nix-instantiate", "systemd-analyze"],
  "systemd knows every key of the units",
  async () => {
    for (const system of ["node01", "node02", "install"]) {
      await withUnits(system, async (folder, names) => {
        const { code, err } = await run(
          "systemd-analyze",
          [
            "verify",
            "--man=no",
            "--recursive-errors=no",
            ...names.map((name) => `${folder}/${name}`),
          ],
        );
        // It ends with 0 on a key that it does not know, and only says so.
        assert.equal(err, "");
        assert.equal(code, 0);
      });
    }
  },
);

testWith(
  ["nix-instantiate", "systemd-analyze"],
  "systemd says so of a key it does not know",
  async () => {
    await withUnits("node01", async (folder) => {
      const path = `${folder}/tidemark-nightly.service`;
      const text = Deno.readTextFileSync(path).replace("ProtectHome=", "ProtectHouse=");
      Deno.writeTextFileSync(path, text);
      const { err } = await run("systemd-analyze", ["verify", "--man=no", path]);
      assert.match(err, /ProtectHouse/);
    });
  },
);

testWith(
  ["nix-instantiate", "systemd-analyze"],
  "services are no more exposed than allowed",
  async () => {
    await withUnits("node01", async (folder, names) => {
      const services = names.filter((name) => name.endsWith(".service"));
      assert.deepEqual(services.sort(), Object.keys(MOST_EXPOSED).sort());
      for (const name of services) {
        const { code, out } = await run("systemd-analyze", [
          "security",
          "--no-pager",
          "--offline=true",
          `--threshold=${MOST_EXPOSED[name]! * 10}`,
          `${folder}/${name}`,
        ]);
        const score = out.match(/exposure level for .*: (\S+)/)?.[1];
        assert.equal(code, 0, `${name} is at ${score}`);
      }
    });
  },
);

testWith(
  ["nix-instantiate", "systemd-analyze"],
  "the night's times and the upkeep's are ones that systemd knows, as our modules read them",
  async () => {
    type Times = { at: Record<string, number>; spans: Record<string, number> };
    const { at, spans } = await evaluated<Times>(`let
      inherit (import ./cluster.nix) nightly maintenance;
      time = import ./lib/time.nix;
      each = read: texts: builtins.listToAttrs (map (name: { inherit name; value = read name; }) texts);
    in {
      at = each time.ofDay [ nightly.at maintenance.trimAt maintenance.collectGarbageAt
        maintenance.resultsAt maintenance.watchAt "Fri *-*-* 9:08" ];
      spans = each time.span [ nightly.spread nightly.longest maintenance.spread "90s" ];
    }`);
    for (const [text, seconds] of Object.entries(at)) {
      const { code, out, err } = await run("systemd-analyze", ["calendar", text]);
      assert.equal(code, 0, err);
      const [, h, m, s] = out.match(/Normalized form: .* (\d\d):(\d\d):(\d\d)$/m)!.map(Number);
      assert.equal(seconds, h! * 3600 + m! * 60 + s!, text);
    }
    for (const [text, seconds] of Object.entries(spans)) {
      const { out, err } = await run("systemd-analyze", ["timespan", text]);
      assert.equal(Number(out.match(/μs: (\d+)/)?.[1]), seconds * 1e6, err);
    }
  },
);
