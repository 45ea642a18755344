{
  imports = [
    ../../modules
    ./disko.nix
  ];

  tidemark.node = "node01";

  system.stateVersion = "26.05";
}
