# The cluster with its placeholders replaced, for tests that need one that could be installed. The
# key belongs to nobody: its private half was never kept.
let
  cluster = import ../cluster.nix;
in
cluster
// {
  ssh = cluster.ssh // {
    authorizedKeys = [
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDJQ1Zi7zL+QVxFnYAtYBn3BcVZDhG13JPkuHVcL7dCd test"
    ];
  };
  nodes = builtins.mapAttrs (
    name: node:
    node
    // {
      disk = "/dev/disk/by-id/nvme-test-${name}";
      # Of the range that is for nobody's cards.
      mac = builtins.replaceStrings [ "52:54:00:77" ] [ "02:00:00:77" ] node.virtualMac;
    }
  ) cluster.nodes;
}
