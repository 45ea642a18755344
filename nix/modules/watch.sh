# shellcheck shell=bash
# watch.sh LEAST_PERCENT STAMP BORN HOURS FOLDER…
#
# Fails where a folder's file system has less free than LEAST_PERCENT, or where STAMP, which a night
# leaves at its end, is older than HOURS; before the first night, where BORN is. An empty STAMP asks
# for no night.
set -o errexit -o nounset -o pipefail

least=$1
stamp=$2
born=$3
hours=$4
shift 4

failed=0
for folder in "$@"; do
  used=$(df --output=pcent "$folder" | tail --lines=1 | tr -d ' %')
  if ((100 - used < least)); then
    echo "$folder has $((100 - used)) % free, less than $least %: thin the history, or remove old results" >&2
    failed=1
  fi
done
if [[ -n $stamp ]]; then
  since=$stamp
  [[ -e $stamp ]] || since=$born
  if [[ -e $since ]] && (($(date +%s) - $(stat --format=%Y "$since") <= hours * 3600)); then
    exit "$failed"
  fi
  failed=1
  if [[ ! -e $stamp ]]; then
    echo "No night has ended here yet: look at journalctl --unit=tidemark-nightly" >&2
  else
    echo "The last night ended at $(date --utc --iso-8601=minutes --reference="$stamp"), more than $hours hours ago: look at systemctl list-timers and journalctl --unit=tidemark-nightly" >&2
  fi
fi
exit "$failed"
