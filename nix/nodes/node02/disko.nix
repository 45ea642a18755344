{ config, ... }:
{
  config = import ../../lib/disk-layout.nix {
    inherit (config.tidemark.self) device;
    inherit (config.tidemark.directories) data;
  };
}
