#!/usr/bin/env bash
# host-key.sh NODE LOG
#
# Prints the host key that NODE said on its serial console, whose log LOG is, as the line for
# cluster.nix. Refuses a log in which the node said two: it was installed anew in between, or the
# console is not only its own.
set -o errexit -o nounset -o pipefail

if (($# != 2)); then
  echo "Usage: host-key.sh NODE LOG" >&2
  exit 2
fi
node=$1
log=$2
[[ $node =~ ^[a-z0-9]([a-z0-9-]*[a-z0-9])?$ ]] || {
  echo "Cannot look for '$node': name a node, e.g. node01" >&2
  exit 2
}
[[ -f $log ]] || {
  echo "Cannot read $log: there is no such file; name the log of the node's serial console" >&2
  exit 2
}
keys=$(tr -d '\r' <"$log" |
  grep --text --only-matching --extended-regexp "tidemark-host-key $node ssh-ed25519 [A-Za-z0-9+/]+=*" |
  cut --delimiter=' ' --fields=3- | sort --unique || true)
case $(grep --count . <<<"$keys" || true) in
0)
  echo "Cannot find a host key of $node in $log: has it started from its disk?" >&2
  exit 2
  ;;
1) echo "hostKey = \"$keys\";" ;;
*)
  echo "Cannot tell the host key of $node: $log has several; keep the log of its last start alone" >&2
  exit 2
  ;;
esac
