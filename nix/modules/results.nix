# What a node keeps of its own benches: their journals, which the controller has long collected, and
# databases that a lost node has left. The history on the controller is thinned by the night itself.
{
  cluster,
  config,
  lib,
  pkgs,
  ...
}:
let
  inherit (cluster) maintenance;
  inherit (config.tidemark.directories) state data;
  script = pkgs.writeShellApplication {
    name = "tidemark-results";
    runtimeInputs = [
      pkgs.coreutils
      pkgs.findutils
      pkgs.gnused
      pkgs.util-linux
    ];
    text = builtins.readFile ./results.sh;
  };
in
{
  systemd.timers.tidemark-results = {
    description = "Remove old results";
    wantedBy = [ "timers.target" ];
    timerConfig = {
      OnCalendar = maintenance.resultsAt;
      RandomizedDelaySec = maintenance.spread;
    };
  };
  systemd.services.tidemark-results = {
    description = "Remove old results";
    onFailure = [ "tidemark-alert@%n.service" ];
    unitConfig = {
      ConditionPathExists = "${state}/first-boot.done";
      RequiresMountsFor = [ data ];
    };
    serviceConfig = import ../lib/hardening-script.nix // {
      Type = "oneshot";
      # Whose files they are: it may remove no others.
      User = cluster.ssh.user;
      Group = cluster.ssh.user;
      ExecStart = lib.concatStringsSep " " [
        (lib.getExe script)
        "${state}/results"
        "${data}/bench"
        "${state}/bench.lock"
        (toString maintenance.keepNights)
        (toString (maintenance.keepGiB * 1024))
      ];
      ReadWritePaths = [
        state
        "${data}/bench"
      ];
    };
  };
}
