{
  imports = [
    ../../modules
    ./disko.nix
  ];

  tidemark.node = "node02";

  system.stateVersion = "26.05";
}
