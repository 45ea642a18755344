/** The modules, evaluated with a small module system of builtins alone. */
import assert from "node:assert/strict";
import { evaluate, evaluated, run, testWith } from "./_testing/tools.ts";

const NIX_INSTANTIATE = ["nix-instantiate"];
const INSTALLABLE = "import ./tests/evaluator { cluster = import ./tests/cluster.nix; }";

// deno-lint-ignore no-explicit-any -- a whole NixOS configuration; a wrong name fails the assertion.
type Configuration = any;
type Systems = Record<string, Configuration>;

testWith(NIX_INSTANTIATE, "systems are what they were", async (t) => {
  const systems = await evaluated<Systems>(INSTALLABLE);
  assert.deepEqual(Object.keys(systems), ["install", "netboot", "node01", "node02", "node03"]);
  for (const [name, system] of Object.entries(systems)) {
    await t.assertSnapshot(JSON.stringify(system, null, 1).split("\n"), { name });
  }
});

testWith(NIX_INSTANTIATE, "no assertion fails on a cluster without placeholders", async () => {
  const systems = await evaluated<Systems>(INSTALLABLE);
  for (const name of ["node01", "node02", "node03"]) {
    assert.deepEqual(failed(systems[name]), []);
  }
});

testWith(NIX_INSTANTIATE, "the cluster as it is shipped cannot be installed", async () => {
  const systems = await evaluated<Systems>("import ./tests/evaluator { }");
  assert.deepEqual(failed(systems.node02), [
    "The MAC of node02 in cluster.nix is still REPLACE-ME",
    "The disk of node02 in cluster.nix is still REPLACE-ME",
    "ssh.authorizedKeys in cluster.nix still holds a REPLACE-ME key",
  ]);
  // Nobody could log in to its image either.
  assert.deepEqual(failed(systems.netboot), [
    "ssh.authorizedKeys in cluster.nix still holds a REPLACE-ME key",
  ]);
});

/** The test cluster with something changed, as an expression; `c` is the cluster. */
function changed(change: string): string {
  return `let c = import ./tests/cluster.nix; set = name: fields: c // {
    nodes = c.nodes // { \${name} = c.nodes.\${name} // fields; }; };
    in import ./tests/evaluator { cluster = ${change}; }`;
}

function failed(system: Configuration): string[] {
  return system.assertions.filter((each: { assertion: boolean }) => !each.assertion)
    .map((each: { message: string }) => each.message);
}

