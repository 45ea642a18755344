/**
 * A node's way from a blank disk to its first night, as far as it goes without NixOS: netboot, guard,
 * partitioning, installing, reboot, first boot, and the netboot that comes again. Debian's kernel and
 * programs stand in for the image; the launcher, install.sh, disk-guard.sh, first-boot.sh, host-key.sh
 * and the layout are the project's own. NixOS itself is what tests/vm-cluster.nix starts.
 */
import assert from "node:assert/strict";
import { modules, programs, withFolders } from "./_testing/debian_rootfs.ts";
import { freePort } from "./_testing/free_port.ts";
import { initramfs } from "./_testing/initramfs.ts";
import { isReadable, kernelOf } from "./_testing/kernel.ts";
import { evaluated, isInstalled, NIX, run, skippable } from "./_testing/tools.ts";

const FIRMWARE = "/usr/share/ovmf/OVMF.fd";
const LOADER = "/usr/lib/systemd/boot/efi/systemd-bootx64.efi";
const ROM = "/usr/lib/ipxe/qemu/efi-virtio.rom";

/** What the scripts of the node call, and what the stand-ins do. */
const PROGRAMS = [
  ...["bash", "busybox", "cat", "cp", "date", "grep", "install", "find", "ls", "mkdir", "mv", "rm"],
  ...["sed", "sort", "stat", "sync", "tr", "uname", "basename", "mount", "umount", "wipefs"],
  ...["sfdisk", "lsblk", "sgdisk", "mkfs.vfat", "mkfs.ext4", "mkfs.xfs", "ssh-keygen"],
];
const HERE = [
  "jq",
  "ldd",
  "modprobe",
  "depmod",
  "nix-instantiate",
  "qemu-system-x86_64",
  "qemu-img",
];

const kernel = kernelOf();

function reason(): string | undefined {
  if (Deno.build.arch !== "x86_64") return "not x86-64";
  const missing = [...PROGRAMS, ...HERE].filter((name) => !isInstalled(name));
  if (missing.length > 0) return `${missing.join(", ")} not on the PATH`;
  const files = [FIRMWARE, LOADER, ROM].filter((path) => !isReadable(path));
  if (files.length > 0) return `${files.join(", ")} not there`;
  if (kernel === undefined) return "no kernel in /boot, nor by TIDEMARK_TEST_KERNEL";
  const order = kernel.replace(/boot\/vmlinuz-(.*)/, "lib/modules/$1/modules.order");
  if (!isReadable(order)) return "no modules beside the kernel";
  return undefined;
}

interface Partition {
  priority: number;
  size: string;
  type?: string;
  content: { format: string; mountpoint: string; extraArgs?: string[] };
}

/** The layout of node01's disk as what disko's script does: sgdisk, file systems, mounts under /mnt. */
async function partitionScript(): Promise<string> {
  const layout = await evaluated<Record<string, Partition>>(
    `(import ./tests/evaluator { cluster = import ./tests/cluster.nix; }).node01.disko.devices.disk.main.content.partitions`,
  );
  const partitions = Object.entries(layout).sort(([, a], [, b]) => a.priority - b.priority)
    .map(([name, each], i) => ({ name, number: i + 1, ...each }));
  const lines = ["#!/bin/bash", "set -o errexit -o xtrace", "sgdisk --zap-all /dev/vda"];
  for (const { number, name, size, type } of partitions) {
    const end = size === "100%" ? "-0" : `+${size}`;
    lines.push(
      `sgdisk --align-end --new=${number}:0:${end} --change-name=${number}:disk-main-${name} ` +
        `--typecode=${number}:${type ?? "8300"} /dev/vda`,
    );
  }
  for (const { number, content } of partitions) {
    const args = (content.extraArgs ?? []).join(" ");
    lines.push(`mkfs.${content.format} ${args} /dev/vda${number}`);
  }
  // The root first, then what is mounted on it.
  const mounted = partitions.filter(({ name }) => name !== "data")
    .sort((a, b) => a.content.mountpoint.length - b.content.mountpoint.length);
  for (const { number, content } of mounted) {
    lines.push(`mkdir -p /mnt${content.mountpoint}`);
    lines.push(`mount -t ${content.format} /dev/vda${number} /mnt${content.mountpoint}`);
  }
  return `${lines.join("\n")}\n`;
}

const text = (value: string) => new TextEncoder().encode(value);

