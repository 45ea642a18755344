#!/usr/bin/env bash
# Evaluates every system against the real nixpkgs and disko, where both are at hand, with Nix 2.18 or
# newer:
#
#   NIXPKGS=/path/to/nixpkgs DISKO=/path/to/disko nix/tests/evaluate.sh [NAME…]
#
# For each system, a line of JSON: its derivation, without a failed assertion, and its warnings; for
# each node also disko's script. They are the nodes, the nodes under QEMU, the images that install
# either, the netboot image, a node with etcd, the cluster test of virtual machines, and what the
# cluster as it is shipped is refused for. Nothing is built. Without the two it prints "skipped" and
# says so.
set -o errexit -o nounset -o pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
if [[ -z ${NIXPKGS-} || -z ${DISKO-} ]]; then
  echo "skipped: NIXPKGS and DISKO do not name checkouts of nixpkgs and disko"
  exit
fi
version=$(nix-instantiate --version | sed 's/.* //')
if [[ $(printf '2.18\n%s\n' "$version" | sort --version-sort | head -n 1) != 2.18 ]]; then
  echo "skipped: nixpkgs needs Nix 2.18 or newer, and this is $version"
  exit
fi
evaluate() {
  nix-instantiate --eval --strict --json nixpkgs.nix \
    --argstr nixpkgs "$(realpath "$NIXPKGS")" --argstr disko "$(realpath "$DISKO")" "$@"
}
names=("$@")
if ((${#names[@]} == 0)); then
  read -r -a names < <(jq --raw-output '.nodes | keys | map(., "virtual-\(.)", "install-\(.)", "install-virtual-\(.)") | join(" ")' ../cluster.json)
  names+=(netboot etcd cluster-test shipped)
fi
for name in "${names[@]}"; do
  echo "evaluating $name"
  evaluate -A "$name"
  echo
done
