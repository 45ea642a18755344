# The systems evaluated with nixpkgs' own module system, for evaluate.sh: those of the example cluster,
# and whether the cluster as it is shipped is refused.
{
  nixpkgs,
  disko,
}:
let
  nixos =
    cluster: modules:
    import "${nixpkgs}/nixos/lib/eval-config.nix" {
      system = "x86_64-linux";
      specialArgs = { inherit cluster; };
      inherit modules;
    };
  systemsOf =
    cluster:
    import ../systems.nix {
      inherit cluster;
      nixos = nixos cluster;
      disko = "${disko}/module.nix";
    };
  failed = { config, ... }: map (a: a.message) (builtins.filter (a: !a.assertion) config.assertions);
  report =
    system:
    assert failed system == [ ] || throw "Failed assertions: ${toString (failed system)}";
    {
      toplevel = system.config.system.build.toplevel.drvPath;
      inherit (system.config) warnings;
    };
  partitioned = system: report system // { disko = system.config.system.build.diskoScript.drvPath; };

  cluster = import ./cluster.nix;
  systems = systemsOf cluster;
  pkgs = import nixpkgs { system = "x86_64-linux"; };
  prefixed =
    prefix: make: set:
    builtins.listToAttrs (
      map (name: {
        name = "${prefix}${name}";
        value = make set.${name};
      }) (builtins.attrNames set)
    );
in
prefixed "" partitioned systems.nodes
// prefixed "virtual-" partitioned systems.virtualNodes
// prefixed "install-" report systems.installers
// prefixed "install-virtual-" report systems.virtualInstallers
// {
  netboot = report systems.netboot;
  etcd = report (
    systems.virtualNodes.node02.extendModules { modules = [ { tidemark.etcd.enable = true; } ]; }
  );
  cluster-test = {
    toplevel = (import ./vm-cluster.nix { inherit pkgs; }).drvPath;
    warnings = [ ];
  };
  # What has to be replaced is asked for by name.
  shipped =
    let
      inherit (systemsOf (import ../cluster.nix)) nodes netboot;
    in
    {
      refused = {
        node02 = failed nodes.node02;
        netboot = failed netboot;
      };
    };
}
