# Once a day every node looks at its free space, and the node that starts the night whether there was
# one: a timer that never fired fails no unit of its own.
{
  cluster,
  config,
  lib,
  pkgs,
  ...
}:
let
  inherit (config.tidemark) directories nightly;
  inherit (cluster) maintenance;
  script = pkgs.writeShellApplication {
    name = "tidemark-watch";
    runtimeInputs = [ pkgs.coreutils ];
    text = builtins.readFile ./watch.sh;
  };
in
{
  systemd.timers.tidemark-watch = {
    description = "Look at free space and at the last night";
    wantedBy = [ "timers.target" ];
    timerConfig.OnCalendar = maintenance.watchAt;
  };
  systemd.services.tidemark-watch = {
    description = "Look at free space and at the last night";
    onFailure = [ "tidemark-alert@%n.service" ];
    serviceConfig = import ../lib/hardening-script.nix // {
      Type = "oneshot";
      ExecStart = lib.concatStringsSep " " [
        (lib.getExe script)
        (toString maintenance.leastFreePercent)
        (if nightly.enable then "${nightly.stateDirectory}/last-night" else "''")
        "${directories.state}/first-boot.done"
        # The watch comes after the longest night: without tonight's, the last stamp is older than a day.
        "24"
        "/"
        directories.state
        directories.data
      ];
    };
  };
}
