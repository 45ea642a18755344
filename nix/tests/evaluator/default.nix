# The cluster's systems as the evaluator sees them: { node01 = config; …; netboot = config; }.
{
  cluster ? import ../../cluster.nix,
}:
let
  lib = import ./lib.nix;
  evaluate =
    modules:
    (import ./eval-modules.nix {
      inherit lib modules;
      specialArgs = {
        inherit cluster;
        pkgs = import ./packages.nix;
        modulesPath = toString ./modules;
      };
    }).config;
  nodes = builtins.mapAttrs (
    name: _: evaluate [ (../../nodes + "/${name}/configuration.nix") ]
  ) cluster.nodes;
in
nodes
// {
  netboot = evaluate [ ../../netboot-base.nix ];
  install = evaluate [
    ../../netboot-base.nix
    ../../modules/install.nix
    # nixpkgs' default.
    { nix.package = (import ./packages.nix).nix; }
    {
      tidemark.install = {
        node = "node01";
        inherit (nodes.node01.tidemark.self) device;
        leastGiB = import ../../lib/least-gib.nix nodes.node01.disko.devices.disk.main.content.partitions;
        partition = "/nix/store/00000000000000000000000000000000-disko";
        system = "/nix/store/00000000000000000000000000000000-nixos-system-node01";
      };
    }
  ];
}
