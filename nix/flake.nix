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
      systemsOf =
        cluster:
        import ./systems.nix {
          inherit cluster;
          disko = disko.nixosModules.disko;
          nixos =
            modules:
            lib.nixosSystem {
              specialArgs = { inherit cluster; };
              modules = [ { nixpkgs.hostPlatform = system; } ] ++ modules;
            };
        };
      cluster = import ./cluster.nix;
      systems = systemsOf cluster;
      # What can be made of the file as it stands. The rest has no system, and an image that says why,
      # so that `nix flake check` holds for a cluster that is being written.
      inherit (import ./lib/placeholder.nix) placeholder;
      ready =
        what: name:
        !(placeholder (builtins.toJSON ([ cluster.ssh ] ++ what cluster.nodes.${name})));
      real = ready (node: [
        node.address
        node.mac
        node.disk
      ]);
      virtual = ready (_: [ ]);
      refused =
        name:
        pkgs.runCommand "tidemark-${name}" { } ''
          echo "Cannot build ${name}: cluster.nix still holds a REPLACE-ME for it" >&2
          exit 1
        '';
      # Checks are of the modules: whether the cluster's own placeholders are replaced is for the
      # systems themselves to say.
      example = systemsOf (import ./tests/cluster.nix);

      image =
        netboot:
        let
          inherit (netboot.config.system) build;
        in
        pkgs.symlinkJoin {
          name = "tidemark-netboot";
          paths = [
            build.netbootRamdisk
            build.kernel
            build.netbootIpxeScript
          ];
        };
      images =
        prefix: can:
        lib.mapAttrs' (
          name: value:
          let
            full = "${prefix}-${name}";
          in
          lib.nameValuePair full (if can name then image value else refused full)
        );
    in
    {
      nixosConfigurations =
        lib.filterAttrs (name: _: real name) systems.nodes
        // lib.mapAttrs' (name: lib.nameValuePair "${name}-virtual") (
          lib.filterAttrs (name: _: virtual name) systems.virtualNodes
        );

      packages.${system} = {
        netboot =
          if placeholder (builtins.toJSON cluster.ssh) then refused "netboot" else image systems.netboot;
      }
      // images "install" real systems.installers
      // images "install-virtual" virtual systems.virtualInstallers;

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
      // lib.mapAttrs' (
        name: value: lib.nameValuePair "system-${name}" value.config.system.build.toplevel
      ) example.virtualNodes;

      formatter.${system} = pkgs.nixfmt;
    };
}
