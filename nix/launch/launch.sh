#!/usr/bin/env bash
# launch.sh NODE [options]
#
# Runs a node of cluster.nix as a virtual machine, in the foreground with the serial console on this
# terminal (Ctrl-A X ends it). nodeNN.sh call it.
set -o errexit -o nounset -o pipefail

usage() {
  cat <<'TEXT'
Usage: nodeNN.sh [options]

  --netboot DIR    boot over the network what DIR holds: netboot.ipxe, kernel and initrd (a copy
                   that can be written to, as by cp -rL after nix build
                   ./nix#install-virtual-nodeNN; the node's name goes into a file beside them)
  --append WORDS   further words for that kernel's command line, e.g. tidemark.install
  --disk FILE      the node's disk, a qcow2 image (made where it is missing, 64G, which it takes as
                   it is filled)
  --firmware FILE  UEFI firmware; an installed system needs one, and so does installing
  --memory MIB     memory (default 2048)
  --cpus N         processors (default 2)
  --dry-run        print the command, one word a line, and do nothing

SSH answers on 127.0.0.1, on the node's virtualSshPort. The nodes see one another on a network of
their own that does not leave this machine.
TEXT
}

fail() {
  echo "$1" >&2
  exit 2
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cluster=${TIDEMARK_CLUSTER:-$here/../cluster.json}

node=${1-}
[[ $node == --help ]] && usage && exit
# It becomes a part of file names and of the command.
[[ $node =~ ^[a-z0-9]([a-z0-9-]*[a-z0-9])?$ ]] || fail "Cannot launch '$node': name a node, e.g. node01"
shift

netboot='' append='' disk='' firmware='' memory=2048 cpus=2 dry_run=no
while (($# > 0)); do
  case $1 in
  --dry-run) dry_run=yes && shift && continue ;;
  --help) usage && exit ;;
  esac
  (($# > 1)) || fail "Cannot take $1: it needs a value, or there is no such option (--help)"
  case $1 in
  --netboot) netboot=$2 ;;
  --append) append=$2 ;;
  --disk) disk=$2 ;;
  --firmware) firmware=$2 ;;
  --memory) memory=$2 ;;
  --cpus) cpus=$2 ;;
  *) fail "Cannot take $1: there is no such option (--help)" ;;
  esac
  shift 2
done
[[ $memory =~ ^[0-9]+$ ]] || fail "Cannot take $memory for --memory: give MiB as a whole number"
# iPXE would expand it, or take it for a command of its own.
[[ $append =~ ^[A-Za-z0-9_./:=,\ -]*$ ]] || fail "Cannot append '$append': letters, digits and _./:=,- only"
[[ $cpus =~ ^[0-9]+$ ]] || fail "Cannot take $cpus for --cpus: give a whole number"
for file in "$netboot" "$disk" "$firmware"; do
  # QEMU's option syntax ends a value there.
  [[ $file != *,* ]] || fail "Cannot use $file: QEMU takes no comma in a path"
done
command -v jq >/dev/null || fail "Cannot read $cluster: jq is not on the PATH"

# A cluster.json that was made of another cluster.nix would start yesterday's machines.
made_of=$(jq --raw-output '.madeOf // empty' "$cluster")
source=${cluster%.json}.nix
if [[ -n $made_of && -f $source ]] && ! sha256sum --check --status <<<"$made_of  $source"; then
  fail "Cannot use $cluster: $source has changed since it was made; run nix/tests/cluster-json.sh --write"
fi

field() {
  jq --exit-status --raw-output --arg node "$node" ".nodes[\$node].$1" "$cluster"
}
jq --exit-status --arg node "$node" '.nodes | has($node)' "$cluster" >/dev/null ||
  fail "Cannot launch $node: $cluster has $(jq --raw-output '.nodes | keys | join(", ")' "$cluster")"
mac=$(field virtualMac)
port=$(field virtualSshPort)
# What is netbooted knows no cluster file: it listens where SSH listens.
inside=22
[[ -n $netboot ]] || inside=$(field sshPort)

# /dev/kvm may be there and not work, as inside a virtual machine without nesting.
if [[ -w /dev/kvm ]] && grep --quiet --extended-regexp '\b(vmx|svm)\b' /proc/cpuinfo; then
  accelerator=kvm cpu=host
else
  accelerator=tcg cpu=max
fi
# Tests compare the command, which must not depend on the machine then.
accelerator=${TIDEMARK_ACCELERATOR:-$accelerator}
[[ $accelerator == tcg ]] && cpu=max

# By the first card it boots and is managed; the second, with the MAC of cluster.nix, is the cluster's.
management="user,id=management,restrict=on,hostfwd=tcp:127.0.0.1:$port-:$inside"
[[ -n $netboot ]] && management+=",tftp=$netboot,bootfile=$node.ipxe"
# UEFI does not know "once": it tries the disk first, which says nothing as long as it is blank.
first='' second=''
[[ -n $netboot && -n $firmware ]] && first=,bootindex=1 second=,bootindex=2

command=(
  qemu-system-x86_64
  -name "$node"
  -machine "q35,accel=$accelerator"
  -cpu "$cpu"
  -smp "$cpus"
  -m "$memory"
  -nodefaults
  -display none
  -serial mon:stdio
  -device virtio-rng-pci
  -netdev "$management"
  -device "virtio-net-pci,netdev=management,mac=${mac/#52:54:00:77/52:54:00:78}$second"
  # Multicast over loopback: it reaches the other nodes on this machine and nobody else.
  -netdev "socket,id=cluster,mcast=230.77.0.1:17700,localaddr=127.0.0.1"
  -device "virtio-net-pci,netdev=cluster,mac=$mac,romfile="
)
[[ -n $firmware ]] && command+=(-drive "if=pflash,format=raw,readonly=on,file=$firmware")
if [[ -n $disk ]]; then
  command+=(
    -drive "if=none,id=disk,format=qcow2,discard=unmap,file=$disk"
    -device "virtio-blk-pci,drive=disk,serial=$node$first"
  )
fi
# Once: what it installs reboots into itself.
[[ -n $netboot ]] && command+=(-boot once=n)

if [[ $dry_run == yes ]]; then
  printf '%s\n' "${command[@]}"
  exit
fi
if [[ -n $netboot ]]; then
  # The image's own script appends what "cmdline" holds.
  printf '#!ipxe\nset cmdline systemd.hostname=%s %s\nchain netboot.ipxe\n' "$node" "$append" \
    >"$netboot/$node.ipxe"
fi
if [[ -n $disk && ! -e $disk ]]; then
  command -v qemu-img >/dev/null || fail "Cannot make $disk: qemu-img is not on the PATH"
  # What nix/lib/disk-layout.nix takes, and room for databases.
  qemu-img create -q -f qcow2 "$disk" 64G
fi
exec "${command[@]}"
