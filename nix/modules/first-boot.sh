# shellcheck shell=bash
# first-boot.sh DATA USER STAMP [OWN…]
#
# Makes the directory for databases, and refuses where DATA is no file system of its own: databases
# would then share the system's, and fill it. OWN are names in DATA that other services of the node
# may have made before.
set -o errexit -o nounset -o pipefail

data=$1
user=$2
stamp=$3
shift 3

# Not by mountpoint(1): the service's own view has a mount there in any case.
if [[ $(stat --format=%d "$data") == $(stat --format=%d /) ]]; then
  echo "Cannot set up $data: it lies on the system's file system; look at systemctl status local-fs.target" >&2
  exit 1
fi
# Files of another machine or another use are left as they are.
known=()
for name in bench lost+found "$@"; do known+=(! -name "$name"); done
foreign=$(find "$data" -mindepth 1 -maxdepth 1 "${known[@]}" -print -quit)
if [[ -n $foreign ]]; then
  echo "Cannot set up $data: it holds $foreign; look at it, and keep or remove it by hand" >&2
  exit 1
fi
install --directory --mode=0755 --owner="$user" --group="$user" "$data/bench"
# Written last and at once: a first boot that was cut short is run again.
date --utc --iso-8601=seconds >"$stamp.new"
mv "$stamp.new" "$stamp"
