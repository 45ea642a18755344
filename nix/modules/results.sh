# shellcheck shell=bash
# results.sh RESULTS DATABASES LOCK NIGHTS MOST_MIB
#
# Removes a node's old benches: a folder each in RESULTS, and what a lost one has left in DATABASES.
# Those of NIGHTS stay, counted from the newest and not from today, since a clock may be wrong; where
# they are larger than MOST_MIB, the oldest go. What the newest is, what was begun less than two days
# before it, and what LOCK remembers as not ended stays in any case. While a bench holds LOCK, nothing
# is removed. Only folders with a bench's name are looked at, and no link is followed.
set -o errexit -o nounset -o pipefail

results=$1
databases=$2
lock=$3
nights=$4
most=$(($5 << 20))

day=86400
young=$((2 * day))

exec {held}<>"$lock"
if ! flock --nonblock "$held"; then
  echo "A bench is under way: what is old is removed another day"
  exit
fi
# A bench whose agent was killed may still run, and the next one ends it.
left=$(sed --quiet 's/.*"id":"\([A-Za-z0-9._-]*\)".*/\1/p' "$lock")

# The folders of benches in one: when each was begun, by its name, and the name.
benches() {
  local name begun
  find "$1" -mindepth 1 -maxdepth 1 -type d -printf '%f\0' | while IFS= read -r -d '' name; do
    [[ $name =~ ^([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2})([0-9]{2})([0-9]{2})Z-[A-Za-z0-9_-]+$ ]] || continue
    begun=$(date --utc --date="${BASH_REMATCH[1]} ${BASH_REMATCH[2]}:${BASH_REMATCH[3]}:${BASH_REMATCH[4]}" +%s) || continue
    # One of a clock that was ahead would make all others old.
    ((begun <= $(date +%s) + day)) || continue
    echo "$begun $name"
  done | sort --numeric-sort --reverse
}

ours=$(benches "$results")
newest=${ours%% *}
if [[ -z $newest ]]; then
  echo "Nothing was benched here yet"
  exit
fi
sum=0
gone=0
while read -r begun name; do
  size=$(du --summarize --block-size=1 -- "$results/$name")
  size=${size%%[^0-9]*}
  age=$((newest - begun))
  if ((age >= young && (age >= nights * day || sum + size > most))) && [[ $name != "$left" ]]; then
    rm --recursive --force --one-file-system -- "${results:?}/$name"
    gone=$((gone + 1))
  else
    sum=$((sum + size))
  fi
done <<<"$ours"
echo "$gone of $(wc --lines <<<"$ours") results removed, $((sum >> 20)) MiB stay"
((sum <= most)) ||
  echo "What may not go is more than $5 MiB: look at the last two days' in $results" >&2

theirs=$(benches "$databases")
while read -r begun name; do
  if [[ -n $name && $name != "$left" ]] && ((newest - begun >= young)); then
    echo "removing the databases that $name has left"
    rm --recursive --force --one-file-system -- "${databases:?}/$name"
  fi
done <<<"$theirs"