testWith(
  NIX_INSTANTIATE,
  "a cluster file with a mistake fails an assertion that names it",
  async () => {
    const cases: [string, ...string[]][] = [
      [
        `set "node03" { address = "10.77.0.11"; }`,
        "Two nodes of cluster.nix have the address 10.77.0.11 10.77.0.11",
      ],
      [
        `set "node03" { mac = c.nodes.node01.mac; }`,
        "Two nodes of cluster.nix have the MAC 02:00:00:77:00:01 02:00:00:77:00:01",
      ],
      [
        `set "node01" { mac = "REPLACE-ME"; }`,
        "The MAC of node01 in cluster.nix is still REPLACE-ME",
      ],
      [
        `set "node01" { mac = "52-54-00-77-00-01"; }`,
        "The MAC of node01 in cluster.nix is not six pairs of small hexadecimal digits",
      ],
      [
        `set "node01" { address = "REPLACE-ME"; }`,
        "An address in cluster.nix is still REPLACE-ME",
      ],
      [
        `set "node02" { address = "REPLACE-ME"; }`,
        "An address in cluster.nix is still REPLACE-ME",
      ],
      [
        `set "node02" { address = "node02.example"; }`,
        "An address in cluster.nix is a name: give each node's IP address",
      ],
      [
        `c // { network = c.network // { gateway = "REPLACE-ME"; }; }`,
        "The network in cluster.nix still holds a REPLACE-ME",
      ],
      [
        `set "node02" { role = "controller"; }`,
        "cluster.nix has to have exactly one node with the role controller",
      ],
      [
        `set "node01" { disk = "/dev/sda"; }`,
        "The disk of node01 in cluster.nix is not under /dev/disk/by-id",
      ],
      [
        `c // { ssh = c.ssh // { authorizedKeys = [ ]; }; }`,
        "cluster.nix has no ssh.authorizedKeys: nobody could log in",
      ],
      [
        `c // { nightly = c.nightly // { at = "*-*-* 22:00"; longest = "15h"; }; }`,
        "maintenance.trimAt in cluster.nix, Mon *-*-* 13:00:00, may fall into the night that begins " +
        "at *-*-* 22:00 and takes up to 15min and 15h: move it",
        "maintenance.collectGarbageAt in cluster.nix, Wed *-*-* 13:00:00, may fall into the night " +
        "that begins at *-*-* 22:00 and takes up to 15min and 15h: move it",
        "maintenance.resultsAt in cluster.nix, *-*-* 13:00:00, may fall into the night that begins " +
        "at *-*-* 22:00 and takes up to 15min and 15h: move it",
      ],
      [
        `c // { maintenance = c.maintenance // { watchAt = "*-*-* 02:10:00"; }; }`,
        "maintenance.watchAt in cluster.nix, *-*-* 02:10:00, may fall into the night that begins " +
        "at *-*-* 02:30:00 and takes up to 15min and 10h: move it",
      ],
      [
        `c // { nightly = c.nightly // { at = "daily"; spread = "1h 30min"; }; }`,
        "Cannot tell when cluster.nix has its upkeep from daily, 1h 30min: write times like " +
        "Mon *-*-* 13:00:00 and spans like 15min",
      ],
    ];
    for (const [change, ...messages] of cases) {
      const systems = await evaluated<Systems>(changed(change));
      assert.deepEqual(failed(systems.node01), messages);
    }
  },
);

testWith(NIX_INSTANTIATE, "only the controller has the night and the pages", async () => {
  const systems = await evaluated<Systems>(INSTALLABLE);
  assert.ok(systems.node01.systemd.timers["tidemark-nightly"]);
  assert.ok(systems.node01.services.nginx.enable);
  assert.deepEqual(systems.node01.networking.firewall.allowedTCPPorts, [22, 80]);
  for (const name of ["node02", "node03"]) {
    assert.equal(systems[name].systemd.timers["tidemark-nightly"], undefined);
    assert.equal(systems[name].services.nginx, undefined);
    assert.deepEqual(systems[name].networking.firewall.allowedTCPPorts, [22]);
  }
});

testWith(
  NIX_INSTANTIATE,
  "the netboot image overrules what the installer's image opens",
  async () => {
    const { netboot } = await evaluated<Systems>(INSTALLABLE);
    assert.equal(netboot.services.openssh.settings.PermitRootLogin, "prohibit-password");
    assert.equal(netboot.services.openssh.settings.PasswordAuthentication, false);
    assert.equal(netboot.services.getty.autologinUser, null);
    assert.equal(netboot.users.users.nixos.initialHashedPassword, "!");
    assert.equal(netboot.networking.hostName, "");
    assert.equal(netboot.boot.kernelParams.at(-1), "console=ttyS0,115200n8");
  },
);

testWith(NIX_INSTANTIATE, "the port of cluster.nix is opened and listened on", async () => {
  const systems = await evaluated<Systems>(changed(`set "node02" { sshPort = 2222; }`));
  assert.deepEqual(systems.node02.networking.firewall.allowedTCPPorts, [2222]);
  assert.deepEqual(systems.node02.services.openssh.ports, [2222]);
  assert.deepEqual(systems.node01.services.openssh.ports, [22]);
});

testWith(NIX_INSTANTIATE, "a node's name is its own, whatever DHCP says", async () => {
  const { netboot } = await evaluated<Systems>(INSTALLABLE);
  assert.equal(netboot.networking.networkmanager.enable, false);
  const any = netboot.systemd.network.networks["10-any-card"];
  assert.equal(any.dhcpV4Config.UseHostname, false);
  assert.equal(any.dhcpV6Config.UseHostname, false);
});

