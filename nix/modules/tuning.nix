# What `deno task doctor` asks of a machine to measure on.
{
  lib,
  pkgs,
  ...
}:
let
  turbo = pkgs.writeShellApplication {
    name = "tidemark-turbo-off";
    text = builtins.readFile ./turbo-off.sh;
  };
in
{
  powerManagement.cpuFreqGovernor = "performance";

  # A turbo clock depends on heat and on what the other cores do. The kernel has no argument for it.
  systemd.services.tidemark-turbo-off = {
    description = "Turn the processor's turbo off";
    wantedBy = [ "multi-user.target" ];
    serviceConfig = import ../lib/hardening-script.nix // {
      Type = "oneshot";
      RemainAfterExit = true;
      ExecStart = lib.getExe turbo;
      # The switch is a kernel tunable, which is all that it may write.
      ProtectKernelTunables = false;
      ReadWritePaths = [ "-/sys/devices/system/cpu" ];
    };
  };

  swapDevices = lib.mkForce [ ];
  zramSwap.enable = false;

  boot.kernelParams = [
    # Put together on request only: the kernel's own attempts show in the tail of latencies.
    "transparent_hugepage=madvise"
  ];
  boot.kernel.sysctl = {
    # Without swap this only says what to do with a device that somebody adds.
    "vm.swappiness" = 1;
    # RocksDB maps its files where asked to, and a large database has many.
    "vm.max_map_count" = 262144;
  };

  # A scheduler between the engine and an SSD reorders what the engine has already ordered.
  services.udev.extraRules = ''
    ACTION=="add|change", SUBSYSTEM=="block", KERNEL=="nvme[0-9]*n[0-9]*|sd[a-z]*|vd[a-z]*", ENV{DEVTYPE}=="disk", ATTR{queue/rotational}=="0", ATTR{queue/scheduler}="none"
  '';
}