async function gzipped(data: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([data as BlobPart]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Writes what a node boots over the network: kernel, initial file system, iPXE's script. */
async function writeImage(folder: string): Promise<void> {
  const chain = `${NIX}/tests/_testing/chain`;
  const file = (path: string) => Deno.readFileSync(path);
  const system = await gzipped(initramfs(withFolders({
    ...await programs(PROGRAMS),
    ...await modules(kernel!, [
      "virtio_blk",
      "virtio_pci",
      "vfat",
      "nls_cp437",
      "nls_ascii",
      "xfs",
    ]),
    ...{ proc: null, sys: null, dev: null, tmp: null, run: null, boot: null, mnt: null },
    "etc/passwd": text("root:x:0:0:root:/:/bin/bash\n"),
    "etc/group": text("root:x:0:\n"),
    init: file(`${chain}/init.sh`),
    "chain/install.sh": file(`${NIX}/modules/install.sh`),
    "chain/first-boot.sh": file(`${NIX}/modules/first-boot.sh`),
    "chain/host-key.sh": file(`${NIX}/modules/host-key.sh`),
    "chain/tidemark-disk-guard": text(
      `#!/bin/bash\n${Deno.readTextFileSync(`${NIX}/modules/disk-guard.sh`)}`,
    ),
    ...Object.fromEntries(
      ["nixos-install", "nix-env", "nix-store", "systemctl"].map((name) => [
        `chain/${name}`,
        file(`${chain}/${name}`),
      ]),
    ),
    "chain/partition": text(await partitionScript()),
    "chain/system/init": text(""),
  })));
  // Linux unpacks archives end to end: the installer's has the installed system's in it.
  const installer = await gzipped(initramfs(withFolders({
    "image/bzImage": file(kernel!),
    "image/initrd": system,
    "image/loader.efi": file(LOADER),
  })));
  Deno.mkdirSync(folder);
  Deno.copyFileSync(kernel!, `${folder}/bzImage`);
  const initrd = new Uint8Array(system.length + installer.length);
  initrd.set(system);
  initrd.set(installer, system.length);
  Deno.writeFileSync(`${folder}/initrd`, initrd);
  Deno.writeTextFileSync(
    `${folder}/netboot.ipxe`,
    "#!ipxe\nkernel bzImage quiet console=ttyS0,115200n8 panic=-1 initrd=initrd ${cmdline}\ninitrd initrd\nboot\n",
  );
}

const skipped = reason();
Deno.test({
  name: skippable("a node installs itself once, and starts from its disk ever after", skipped),
  timeout: 600_000,
  ignore: skipped !== undefined,
  async fn() {
    const folder = Deno.makeTempDirSync();
    try {
      await writeImage(`${folder}/netboot`);
      const cluster = JSON.parse(Deno.readTextFileSync(`${NIX}/cluster.json`));
      cluster.nodes.node01.virtualSshPort = freePort();
      Deno.writeTextFileSync(`${folder}/cluster.json`, JSON.stringify(cluster));
      const start = async (...more: string[]) => {
        const { code, out, err } = await run("timeout", [
          ...["-s", "KILL", "300", "launch/node01.sh"],
          ...["--netboot", `${folder}/netboot`, "--append", "tidemark.install"],
          ...["--disk", `${folder}/disk.qcow2`, "--memory", "1024", "--cpus", "1", ...more],
        ], {
          seconds: 310,
          env: { TIDEMARK_CLUSTER: `${folder}/cluster.json`, TIDEMARK_ACCELERATOR: "tcg" },
        });
        const console = `${out}\n${err}`;
        assert.equal(code, 0, console);
        Deno.writeTextFileSync(`${folder}/console.log`, out);
        return console.replaceAll("\r", "");
      };
      const hostKey = async () => {
        const { out, err } = await run("launch/host-key.sh", ["node01", `${folder}/console.log`]);
        assert.match(out, /^hostKey = "ssh-ed25519 [A-Za-z0-9+/]+=*";\n$/, err);
        return out;
      };

      // Blank: the network, the installer, and after its reboot the disk.
      const first = await start("--firmware", FIRMWARE);
      assert.match(first, /chain: node01 starts as netboot\n[^]*\/dev\/vda is blank\n/);
      assert.match(first, /chain: nixos-install --system \/chain\/system --no-root-passwd/);
      assert.match(first, /chain: reboot\n[^]*chain: node01 starts as installed\n/, first);
      assert.match(first, /chain: first-boot\.sh ended with 0 and stamped (\S+)/);
      const stamp = first.match(/and stamped (\S+)/)![1];
      const key = await hostKey();

      // A machine that boots from the network first, as one with a BIOS order of its own does.
      const third = await start();
      assert.match(third, /chain: node01 starts as netboot\n/);
      assert.match(
        third,
        /a node is installed on it; .*=\/dev\/vda:[0-9A-F-]+\nnode01 is installed: starting it from its disk\n/,
      );
      assert.match(third, /chain: kexec of nixos-generation-1\.conf\n/);
      assert.doesNotMatch(third, /sgdisk/);

      // The first command again: the disk comes before the network, and nothing on it was lost.
      const last = await start("--firmware", FIRMWARE);
      assert.doesNotMatch(last, /starts as netboot/);
      assert.match(last, new RegExp(`chain: first boot was at ${RegExp.escape(stamp!)}`));
      assert.match(last, /\/srv\/tidemark\/bench/);
      assert.equal(await hostKey(), key);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
});