testWith(
  [...NIX_INSTANTIATE, "systemd-analyze"],
  "a node's upkeep does not fall into the night",
  async () => {
    const { nightly, maintenance } = await evaluated<Configuration>("import ./cluster.nix");
    // The longest that a night may take: TimeoutStartSec of its unit, and its own spread.
    const seconds = async (span: string) => {
      const { out, err } = await run("systemd-analyze", ["timespan", span]);
      return Number(out.match(/μs: (\d+)/)?.[1] ?? assert.fail(err)) / 1e6;
    };
    const timeOfDay = (at: string) => {
      const [h, m, s] = at.match(/\d\d:\d\d:\d\d$/)![0].split(":").map(Number);
      return h! * 3600 + m! * 60 + s!;
    };
    const { node01 } = await evaluated<Systems>(INSTALLABLE);
    const unit = node01.systemd.services["tidemark-nightly"];
    const night = timeOfDay(nightly.at);
    const longest = await seconds(nightly.spread) +
      await seconds(unit.serviceConfig.TimeoutStartSec);
    const spread = await seconds(maintenance.spread);
    const { trimAt, collectGarbageAt, resultsAt, watchAt } = maintenance;
    for (const at of [trimAt, collectGarbageAt, resultsAt, watchAt]) {
      const after = (timeOfDay(at) - night + 86_400) % 86_400;
      assert.ok(after > longest, `${at} is ${after} s after the night's begin`);
      assert.ok(after + spread < 86_400, `${at} may reach into the next night`);
    }
    assert.equal(node01.services.fstrim.interval, maintenance.trimAt);
    assert.equal(node01.systemd.timers.fstrim.timerConfig.RandomizedDelaySec, maintenance.spread);
    assert.equal(node01.systemd.timers.fstrim.timerConfig.Persistent, false);
    assert.equal(node01.nix.gc.dates, maintenance.collectGarbageAt);
  },
);

testWith(
  NIX_INSTANTIATE,
  "a night that an option moves is what a node's upkeep keeps clear of",
  async () => {
    const node = await evaluated<Configuration>(`(import ./tests/evaluator/eval-modules.nix {
      lib = import ./tests/evaluator/lib.nix;
      modules = [ ./nodes/node01/configuration.nix
        { tidemark.nightly.timerConfig = { OnCalendar = [ "Mon *-*-* 01:00" "Tue *-*-* 04:00" ]; }; } ];
      specialArgs = { cluster = import ./tests/cluster.nix; pkgs = import ./tests/evaluator/packages.nix; };
    }).config`);
    const messages = failed(node);
    assert.equal(messages.length, 4);
    assert.match(
      messages[0]!,
      /^maintenance\.trimAt .* Mon \*-\*-\* 01:00 Tue \*-\*-\* 04:00 and takes up to 0s and 10h: /,
    );
  },
);

testWith(NIX_INSTANTIATE, "the smallest disk follows the layout's fixed partitions", async () => {
  const least = (size: string) =>
    evaluate(`import ./lib/least-gib.nix (import ./lib/disk-layout.nix { device = "/dev/vda";
      data = "/data"; systemSize = "${size}"; }).disko.devices.disk.main.content.partitions`);
  for (const [size, gib] of [["40G", 48], ["100G", 108], ["1T", 1032], ["08192M", 16]] as const) {
    assert.equal((await least(size)).value, gib);
  }
  assert.match((await least("40GiB")).err, /Cannot tell how large the partition system is: 40GiB/);
  const { install } = await evaluated<Systems>(INSTALLABLE);
  assert.equal(install.tidemark.install.leastGiB, 48);
});

testWith(NIX_INSTANTIATE, "results are kept as cluster.nix says", async () => {
  const systems = await evaluated<Systems>(changed(
    `c // { maintenance = c.maintenance // { keepNights = 14; keepWeeks = 6; keepGiB = 3; }; }`,
  ));
  const start = (name: string, unit: string) =>
    systems[name].systemd.services[unit].serviceConfig.ExecStart;
  assert.match(
    start("node01", "tidemark-nightly"),
    / --keep-nights 14 --keep-weeks 6 --keep-gib 3$/,
  );
  for (const name of ["node01", "node02"]) {
    assert.match(
      start(name, "tidemark-results"),
      / \/var\/lib\/tidemark\/results \/srv\/tidemark\/bench \/var\/lib\/tidemark\/bench\.lock 14 3072$/,
    );
  }
});

