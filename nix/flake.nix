{
  description = "Tidemark's nodes: netbooted, installed, measured every night";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    disko = {
      url = "github:nix-community/disko";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs =
    {
      nixpkgs,
      disko,
      ...
    }:
    let
      inherit (nixpkgs) lib;
      system = "x86_64-linux";
      pkgs = nixpkgs.legacyPackages.${system};
      cluster = import ./cluster.nix;
      names = builtins.attrNames cluster.nodes;
      specialArgs = { inherit cluster; };

      nixos =
        modules:
        lib.nixosSystem {
          inherit specialArgs;
          modules = [ { nixpkgs.hostPlatform = system; } ] ++ modules;
        };
      node =
        modules: name:
        nixos ([ disko.nixosModules.disko (./nodes + "/${name}/configuration.nix") ] ++ modules);
      nodes = lib.genAttrs names (node [ ]);
      # The same node on QEMU's disk and with its management card.
      virtualNodes = lib.genAttrs names (node [ { tidemark.virtual = true; } ]);

      netboot =
        modules:
        let
          inherit ((nixos ([ ./netboot-base.nix ] ++ modules)).config.system) build;
        in
        pkgs.symlinkJoin {
          name = "tidemark-netboot";
          paths = [
            build.netbootRamdisk
            build.kernel
            build.netbootIpxeScript
          ];
        };
      # An image that carries a node's system, and installs it where the kernel command line says so.
      installer =
        installed:
        let
          inherit (installed) config;
        in
        netboot [
          ./modules/install.nix
          {
            netboot.storeContents = [
              config.system.build.toplevel
              config.system.build.diskoScript
            ];
            tidemark.install = {
              inherit (config.tidemark) node;
              inherit (config.tidemark.self) device;
              partition = "${config.system.build.diskoScript}";
              system = "${config.system.build.toplevel}";
            };
          }
        ];
      each =
        prefix: build: systems:
        lib.mapAttrs' (name: value: lib.nameValuePair "${prefix}-${name}" (build value)) systems;
    in
    {
      nixosConfigurations =
        nodes // lib.mapAttrs' (name: lib.nameValuePair "${name}-virtual") virtualNodes;

      packages.${system} = {
        netboot = netboot [ ];
      }
      // each "install" installer nodes
      // each "install-virtual" installer virtualNodes;

      devShells.${system}.default = pkgs.mkShell {
        packages = [
          pkgs.deno
          pkgs.etcd
          pkgs.jq
          pkgs.nixfmt
          pkgs.openssh
          pkgs.qemu_kvm
          pkgs.rocksdb
          pkgs.shellcheck
        ];
        # A shell has no /run/current-system to find the library in.
        TIDEMARK_LIBROCKSDB = "${pkgs.rocksdb}/lib/librocksdb.so";
      };

      checks.${system} = {
        cluster = import ./tests/vm-cluster.nix { inherit pkgs; };
        formatting = pkgs.runCommand "nixfmt" { nativeBuildInputs = [ pkgs.nixfmt ]; } ''
          find ${./.} -name '*.nix' -exec nixfmt --check {} +
          touch $out
        '';
      }
      // each "system" (installed: installed.config.system.build.toplevel) virtualNodes;

      formatter.${system} = pkgs.nixfmt;
    };
}
