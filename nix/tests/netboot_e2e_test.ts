/**
 * A node's launcher boots over the network: QEMU in software emulation, iPXE, TFTP, Debian's kernel.
 * The real image cannot be built without a binary cache; one of Debian's busybox takes its place,
 * behind the same netboot.ipxe, and says which name came with the kernel's command line.
 */
import assert from "node:assert/strict";
import { freePort } from "./_testing/free_port.ts";
import { initramfs } from "./_testing/initramfs.ts";
import { isReadable, kernelOf } from "./_testing/kernel.ts";
import { isInstalled, NIX, run, skippable } from "./_testing/tools.ts";

const BUSYBOX = "/bin/busybox";
/** The card's boot code; QEMU without it boots no network. */
const BOOT_ROM = "/usr/lib/ipxe/qemu/pxe-virtio.rom";

/** As NixOS writes it: what `cmdline` holds comes last. */
const NETBOOT = `#!ipxe
kernel bzImage console=ttyS0,115200n8 panic=-1 initrd=initrd \${cmdline}
initrd initrd
boot
`;

/** What NixOS' systemd does with the name, and no more. */
const INIT = `#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc
read -r line </proc/cmdline
for word in $line; do
  case $word in systemd.hostname=*) /bin/busybox hostname "\${word#*=}" ;; esac
done
echo "booted as $(/bin/busybox hostname), by: $line"
/bin/busybox poweroff -f
`;

const kernel = kernelOf();

function reason(): string | undefined {
  if (Deno.build.arch !== "x86_64") return "not x86-64";
  const programs = ["bash", "jq", "qemu-system-x86_64"].filter((name) => !isInstalled(name));
  if (programs.length > 0) return `${programs.join(", ")} not on the PATH`;
  const files = [BUSYBOX, BOOT_ROM].filter((path) => !isReadable(path));
  if (files.length > 0) return `${files.join(", ")} not there`;
  if (kernel === undefined) return "no kernel in /boot, nor by TIDEMARK_TEST_KERNEL";
  return undefined;
}

/** Cluster file of a node whose port is free. */
function writeCluster(path: string, node: string): void {
  const cluster = JSON.parse(Deno.readTextFileSync(`${NIX}/cluster.json`));
  cluster.nodes[node].virtualSshPort = freePort();
  Deno.writeTextFileSync(path, JSON.stringify(cluster));
}

const skipped = reason();
Deno.test({
  name: skippable("node02.sh boots over the network, under its own name", skipped),
  timeout: 400_000,
  ignore: skipped !== undefined,
  async fn() {
    const folder = Deno.makeTempDirSync();
    try {
      const image = `${folder}/netboot`;
      Deno.mkdirSync(image);
      Deno.writeTextFileSync(`${image}/netboot.ipxe`, NETBOOT);
      Deno.copyFileSync(kernel!, `${image}/bzImage`);
      Deno.writeFileSync(
        `${image}/initrd`,
        initramfs({
          bin: null,
          "bin/busybox": Deno.readFileSync(BUSYBOX),
          proc: null,
          init: new TextEncoder().encode(INIT),
        }),
      );
      writeCluster(`${folder}/cluster.json`, "node02");
      const { code, out, err } = await run("timeout", [
        "300",
        "launch/node02.sh",
        ...["--netboot", image, "--append", "tidemark.install"],
        ...["--memory", "512", "--cpus", "1"],
      ], {
        seconds: 330,
        env: { TIDEMARK_CLUSTER: `${folder}/cluster.json`, TIDEMARK_ACCELERATOR: "tcg" },
      });
      const said = out.split(/\r?\n/).find((line) => line.includes("booted as"));
      assert.match(
        said ?? "",
        /booted as node02, by: .* systemd\.hostname=node02 tidemark\.install$/,
        `${err}\n${out}`,
      );
      // It powered itself off, and QEMU ended with it.
      assert.equal(code, 0, err);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
});