testWith(NIX_INSTANTIATE, "a virtual node has QEMU's disk and its management card", async () => {
  const node = await evaluated<Configuration>(`(import ./tests/evaluator/eval-modules.nix {
    lib = import ./tests/evaluator/lib.nix;
    modules = [ ./nodes/node02/configuration.nix { tidemark.virtual = true; tidemark.etcd.enable = true; } ];
    specialArgs = { cluster = import ./cluster.nix; pkgs = import ./tests/evaluator/packages.nix; };
  }).config`);
  assert.equal(node.disko.devices.disk.main.device, "/dev/vda");
  assert.equal(
    node.systemd.network.networks["20-management"].matchConfig.MACAddress,
    "52:54:00:78:00:02",
  );
  assert.deepEqual(node.services.etcd.initialCluster, [
    "node01=http://10.77.0.11:2380",
    "node02=http://10.77.0.12:2380",
    "node03=http://10.77.0.13:2380",
  ]);
  assert.deepEqual(node.services.etcd.extraConf, { METRICS: "extensive" });
  assert.deepEqual(node.networking.firewall.allowedTCPPorts, [22, 2379, 2380]);
  // What tmpfiles make before the first boot's service is known to it.
  const firstBoot = node.systemd.services["tidemark-first-boot"].serviceConfig.ExecStart;
  assert.match(firstBoot, / etcd$/);
});

/** Evaluates modules, written as a list, with two options declared. */
function small(modules: string): Promise<{ value?: unknown; err: string }> {
  return evaluate(`let lib = import ./tests/evaluator/lib.nix; in (import
    ./tests/evaluator/eval-modules.nix { inherit lib; modules = [
      { options.a.text = lib.mkOption { type = lib.types.str; default = "none"; };
        options.a.flag = lib.mkOption { type = lib.types.bool; }; }
      ${modules} ]; }).config`);
}

testWith(NIX_INSTANTIATE, "the evaluator merges as nixpkgs does", async () => {
  const cases: [string, unknown][] = [
    ["{ a.flag = true; }", { a: { flag: true, text: "none" } }],
    [
      `{ a.flag = lib.mkDefault true; } { a.flag = false; a.text = lib.mkForce "x"; } { a.text = "y"; }`,
      { a: { flag: false, text: "x" } },
    ],
    [
      `({ config, ... }: { a = lib.mkIf config.a.flag { text = "on"; }; }) { a.flag = true; }`,
      { a: { flag: true, text: "on" } },
    ],
    [
      `{ a.flag = true; b.list = [ 1 ]; } { b.list = lib.mkMerge [ [ 2 ] (lib.mkIf false [ 3 ]) ]; }`,
      { a: { flag: true, text: "none" }, b: { list: [1, 2] } },
    ],
    [
      `{ a.flag = true; b.c = lib.mkIf false 1; b.d = 1; } { b.d = 1; }`,
      { a: { flag: true, text: "none" }, b: { d: 1 } },
    ],
  ];
  for (const [modules, value] of cases) assert.deepEqual((await small(modules)).value, value);
});

testWith(NIX_INSTANTIATE, "the evaluator refuses what nixpkgs refuses", async () => {
  const cases: [string, RegExp][] = [
    ["{ }", /Cannot read a\.flag: it is used but not defined/],
    ["{ a.flag = 1; }", /Cannot take 1 for a\.flag: it is no boolean/],
    [
      "{ a.flag = true; } { a.flag = false; }",
      /Cannot merge a\.flag: it is defined as true and as/,
    ],
    ["{ a.flag = true; a.texts = 1; }", /Cannot set a\.texts: there is no such option/],
    ["{ a.flag = true; b = 1; } { b = 2; }", /Cannot merge b: it is defined as 1 and as 2/],
  ];
  for (const [modules, message] of cases) assert.match((await small(modules)).err, message);
});
