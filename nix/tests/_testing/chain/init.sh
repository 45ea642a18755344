#!/bin/bash
# What the chain's machines start with: the netboot image's part of it, or the installed system's. The
# scripts that it runs are the project's own; NixOS around them is this file.
export PATH=/bin:/chain
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
exec >/dev/console 2>&1
while read -r module; do busybox insmod "/modules/$module"; done </modules/order
read -r -a words </proc/cmdline
stage=netboot
for word in "${words[@]}"; do
  case $word in
  systemd.hostname=*) echo "${word#*=}" >/proc/sys/kernel/hostname ;;
  tidemark.stage=*) stage=${word#*=} ;;
  esac
done
node=$(uname --nodename)
echo "chain: $node starts as $stage"

if [[ $stage == netboot ]]; then
  bash /chain/install.sh "$node" /dev/vda 48 /chain/partition /chain/system
  echo "chain: install.sh ended with $?"
  busybox poweroff -f
fi

# As the installed system's units: mounts, the host key, the first boot, the key on the console.
mkdir -p /mnt /srv/tidemark
mount -t ext4 /dev/vda2 /mnt
mount -t xfs /dev/vda3 /srv/tidemark
mkdir -p /mnt/etc/ssh /mnt/var/lib/tidemark
key=/mnt/etc/ssh/ssh_host_ed25519_key
[[ -e $key ]] || ssh-keygen -q -t ed25519 -N '' -C "$node" -f "$key"
stamp=/mnt/var/lib/tidemark/first-boot.done
if [[ -e $stamp ]]; then
  echo "chain: first boot was at $(cat "$stamp")"
else
  bash /chain/first-boot.sh /srv/tidemark root "$stamp"
  echo "chain: first-boot.sh ended with $? and stamped $(cat "$stamp")"
fi
bash /chain/host-key.sh "$key.pub"
ls -d /srv/tidemark/bench
sync
umount /srv/tidemark /mnt
busybox poweroff -f
