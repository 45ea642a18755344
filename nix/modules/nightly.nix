# The night: on the controller a timer starts `deno task nightly --nodes`, which benches every node
# over SSH, collects, and leaves the pages to be published. Options, so that a deployment can move it.
{
  cluster,
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.tidemark.nightly;
  inherit (config.tidemark) self directories;
  inherit (cluster) maintenance;
  user = "tidemark-nightly";
in
{
  options.tidemark.nightly = {
    enable = lib.mkOption {
      type = lib.types.bool;
      default = self.role == "controller";
      description = "Whether this node starts the night; by default the controller does.";
    };
    timerConfig = lib.mkOption {
      type = lib.types.attrs;
      default = {
        OnCalendar = cluster.nightly.at;
        RandomizedDelaySec = cluster.nightly.spread;
        # A night that was missed because the machine was off is made up for.
        Persistent = true;
      };
      description = "When, as systemd.timer(5) takes it.";
    };
    keyFile = lib.mkOption {
      type = lib.types.str;
      default = "/etc/tidemark/id_ed25519";
      description = "The private key for the nodes, on the controller only; never in the Nix store.";
    };
    stateDirectory = lib.mkOption {
      type = lib.types.str;
      default = "/var/lib/${user}";
      readOnly = true;
      description = "Where nights and pages lie.";
    };
  };

  config = lib.mkIf cfg.enable {
    users.groups.${user} = { };
    users.users.${user} = {
      isSystemUser = true;
      group = user;
    };
    systemd.timers.tidemark-nightly = {
      description = "Bench the cluster every night";
      wantedBy = [ "timers.target" ];
      inherit (cfg) timerConfig;
    };
    systemd.services.tidemark-nightly = {
      description = "Bench every node, collect and publish";
      wants = [
        "network-online.target"
        "time-sync.target"
      ];
      after = [
        "network-online.target"
        "time-sync.target"
      ];
      onFailure = [ "tidemark-alert@%n.service" ];
      # A new configuration must not end a night.
      restartIfChanged = false;
      unitConfig.RequiresMountsFor = [ directories.state ];
      path = [
        pkgs.coreutils
        pkgs.deno
        pkgs.openssh
        pkgs.util-linux
      ];
      environment = {
        HOME = cfg.stateDirectory;
        DENO_DIR = "${cfg.stateDirectory}/deno";
        DENO_NO_UPDATE_CHECK = "1";
        NO_COLOR = "1";
      };
      serviceConfig = import ../lib/hardening.nix // {
        Type = "oneshot";
        User = user;
        Group = user;
        # A second night that starts by hand says so and ends; it does not wait for the first.
        # Without a fork the night itself is the main process, which the signal to stop goes to.
        ExecStart = lib.concatStringsSep " " (
          [
            "${pkgs.util-linux}/bin/flock --nonblock --no-fork --conflict-exit-code 75 \${STATE_DIRECTORY}/night.lock"
            "${lib.getExe pkgs.deno} task nightly --nodes"
            "--identity \${CREDENTIALS_DIRECTORY}/ssh-key"
            "--out \${STATE_DIRECTORY}"
            "--keep-nights ${toString maintenance.keepNights}"
            "--keep-weeks ${toString maintenance.keepWeeks}"
            "--keep-gib ${toString maintenance.keepGiB}"
          ]
          # A pinned reference, so that the pages tell the machines from the store.
          ++ map (setting: "--control ${setting}") (cluster.nightly.control or [ ])
        );
        # Only after a night that ended well: what the watch looks for.
        ExecStartPost = "${pkgs.coreutils}/bin/touch \${STATE_DIRECTORY}/last-night";
        SuccessExitStatus = [
          # A target was missed: the night itself went well.
          1
        ];
        WorkingDirectory = "${directories.state}/project";
        StateDirectory = user;
        StateDirectoryMode = "0755";
        LoadCredential = "ssh-key:${cfg.keyFile}";
        TimeoutStartSec = cluster.nightly.longest;
        # The night ends the benches on the nodes itself when it is told to stop.
        KillSignal = "SIGINT";
        KillMode = "mixed";
        TimeoutStopSec = "2min";
        CapabilityBoundingSet = "";
        AmbientCapabilities = "";
        ProtectHome = true;
        PrivateUsers = true;
        ProcSubset = "pid";
        RestrictAddressFamilies = [
          "AF_INET"
          "AF_INET6"
          "AF_UNIX"
        ];
        # It talks to the nodes and to nobody else.
        IPAddressDeny = "any";
        IPAddressAllow = [ "localhost" ] ++ map (node: node.address) (builtins.attrValues cluster.nodes);
        DevicePolicy = "closed";
      };
    };
  };
}
