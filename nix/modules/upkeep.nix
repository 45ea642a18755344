# What keeps a node running for years: nothing that grows without an end, and no upkeep of its own in
# the night.
{
  cluster,
  config,
  lib,
  ...
}:
let
  inherit (cluster) maintenance;
  time = import ../lib/time.nix;
  timer = config.tidemark.nightly.timerConfig;
  begins = if builtins.isList timer.OnCalendar then timer.OnCalendar else [ timer.OnCalendar ];
  longest = [
    (timer.RandomizedDelaySec or "0s")
    cluster.nightly.longest
  ];
  ours = [
    "trimAt"
    "collectGarbageAt"
    "resultsAt"
    "watchAt"
  ];
  # What cannot be read is said once, and then meets nothing.
  unread =
    builtins.filter (at: time.ofDay at == null) (begins ++ map (name: maintenance.${name}) ours)
    ++ builtins.filter (span: time.span span == null) (longest ++ [ maintenance.spread ]);
  longestSeconds = builtins.foldl' (sum: span: sum + time.span span) 0 longest;
  # Whether it may begin before a night's end, or still go on when one begins.
  meets =
    at: begin:
    let
      after = time.after (time.ofDay begin) (time.ofDay at);
    in
    after <= longestSeconds || after + time.span maintenance.spread >= time.day;
in
{
  assertions = [
    {
      assertion = unread == [ ];
      message = "Cannot tell when cluster.nix has its upkeep from ${builtins.concatStringsSep ", " unread}: write times like Mon *-*-* 13:00:00 and spans like 15min";
    }
  ]
  ++ map (name: {
    assertion = unread != [ ] || !(builtins.any (meets maintenance.${name}) begins);
    message = "maintenance.${name} in cluster.nix, ${
      maintenance.${name}
    }, may fall into the night that begins at ${toString begins} and takes up to ${builtins.concatStringsSep " and " longest}: move it";
  }) ours;

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
