# What keeps a node running for years: nothing that grows without an end, and no upkeep of its own in
# the night.
{
  cluster,
  lib,
  ...
}:
let
  inherit (cluster) maintenance;
in
{
  # Blocks that the nights' databases gave free go back to the device between nights.
  services.fstrim = {
    enable = true;
    interval = maintenance.trimAt;
  };
  # The default's spread is an hour and forty minutes, and a node that was off would trim when it
  # comes up, in a night perhaps.
  systemd.timers.fstrim.timerConfig = {
    RandomizedDelaySec = maintenance.spread;
    Persistent = false;
  };

  # A boot partition of 512 MiB holds about ten kernels.
  boot.loader.systemd-boot.configurationLimit = 5;
  nix.gc = {
    automatic = true;
    dates = maintenance.collectGarbageAt;
    randomizedDelaySec = maintenance.spread;
    persistent = false;
    options = "--delete-older-than 60d";
  };
  services.journald.extraConfig = ''
    SystemMaxUse=1G
    SystemKeepFree=2G
  '';

  # Cards and disks want firmware, and processors their microcode.
  hardware.enableRedistributableFirmware = lib.mkDefault true;
  hardware.cpu.intel.updateMicrocode = lib.mkDefault true;
  hardware.cpu.amd.updateMicrocode = lib.mkDefault true;
}
