# Every system of the cluster: the nodes on their machines and under QEMU, the netboot image, and the
# images that install. One function behind the flake and the tests, so that what is checked is what
# is shipped.
{
  # Makes a system of modules, e.g. nixpkgs.lib.nixosSystem with the cluster as special argument.
  nixos,
  # disko's module.
  disko,
  # What cluster.nix is.
  cluster,
}:
let
  each = make: builtins.mapAttrs (name: _: make name) cluster.nodes;
  node =
    modules: name:
    nixos (
      [
        disko
        (./nodes + "/${name}/configuration.nix")
      ]
      ++ modules
    );
  # An image that carries a node's system, and installs it where the kernel command line says so.
  installer =
    installed:
    let
      inherit (installed) config;
    in
    nixos [
      ./netboot-base.nix
      ./modules/install.nix
      {
        netboot.storeContents = [
          config.system.build.toplevel
          config.system.build.diskoScript
        ];
        tidemark.install = {
          inherit (config.tidemark) node;
          inherit (config.tidemark.self) device;
          leastGiB = import ./lib/least-gib.nix config.disko.devices.disk.main.content.partitions;
          partition = "${config.system.build.diskoScript}";
          system = "${config.system.build.toplevel}";
        };
      }
    ];
in
rec {
  nodes = each (node [ ]);
  # The same node on QEMU's disk and with its management card.
  virtualNodes = each (node [ { tidemark.virtual = true; } ]);
  netboot = nixos [ ./netboot-base.nix ];
  installers = each (name: installer nodes.${name});
  virtualInstallers = each (name: installer virtualNodes.${name});
}
