#!/usr/bin/env bash
# Says whether cluster.json is what cluster.nix is; with --write, makes it so. "madeOf" is the SHA-256
# of cluster.nix, by which a machine without Nix sees that the file is an old one.
set -o errexit -o nounset -o pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
digest=$(sha256sum cluster.nix)
evaluated=$(nix-instantiate --eval --strict --json cluster.nix |
  jq --sort-keys --arg digest "${digest%% *}" '. + {madeOf: $digest}')
if [[ ${1-} == --write ]]; then
  printf '%s\n' "$evaluated" >cluster.json
elif [[ $evaluated != "$(cat cluster.json)" ]]; then
  echo "Cannot go on: cluster.json is not what cluster.nix is; run nix/tests/cluster-json.sh --write" >&2
  exit 1
fi
