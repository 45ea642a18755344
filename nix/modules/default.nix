# Everything that makes a machine a node of the cluster. `cluster` (cluster.nix) comes in as a
# special argument, so that tests can hand in another one.
{
  imports = [
    ./node.nix
    ./ssh.nix
    ./host-key.nix
    ./bench-user.nix
    ./first-boot.nix
    ./stores.nix
    ./clock.nix
    ./upkeep.nix
    ./results.nix
    ./tuning.nix
    ./nightly.nix
    ./watch.nix
    ./alert.nix
    ./publish.nix
  ];
}
