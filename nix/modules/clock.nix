# The clock: nights of several nodes are compared by their time. chronyd says that it is up long before
# it has the time, so a unit of its own waits for that, and time-sync.target then means what it says.
{
  lib,
  pkgs,
  ...
}:
{
  services.chrony.enable = true;

  systemd.services.tidemark-clock = {
    description = "Wait until the clock has been set by the time servers";
    wantedBy = [ "time-sync.target" ];
    requires = [ "chronyd.service" ];
    after = [ "chronyd.service" ];
    before = [ "time-sync.target" ];
    serviceConfig = import ../lib/hardening.nix // {
      Type = "oneshot";
      RemainAfterExit = true;
      # As Debian's chrony-wait: a correction of at most 0.1 s, asked every second for three minutes.
      # Where no server answers, this unit fails, which is seen, and the night still begins.
      ExecStart = "${pkgs.chrony}/bin/chronyc -h 127.0.0.1,::1 waitsync 180 0.1 0.0 1";
      TimeoutStartSec = "200s";
      DynamicUser = true;
      CapabilityBoundingSet = "";
      PrivateUsers = true;
      ProtectHome = true;
      ProcSubset = "pid";
      MemoryDenyWriteExecute = true;
      RestrictAddressFamilies = [
        "AF_INET"
        "AF_INET6"
        "AF_UNIX"
      ];
      IPAddressDeny = "any";
      IPAddressAllow = "localhost";
    };
  };
}
