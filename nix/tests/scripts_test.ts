/** The scripts that run on nodes, and the launcher, run for real on files and in dry runs. */
import assert from "node:assert/strict";
import { evaluated, NIX, run, skippable, testWith } from "./_testing/tools.ts";

const GUARD = ["bash", "wipefs", "sfdisk"];

/** A file that stands for a disk of 64 MiB. */
async function withDisk(body: (disk: string) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync();
  try {
    const disk = `${folder}/disk`;
    Deno.writeFileSync(disk, new Uint8Array());
    Deno.truncateSync(disk, 64 * 2 ** 20);
    await body(disk);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function guard(disk: string, named = "") {
  return run("bash", ["modules/disk-guard.sh", disk, named]);
}

async function partition(disk: string, names: string[]): Promise<void> {
  const table = ["label: gpt", ...names.map((name) => `size=8MiB, name="${name}"`)].join("\n");
  const { code, err } = await run("sfdisk", ["--quiet", disk], { stdin: `${table}\n` });
  assert.equal(code, 0, err);
}

testWith(GUARD, "disk-guard.sh lets a blank disk pass", async () => {
  await withDisk(async (disk) => {
    const { code, out } = await guard(disk);
    assert.equal(code, 0);
    assert.equal(out, `${disk} is blank\n`);
  });
});

const OWN = ["disk-main-boot", "disk-main-system", "disk-main-data"];

testWith(GUARD, "disk-guard.sh tells an installed node, which only its name formats", async () => {
  await withDisk(async (disk) => {
    await partition(disk, OWN);
    const { code, out } = await guard(disk);
    assert.equal(code, 3);
    const name = out.match(
      /: a node is installed on it; .* boot once with tidemark\.format=(\S+)$/m,
    )![1]!;
    assert.match(name, new RegExp(`^${RegExp.escape(disk)}:[0-9A-F-]{36}$`));
    assert.equal((await guard(disk, "/dev/disk/by-id/another")).code, 3);
    // The device alone is a word that may have been left where it was of use once.
    assert.equal((await guard(disk, disk)).code, 3);
    assert.equal((await guard(disk, name)).code, 0);
    // Partitioned anew, it is another node's results and host key.
    await partition(disk, OWN);
    assert.equal((await guard(disk, name)).code, 3);
  });
});

testWith([...GUARD, "mkfs.ext4"], "disk-guard.sh refuses what is not the cluster's", async () => {
  const foreign: ((disk: string) => Promise<unknown>)[] = [
    (disk) => run("mkfs.ext4", ["-q", "-F", disk]),
    (disk) => partition(disk, []),
    (disk) => partition(disk, ["disk-main-boot", "home"]),
    (disk) => partition(disk, ["not-disk-main-boot"]),
  ];
  for (const make of foreign) {
    await withDisk(async (disk) => {
      await make(disk);
      const before = Deno.readFileSync(disk);
      const { code, err } = await guard(disk);
      assert.equal(code, 1);
      assert.match(err, /^Cannot format .*: it holds .* boot with tidemark\.format=/);
      assert.equal((await guard(disk, "/dev/disk/by-id/another")).code, 1);
      // Told by exactly its name, it passes; nothing was written in any case.
      assert.equal((await guard(disk, disk)).code, 0);
      assert.deepEqual(Deno.readFileSync(disk), before);
    });
  }
});

testWith(GUARD, "disk-guard.sh refuses a disk that is not there", async () => {
  const { code, err } = await guard("/dev/disk/by-id/nvme-none");
  assert.equal(code, 1);
  assert.match(err, /^Cannot find \/dev\/disk\/by-id\/nvme-none: /);
});

testWith(
  ["bash"],
  "first-boot.sh refuses a directory of the system's own file system",
  async () => {
    const folder = Deno.makeTempDirSync({ dir: NIX });
    try {
      const { code, err } = await run("bash", [
        "modules/first-boot.sh",
        folder,
        "root",
        `${folder}/stamp`,
      ]);
      // The checkout may itself lie on another file system than /, which is then taken for data.
      if (Deno.statSync(NIX).dev !== Deno.statSync("/").dev) return;
      assert.equal(code, 1);
      assert.match(err, /^Cannot set up .*: it lies on the system's file system; /);
      assert.deepEqual([...Deno.readDirSync(folder)], []);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
);

/**
 * install.sh with a disk that is a file. The guard is the real one; what installs, asks a real block
 * device or starts a machine anew cannot be run here and is a stand-in that writes down its call.
 */
async function install(
  disk: string,
  change: {
    node?: string;
    cmdline?: string;
    bios?: boolean;
    gib?: number;
    mounted?: string;
    without?: string;
    stand?: Record<string, string>;
  } = {},
): Promise<{ code: number; err: string; calls: string[] }> {
  const folder = Deno.makeTempDirSync();
  try {
    const log = `${folder}/calls`;
    Deno.writeTextFileSync(log, "");
    const note = `echo "$(basename "$0") $*" >>'${log}'`;
    const lsblk = `case "$*" in
      *SIZE*) echo ${(change.gib ?? 64) * 2 ** 30} ;;
      *MOUNTPOINT*) echo '${change.mounted ?? ""}' ;;
    esac`;
    const stands: Record<string, string> = {
      "tidemark-disk-guard": `exec bash '${NIX}/modules/disk-guard.sh' "$@"`,
      ...{ "nix-env": note, "nix-store": note, "nixos-install": note, systemctl: note },
      ...{ mount: note, mkdir: ":", partition: note, lsblk },
      ...change.stand,
    };
    if (change.without) delete stands[change.without];
    Deno.mkdirSync(`${folder}/bin`);
    for (const [name, body] of Object.entries(stands)) {
      Deno.writeTextFileSync(`${folder}/bin/${name}`, `#!/bin/bash\n${body}\n`, { mode: 0o755 });
    }
    Deno.mkdirSync(`${folder}/system`);
    Deno.writeTextFileSync(`${folder}/system/init`, "");
    if (!change.bios) Deno.mkdirSync(`${folder}/efi`);
    Deno.writeTextFileSync(`${folder}/cmdline`, `${change.cmdline ?? "tidemark.install"}\n`);
    const { code, err } = await run("bash", [
      "modules/install.sh",
      ...[
        change.node ?? Deno.hostname(),
        disk,
        "48",
        `${folder}/bin/partition`,
        `${folder}/system`,
      ],
    ], {
      env: {
        PATH: `${folder}/bin:/usr/bin:/bin:/usr/sbin:/sbin`,
        TIDEMARK_CMDLINE: `${folder}/cmdline`,
        TIDEMARK_EFI: `${folder}/efi`,
      },
    });
    const calls = Deno.readTextFileSync(log).replaceAll(folder, "").split("\n").slice(0, -1);
    return { code, err, calls };
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

const DISK_TOUCHED = /^(partition|nixos-install|systemctl)/;

testWith(GUARD, "install.sh partitions a blank disk, installs and reboots", async () => {
  await withDisk(async (disk) => {
    const { code, err, calls } = await install(disk);
    assert.equal(code, 0, err);
    assert.deepEqual(calls, [
      "nix-store --query --requisites /system",
      "partition ",
      "nixos-install --system /system --no-root-passwd --no-channel-copy",
      "systemctl reboot",
    ]);
  });
});

testWith(GUARD, "install.sh starts an installed node, and formats it only by name", async () => {
  await withDisk(async (disk) => {
    await partition(disk, OWN);
    const started = await install(disk);
    assert.equal(started.code, 0, started.err);
    assert.deepEqual(started.calls, [
      `mount --options ro ${disk}1 /boot`,
      "systemctl kexec",
    ]);
    const failing = await install(disk, { stand: { systemctl: "exit 1" } });
    assert.equal(failing.code, 1);
    assert.match(failing.err, /no system that starts; .* boot once with the tidemark\.format/);
    const left = await install(disk, { cmdline: `tidemark.install tidemark.format=${disk}` });
    assert.deepEqual(left.calls, started.calls);
    const name = (await guard(disk)).out.match(/tidemark\.format=(\S+)/)![1];
    const formatted = await install(disk, { cmdline: `tidemark.install tidemark.format=${name}` });
    assert.equal(formatted.code, 0, formatted.err);
    assert.ok(formatted.calls.includes("partition "));
  });
});

testWith(GUARD, "install.sh asks all that can be known before it touches the disk", async () => {
  // nix-env from the system's own path would hide that it is missing from the service's.
  const cases: [Parameters<typeof install>[1], RegExp][] = [
    [{ node: "another" }, /^Cannot install: this is .*, and the image is another's/],
    [{ without: "nixos-install" }, /^Cannot install: nixos-install is not on the PATH/],
    [{ bios: true }, /^Cannot install: this machine was started by a BIOS/],
    [{ gib: 20 }, /^Cannot install: .* has 20 GiB, and the layout takes 48 GiB/],
    [{ mounted: "/srv" }, /^Cannot install: .* is mounted at \/srv; unmount it/],
    [{ without: "partition" }, /^Cannot install: .*partition is not in this image/],
    [{ stand: { "nix-store": "exit 1" } }, /^Cannot install: the image's store does not know all/],
  ];
  await withDisk(async (disk) => {
    for (const [change, message] of cases) {
      const { code, err, calls } = await install(disk, change);
      assert.equal(code, 1);
      assert.match(err, message);
      assert.deepEqual(calls.filter((call) => DISK_TOUCHED.test(call)), []);
    }
  });
});

testWith(["nix-instantiate"], "install.sh has the programs that it calls on its path", async () => {
  const unit = await evaluated<{ ExecStart: string }>(`
    let
      fake = import ./tests/evaluator/packages.nix;
      names = package: builtins.concatStringsSep " " (map (each: each.name) package.runtimeInputs);
    in
    (import ./modules/install.nix {
      lib = import ./tests/evaluator/lib.nix // { getExe = names; };
      pkgs = fake // { writeShellApplication = each: each // { outPath = each.name; }; };
      config = {
        nix.package = fake.nix;
        tidemark.install = { node = ""; device = ""; leastGiB = 1; partition = ""; system = ""; };
      };
    }).config.systemd.services.tidemark-install.serviceConfig`);
  // nixos-install calls nix-env, and neither it nor the unit brings that.
  const path = unit.ExecStart.trim().split(/\s+/);
  for (const name of ["nix", "nixos-install", "systemd", "util-linux", "tidemark-disk-guard"]) {
    assert.ok(path.includes(name), `${name} is not in ${unit.ExecStart}`);
  }
});

const isRoot = Deno.uid() === 0;

Deno.test({
  name: skippable(
    "first-boot.sh makes the directory, stamps, and leaves foreign files alone",
    isRoot ? undefined : "not root",
  ),
  ignore: !isRoot,
  async fn() {
    const folder = Deno.makeTempDirSync();
    try {
      // A mount of its own that ends with the shell.
      const { code, out, err } = await run("unshare", [
        "--mount",
        "bash",
        "-eu",
        "-c",
        `
        mkdir "$1/data"
        mount -t tmpfs none "$1/data"
        touch "$1/data/photos"
        bash modules/first-boot.sh "$1/data" root "$1/stamp" && exit 9
        test ! -e "$1/data/bench" && test ! -e "$1/stamp"
        rm "$1/data/photos"
        mkdir "$1/data/etcd"
        bash modules/first-boot.sh "$1/data" root "$1/stamp" && exit 9
        bash modules/first-boot.sh "$1/data" root "$1/stamp" etcd
        test -d "$1/data/bench" && cat "$1/stamp"
      `,
        "test",
        folder,
      ]);
      assert.equal(code, 0, err);
      assert.match(err, /: it holds .*\/photos; /);
      assert.match(out, /^\d{4}-\d\d-\d\dT/);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
});

testWith(["bash"], "turbo-off.sh turns the switch that is there", async () => {
  for (const [file, off] of [["intel_pstate/no_turbo", "1"], ["cpufreq/boost", "0"]] as const) {
    const cpu = Deno.makeTempDirSync();
    try {
      Deno.mkdirSync(`${cpu}/${file.split("/")[0]}`);
      Deno.writeTextFileSync(`${cpu}/${file}`, "unset");
      assert.equal((await run("bash", ["modules/turbo-off.sh", cpu])).code, 0);
      assert.equal(Deno.readTextFileSync(`${cpu}/${file}`).trim(), off);
    } finally {
      Deno.removeSync(cpu, { recursive: true });
    }
  }
});

testWith(
  ["bash", "jq", "curl"],
  "alert.sh posts what failed, and keeps the address to itself",
  async () => {
    const folder = Deno.makeTempDirSync();
    const posted: unknown[] = [];
    const server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      async (request) => {
        posted.push([new URL(request.url).pathname, await request.json()]);
        return new Response(null, {
          status: new URL(request.url).pathname === "/gone" ? 410 : 200,
        });
      },
    );
    try {
      const alert = (path: string) => {
        Deno.writeTextFileSync(
          `${folder}/webhook`,
          `http://127.0.0.1:${server.addr.port}${path}\n`,
        );
        return run("bash", ["modules/alert.sh", "tidemark-nightly.service"], {
          env: { CREDENTIALS_DIRECTORY: folder },
        });
      };
      const { code, err } = await alert("/hook/secret");
      assert.equal(code, 0, err);
      const [[path, body]] = posted as [[string, { text: string }]];
      assert.equal(path, "/hook/secret");
      assert.ok(body.text.startsWith(`${Deno.hostname()}: tidemark-nightly.service failed\n`));
      const refused = await alert("/gone");
      assert.equal(refused.code, 1);
      assert.match(refused.err, /^Could not say that tidemark-nightly\.service failed; /m);
      assert.doesNotMatch(refused.err, /gone/);
    } finally {
      await server.shutdown();
      Deno.removeSync(folder, { recursive: true });
    }
  },
);

/** A relay that takes one mail, as RFC 5321 has it, and no more than that. */
async function takeMail(listener: Deno.Listener): Promise<string> {
  using connection = await listener.accept();
  const say = (line: string) => connection.write(new TextEncoder().encode(`${line}\r\n`));
  await say("220 relay");
  let taken = "", inData = false;
  const buffer = new Uint8Array(4096);
  for (let n = await connection.read(buffer); n !== null; n = await connection.read(buffer)) {
    const text = new TextDecoder().decode(buffer.subarray(0, n));
    taken += text;
    if (inData) {
      if (!/\r\n\.\r\n$/.test(taken)) continue;
      inData = false;
      await say("250 taken");
    } else if (/^DATA/i.test(text)) {
      inData = true;
      await say("354 go on");
    } else if (/^QUIT/i.test(text)) {
      await say("221 bye");
      break;
    } else await say("250 relay");
  }
  return taken;
}

testWith(["bash", "curl"], "alert.sh mails what failed through a relay", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const mail = takeMail(listener);
  const { code, err } = await run("bash", ["modules/alert.sh", "tidemark-watch.service"], {
    env: { MAIL_TO: "ops@example.org", MAIL_RELAY: `smtp://127.0.0.1:${listener.addr.port}` },
  });
  assert.equal(code, 0, err);
  const taken = await mail;
  assert.match(taken, /^RCPT TO:<ops@example\.org>/m);
  assert.ok(taken.includes(`Subject: ${Deno.hostname()}: tidemark-watch.service failed\r\n\r\n`));
});

testWith(["bash"], "watch.sh fails where there is no room or was no night", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const stamp = `${folder}/last-night`;
    const watch = (least: string, night: string) =>
      run("bash", ["modules/watch.sh", least, night, `${folder}/born`, "24", folder]);
    assert.equal((await watch("0", "")).code, 0);
    const full = await watch("101", "");
    assert.equal(full.code, 1);
    assert.match(full.err, / has \d+ % free, less than 101 %: /);
    assert.match((await watch("0", stamp)).err, /^No night has ended here yet: /);
    // A node that was installed today has had none to miss.
    Deno.writeTextFileSync(`${folder}/born`, "");
    assert.equal((await watch("0", stamp)).code, 0);
    assert.equal((await watch("101", stamp)).code, 1);
    const old = new Date(Date.now() - 30 * 3_600_000);
    Deno.utimeSync(`${folder}/born`, old, old);
    assert.match((await watch("0", stamp)).err, /^No night has ended here yet: /);
    Deno.writeTextFileSync(stamp, "");
    assert.equal((await watch("0", stamp)).code, 0);
    Deno.utimeSync(stamp, old, old);
    const late = await watch("0", stamp);
    assert.equal(late.code, 1);
    assert.match(late.err, /^The last night ended at .*, more than 24 hours ago: /);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

/** The name of a bench that was begun so many days ago. */
function benchOf(daysAgo: number, suite = "baseline-ab12"): string {
  const at = new Date(Date.now() - daysAgo * 86_400_000).toISOString();
  return `${at.slice(0, 19).replaceAll(":", "")}Z-${suite}`;
}

/** A node's folders, in which `results.sh` removes what is old. */
async function withBenches(
  body: (node: {
    folder: string;
    bench(name: string, mib?: number, where?: "results" | "bench"): void;
    left(where?: "results" | "bench"): string[];
    remove(nights: number, mib: number): ReturnType<typeof run>;
  }) => Promise<void>,
): Promise<void> {
  const folder = Deno.makeTempDirSync();
  try {
    Deno.mkdirSync(`${folder}/results`);
    Deno.mkdirSync(`${folder}/bench`);
    await body({
      folder,
      bench(name, mib = 0, where = "results") {
        Deno.mkdirSync(`${folder}/${where}/${name}`);
        const size = Math.max(1, mib * 2 ** 20);
        Deno.writeFileSync(`${folder}/${where}/${name}/journal.jsonl`, new Uint8Array(size));
      },
      left: (where = "results") =>
        [...Deno.readDirSync(`${folder}/${where}`)].map(({ name }) => name).sort().reverse(),
      remove: (nights, mib) =>
        run("bash", [
          "modules/results.sh",
          ...["results", "bench", "bench.lock"].map((name) => `${folder}/${name}`),
          String(nights),
          String(mib),
        ]),
    });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

const RESULTS = ["bash", "flock", "find", "du"];

testWith(RESULTS, "results.sh removes what is older than the nights that are kept", async () => {
  await withBenches(async ({ bench, left, remove }) => {
    assert.match((await remove(90, 8)).out, /^Nothing was benched here yet/);
    // The newest was begun a month ago: nights count from it.
    const names = [30, 31, 33, 43, 44].map((days) => benchOf(days));
    for (const name of names) bench(name);
    assert.match((await remove(14, 8)).out, /^1 of 5 results removed, \d+ MiB stay\n$/);
    assert.deepEqual(left(), names.slice(0, 4));
    assert.match((await remove(14, 8)).out, /^0 of 4 results removed/);
    // Two days are kept whatever is asked for.
    await remove(0, 0);
    assert.deepEqual(left(), names.slice(0, 2));
  });
});

testWith(RESULTS, "results.sh removes the oldest where all is too large", async () => {
  await withBenches(async ({ bench, left, remove }) => {
    const names = [0, 1, 5, 6, 7].map((days) => benchOf(days));
    for (const name of names.slice(0, 2)) bench(name, 1);
    bench(names[2]!, 6);
    bench(names[3]!, 5);
    bench(names[4]!, 1);
    assert.equal((await remove(90, 10)).err, "");
    assert.deepEqual(left(), [names[0], names[1], names[2], names[4]]);
    const { code, err } = await remove(90, 0);
    assert.equal(code, 0);
    assert.match(err, /^What may not go is more than 0 MiB: look at the last two days' in /);
  });
});

testWith(RESULTS, "results.sh removes nothing of a bench that is under way", async () => {
  await withBenches(async ({ folder, bench, left, remove }) => {
    const names = [0, 100, 200].map((days) => benchOf(days));
    for (const name of names) bench(name);
    for (const name of names) bench(name, 0, "bench");
    const lock = `${folder}/bench.lock`;
    // What an agent wrote that was killed: its bench may still run.
    Deno.writeTextFileSync(lock, JSON.stringify({ group: 4711, id: names[1] }));
    {
      using file = Deno.openSync(lock, { read: true, write: true });
      assert.ok(file.tryLockSync(true));
      const { code, out } = await remove(14, 80);
      assert.equal(code, 0);
      assert.match(out, /^A bench is under way: /);
      assert.deepEqual([left(), left("bench")], [names, names]);
    }
    await remove(14, 8);
    assert.deepEqual([left(), left("bench")], [names.slice(0, 2), names.slice(0, 2)]);
    Deno.writeTextFileSync(lock, "");
    await remove(14, 8);
    // Databases of a bench that ended are its own to remove, and a lost one's go at last.
    assert.deepEqual([left(), left("bench")], [names.slice(0, 1), names.slice(0, 1)]);
  });
});

testWith(RESULTS, "results.sh leaves what is no bench, and follows no link", async () => {
  await withBenches(async ({ folder, bench, left, remove }) => {
    const outside = `${folder}/outside`;
    Deno.mkdirSync(outside);
    Deno.writeTextFileSync(`${outside}/precious`, "");
    const old = benchOf(300);
    bench(benchOf(0));
    bench(old);
    Deno.symlinkSync(outside, `${folder}/results/${old}/link`);
    const strange = [
      "keep",
      `${benchOf(301)}\nx`,
      `-${benchOf(302)}`,
      "9999-99-99T999999Z-x",
      // A clock that was years ahead has said so, and makes no other bench old.
      benchOf(-3000),
    ];
    for (const name of strange) bench(name);
    Deno.symlinkSync(outside, `${folder}/results/${benchOf(303)}`);
    Deno.symlinkSync(outside, `${folder}/bench/${benchOf(304)}`);
    Deno.writeTextFileSync(`${folder}/results/${benchOf(305)}`, "");
    const before = left();
    assert.equal((await remove(14, 8)).code, 0);
    assert.deepEqual(left(), before.filter((name) => name !== old));
    assert.deepEqual([...Deno.readDirSync(outside)].map(({ name }) => name), ["precious"]);
    assert.equal(left("bench").length, 1);
  });
});

testWith(["bash"], "a host key is said on the console and found in its log", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDJQ1Zi7zL+QVxFnYAtYBn3BcVZDhG13JPkuHVcL7dCd";
    Deno.writeTextFileSync(`${folder}/key.pub`, `${key} root@node\n`);
    const said = await run("bash", ["modules/host-key.sh", `${folder}/key.pub`]);
    const node = Deno.hostname();
    assert.equal(said.out, `tidemark-host-key ${node} ${key}\n`);
    const found = (log: string, name = "node01") => {
      Deno.writeTextFileSync(`${folder}/log`, log);
      return run("launch/host-key.sh", [name, `${folder}/log`]);
    };
    const line = (name: string, text: string) =>
      `\x1b[0m[  OK  ] tidemark-host-key[612]: tidemark-host-key ${name} ${text}\r\n`;
    // Each boot says it again, and other nodes are on the same console.
    const log = `boot\r\n${line("node01", key)}${line("node02", "ssh-ed25519 AAAA")}`;
    assert.equal((await found(`${log}${log}`)).out, `hostKey = "${key}";\n`);
    assert.match((await found(log, "node03")).err, /^Cannot find a host key of node03/);
    const two = await found(`${log}${line("node01", "ssh-ed25519 BBBB")}`);
    assert.equal(two.code, 2);
    assert.match(two.err, /^Cannot tell the host key of node01: .* has several/);
    assert.equal((await found(log, ".*")).code, 2);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

const launched = { env: { TIDEMARK_ACCELERATOR: "tcg" } };

testWith(["bash", "jq"], "launchers build the same command as before", async (t) => {
  for (const node of ["node01", "node02", "node03"]) {
    const { code, out, err } = await run(`launch/${node}.sh`, [
      "--dry-run",
      ...["--netboot", "images/netboot", "--append", "tidemark.install"],
      ...["--disk", "images/disk with spaces.qcow2", "--firmware", "OVMF.fd"],
    ], launched);
    assert.equal(code, 0, err);
    await t.assertSnapshot(out.trimEnd().split("\n"), { name: node });
  }
});

testWith(
  ["bash", "jq"],
  "a launcher refuses a cluster.json that was made of another file",
  async () => {
    const folder = Deno.makeTempDirSync();
    try {
      for (const name of ["cluster.nix", "cluster.json"]) {
        Deno.copyFileSync(`${NIX}/${name}`, `${folder}/${name}`);
      }
      const launch = () =>
        run("launch/node01.sh", ["--dry-run"], {
          env: { ...launched.env, TIDEMARK_CLUSTER: `${folder}/cluster.json` },
        });
      assert.equal((await launch()).code, 0);
      Deno.writeTextFileSync(`${folder}/cluster.nix`, "# changed\n", { append: true });
      const { code, err } = await launch();
      assert.equal(code, 2);
      assert.match(
        err,
        /^Cannot use .*cluster\.json: .*cluster\.nix has changed since it was made; run /,
      );
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
);

testWith(["bash", "jq"], "launchers refuse what could become another command", async () => {
  const refused: [string[], RegExp][] = [
    [["node9", "--dry-run"], /^Cannot launch node9: .* has node01, node02, node03\n$/],
    [["$(id)"], /^Cannot launch '\$\(id\)': name a node/],
    [["node01", "--disk"], /^Cannot take --disk: it needs a value/],
    [["node01", "--disc", "x"], /^Cannot take --disc: there is no such option/],
    [
      ["node01", "--disk", "a,file=/etc/shadow"],
      /^Cannot use a,file=\/etc\/shadow: QEMU takes no comma/,
    ],
    [["node01", "--memory", "1G"], /^Cannot take 1G for --memory/],
    [["node01", "--append", "x\nshell"], /^Cannot append /],
  ];
  for (const [args, message] of refused) {
    const { code, err } = await run("launch/launch.sh", args, launched);
    assert.equal(code, 2);
    assert.match(err, message);
  }
});
