#!/usr/bin/env bash
# Evaluates every system against the real nixpkgs and disko, where both are at hand:
#
#   NIXPKGS=/path/to/nixpkgs DISKO=/path/to/disko nix/tests/evaluate.sh
#
# For each system: no failed assertion, and the derivation of its top level; for each node also
# disko's script. Nothing is built. Without the two it prints "skipped" and says so.
set -o errexit -o nounset -o pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
if [[ -z ${NIXPKGS-} || -z ${DISKO-} ]]; then
  echo "skipped: NIXPKGS and DISKO do not name checkouts of nixpkgs and disko"
  exit
fi
for name in node01 node02 node03 netboot; do
  echo "evaluating $name"
  nix-instantiate --eval --strict --json nixpkgs.nix \
    --argstr nixpkgs "$(realpath "$NIXPKGS")" --argstr disko "$(realpath "$DISKO")" -A "$name"
  echo
done
