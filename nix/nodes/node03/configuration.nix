{
  imports = [
    ../../modules
    ./disko.nix
  ];

  tidemark.node = "node03";

  system.stateVersion = "26.05";
}
