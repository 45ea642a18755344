# The systems evaluated with nixpkgs' own module system, for evaluate.sh.
{
  nixpkgs,
  disko,
}:
let
  cluster = import ./cluster.nix;
  evaluate =
    modules:
    (import "${nixpkgs}/nixos/lib/eval-config.nix" {
      system = "x86_64-linux";
      specialArgs = { inherit cluster; };
      inherit modules;
    }).config;
  failed = config: map (a: a.message) (builtins.filter (a: !a.assertion) config.assertions);
  report =
    config:
    assert failed config == [ ] || throw "Failed assertions: ${toString (failed config)}";
    {
      toplevel = config.system.build.toplevel.drvPath;
    };
  node =
    name:
    let
      config = evaluate [
        "${disko}/module.nix"
        (../nodes + "/${name}/configuration.nix")
      ];
    in
    report config // { disko = config.system.build.diskoScript.drvPath; };
in
builtins.mapAttrs (name: _: node name) cluster.nodes
// {
  netboot = report (evaluate [ ../netboot-base.nix ]);
}
