# shellcheck shell=bash
# disk-guard.sh DEVICE [NAMED]
#
# Whether a disk may be partitioned: one without any signature may. One that carries nothing but this
# cluster's own partitions is an installed node, with its results and its host key: that is said by
# the exit code 3. Anything else is only formatted where NAMED, what the kernel argument tidemark.format
# says, is exactly this device, and an installed node only where it is this device and its partition
# table's own identifier, DEVICE:IDENTIFIER, which is another after each partitioning: neither a card
# in the wrong slot nor a word that was left in the configuration of the network's boots may cost
# anybody a disk. Changes nothing.
set -o errexit -o nounset -o pipefail

device=$1
named=${2-}

if [[ ! -e $device ]]; then
  echo "Cannot find $device: look at ls /dev/disk/by-id, and mend cluster.nix" >&2
  exit 1
fi

signatures=$(wipefs --no-act --noheadings --output TYPE "$device" | sort --unique)
# What is left when a GPT and its protective MBR are taken away.
others=$(grep --invert-match --extended-regexp '^(gpt|PMBR)?$' <<<"$signatures" || true)
if [[ -z $signatures ]]; then
  echo "$device is blank"
  exit 0
fi
if [[ -z $others ]]; then
  table=$(sfdisk --dump "$device")
  total=$(grep --count ': start=' <<<"$table" || true)
  own=$(grep --count --extended-regexp 'name="disk-main-(boot|system|data)"' <<<"$table" || true)
  if ((total > 0 && total == own)); then
    name=$device:$(sed --quiet 's/^label-id: //p' <<<"$table")
    if [[ $named == "$name" ]]; then
      echo "$device has this cluster's partitions, and tidemark.format names them"
      exit 0
    fi
    echo "$device has this cluster's partitions: a node is installed on it;" \
      "to lose it, boot once with tidemark.format=$name"
    exit 3
  fi
fi
if [[ -n $named && $named == "$device" ]]; then
  echo "$device holds ${signatures//$'\n'/, }, and tidemark.format names it"
  exit 0
fi
echo "Cannot format $device: it holds ${signatures//$'\n'/, } that is not this cluster's;" \
  "to lose it, boot with tidemark.format=$device" >&2
exit 1
