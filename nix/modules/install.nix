# Installing from the netboot image: only where the kernel command line says tidemark.install, and
# only onto a disk that the guard lets pass; an installed node is started instead. The system to
# install is part of the image, so a node needs no binary cache.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.tidemark.install;
  guard = pkgs.writeShellApplication {
    name = "tidemark-disk-guard";
    runtimeInputs = [
      pkgs.coreutils
      pkgs.gnugrep
      pkgs.gnused
      pkgs.util-linux
    ];
    text = builtins.readFile ./disk-guard.sh;
  };
  script = pkgs.writeShellApplication {
    name = "tidemark-install";
    runtimeInputs = [
      guard
      # nixos-install calls nix-env by its bare name.
      config.nix.package
      pkgs.coreutils
      pkgs.gnugrep
      pkgs.gnused
      pkgs.nixos-install
      pkgs.systemd
      pkgs.util-linux
    ];
    text = builtins.readFile ./install.sh;
  };
in
{
  options.tidemark.install = {
    node = lib.mkOption {
      type = lib.types.str;
      description = "The node that this image installs; another host name is refused.";
    };
    device = lib.mkOption {
      type = lib.types.str;
      description = "The disk that is partitioned.";
    };
    leastGiB = lib.mkOption {
      type = lib.types.int;
      description = "How large the disk has to be: the layout's fixed parts and room for databases.";
    };
    partition = lib.mkOption {
      type = lib.types.str;
      description = "disko's script that partitions, formats and mounts the disk under /mnt.";
    };
    system = lib.mkOption {
      type = lib.types.str;
      description = "The system to install.";
    };
  };

  config.systemd.services.tidemark-install = {
    description = "Install ${cfg.node} onto its disk";
    wantedBy = [ "multi-user.target" ];
    after = [
      "systemd-udev-settle.service"
      "sshd.service"
    ];
    wants = [ "systemd-udev-settle.service" ];
    restartIfChanged = false;
    unitConfig = {
      ConditionKernelCommandLine = "tidemark.install";
      # A machine that failed stays up, so that somebody can look at it over SSH.
      FailureAction = "none";
    };
    serviceConfig = {
      Type = "oneshot";
      RemainAfterExit = true;
      ExecStart = "${lib.getExe script} ${cfg.node} ${cfg.device} ${toString cfg.leastGiB} ${cfg.partition} ${cfg.system}";
      StandardOutput = "journal+console";
      StandardError = "journal+console";
    };
  };
}
