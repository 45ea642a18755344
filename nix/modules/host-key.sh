# shellcheck shell=bash
# host-key.sh PUBLIC_KEY
#
# Says the key as nix/launch/host-key.sh finds it in a console's log.
set -o errexit -o nounset -o pipefail

read -r type key _ <"$1"
echo "tidemark-host-key $(uname --nodename) $type $key"
