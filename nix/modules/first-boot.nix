# What an installed node does once, on its first boot: the databases' directory on a partition that
# is this cluster's. The stamp keeps it from running again; it never formats anything.
{
  cluster,
  config,
  lib,
  pkgs,
  ...
}:
let
  inherit (cluster.ssh) user;
  inherit (config.tidemark.directories) state data;
  stamp = "${state}/first-boot.done";
  script = pkgs.writeShellApplication {
    name = "tidemark-first-boot";
    runtimeInputs = [
      pkgs.coreutils
      pkgs.findutils
      pkgs.util-linux
    ];
    text = builtins.readFile ./first-boot.sh;
  };
in
{
  systemd.services.tidemark-first-boot = {
    description = "First boot: directories for benchmarks";
    wantedBy = [ "multi-user.target" ];
    wants = [ "systemd-tmpfiles-setup.service" ];
    after = [
      "local-fs.target"
      "systemd-tmpfiles-setup.service"
    ];
    # Who logs in finds the node ready.
    before = [ "sshd.service" ];
    # A new configuration is no new machine.
    restartIfChanged = false;
    unitConfig = {
      ConditionPathExists = "!${stamp}";
      RequiresMountsFor = [ data ];
    };
    serviceConfig = import ../lib/hardening-script.nix // {
      Type = "oneshot";
      RemainAfterExit = true;
      ExecStart = lib.concatStringsSep " " (
        [
          (lib.getExe script)
          data
          user
          stamp
        ]
        # Made by tmpfiles before this runs.
        ++ lib.optional config.tidemark.etcd.enable "etcd"
      );
      ReadWritePaths = [
        state
        data
      ];
      # It gives a directory to another user, and needs no more than that.
      CapabilityBoundingSet = [
        "CAP_CHOWN"
        "CAP_DAC_OVERRIDE"
        "CAP_FOWNER"
      ];
      SystemCallFilter = [
        "@system-service"
        "~@resources"
      ];
    };
  };
}
