# shellcheck shell=bash
# install.sh NODE DEVICE PARTITION SYSTEM
#
# Guards, partitions with disko's script, installs, and reboots into the installed system.
set -o errexit -o nounset -o pipefail

node=$1
device=$2
partition=$3
system=$4

host=$(uname --nodename)
if [[ $host != "$node" ]]; then
  echo "Cannot install: this is $host, and the image is $node's; mend systemd.hostname" >&2
  exit 1
fi

named=
read -r -a words </proc/cmdline
for word in "${words[@]}"; do
  case $word in
  tidemark.format=*) named=${word#tidemark.format=} ;;
  esac
done
tidemark-disk-guard "$device" "$named"

"$partition"
nixos-install --system "$system" --no-root-passwd --no-channel-copy
systemctl reboot
