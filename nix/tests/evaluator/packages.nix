# Stands in for nixpkgs' packages: store paths that name what they are, and nothing behind them.
let
  package = name: {
    inherit name;
    outPath = "/nix/store/00000000000000000000000000000000-${name}";
  };
  named = names: builtins.listToAttrs (map (name: { inherit name; value = package name; }) names);
in
named [
  "chrony"
  "coreutils"
  "curl"
  "deno"
  "etcd"
  "findutils"
  "gnugrep"
  "gnused"
  "gnutar"
  "jq"
  "nix"
  "nixos-install"
  "openssh"
  "procps"
  "rocksdb"
  "systemd"
  "util-linux"
]
// {
  # What is in a script is shellcheck's concern; that it is a file that can be read shows here.
  writeShellApplication =
    {
      name,
      text,
      runtimeInputs ? [ ],
    }:
    assert builtins.isString text && builtins.all (input: input ? outPath) runtimeInputs;
    package name;
}
