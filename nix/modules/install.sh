# shellcheck shell=bash
# install.sh NODE DEVICE LEAST_GIB PARTITION SYSTEM
#
# Guards, partitions with disko's script, installs, and reboots into the installed system. What can
# be known to fail is asked before the disk is touched. A node that is installed already is started
# from its disk: a machine that boots from the network first comes here again after every reboot.
set -o errexit -o nounset -o pipefail

node=$1
device=$2
least_gib=$3
partition=$4
system=$5
# Where the kernel says what it was started with, and by which kind of firmware; tests have their own.
cmdline=${TIDEMARK_CMDLINE:-/proc/cmdline}
efi=${TIDEMARK_EFI:-/sys/firmware/efi}

fail() {
  echo "Cannot install: $1" >&2
  exit 1
}

host=$(uname --nodename)
[[ $host == "$node" ]] || fail "this is $host, and the image is $node's; mend systemd.hostname"

named=
read -r -a words <"$cmdline"
for word in "${words[@]}"; do
  case $word in
  tidemark.format=*) named=${word#tidemark.format=} ;;
  esac
done

guarded=0
tidemark-disk-guard "$device" "$named" || guarded=$?
if ((guarded == 3)); then
  echo "$node is installed: starting it from its disk"
  boot=$(sfdisk --dump "$device" | sed --quiet 's/^\([^ ]*\) : .*name="disk-main-boot".*/\1/p')
  mkdir --parents /boot
  if mount --options ro "$boot" /boot && systemctl kexec; then exit; fi
  fail "$device has this cluster's partitions and no system that starts; to install it anew, boot once with the tidemark.format that is said above"
fi
((guarded == 0)) || exit "$guarded"

for tool in nix-env nix-store nixos-install; do
  command -v "$tool" >/dev/null || fail "$tool is not on the PATH; mend nix/modules/install.nix"
done
[[ -d $efi ]] ||
  fail "this machine was started by a BIOS, and the system to install needs UEFI; switch it in the firmware's setup"
bytes=$(lsblk --noheadings --nodeps --bytes --output SIZE "$device" | tr -d ' ')
((bytes >= least_gib << 30)) ||
  fail "$device has $((bytes >> 30)) GiB, and the layout takes $least_gib GiB at the least; look at nix/lib/disk-layout.nix"
mounted=$(lsblk --noheadings --list --output MOUNTPOINT "$device" | grep . || true)
[[ -z $mounted ]] || fail "$device is mounted at ${mounted//$'\n'/, }; unmount it"
[[ -x $partition ]] || fail "$partition is not in this image; build it anew"
[[ -e $system/init ]] || fail "$system is not in this image; build it anew"
nix-store --query --requisites "$system" >/dev/null ||
  fail "the image's store does not know all of $system; build it anew"

"$partition"
nixos-install --system "$system" --no-root-passwd --no-channel-copy
systemctl reboot
