# What a machine boots over the network: a system in memory that answers on SSH, to keys only, and
# says what it does on the serial console. The host name comes from the kernel command line
# (systemd.hostname=node01), so that one image serves every node.
{
  lib,
  modulesPath,
  ...
}:
{
  imports = [
    "${modulesPath}/installer/netboot/netboot-minimal.nix"
    ./modules/ssh.nix
  ];

  # Empty: with a name of its own in /etc/hostname, systemd would not take the kernel's.
  networking.hostName = "";
  networking.useDHCP = lib.mkForce false;
  networking.useNetworkd = true;
  # The installer's image has one of its own, and two that hand out addresses to the same card.
  networking.networkmanager.enable = lib.mkForce false;
  systemd.network = {
    enable = true;
    networks."10-any-card" = {
      matchConfig.Type = "ether";
      networkConfig.DHCP = "yes";
      # The name is the kernel command line's: install.sh refuses another's machine.
      dhcpV4Config.UseHostname = false;
      dhcpV6Config.UseHostname = false;
    };
  };

  # The installer's image brings ZFS, whose pools are nobody's here: none is imported by force.
  boot.zfs.forceImportRoot = false;

  # nixpkgs' image leaves it out, and a card without its firmware could not be asked why it failed.
  hardware.enableRedistributableFirmware = lib.mkForce true;

  boot.kernelParams = [
    "console=tty0"
    "console=ttyS0,115200n8"
  ];
  # The installer's image logs everybody in at the console and has a user without a password.
  services.getty.autologinUser = lib.mkForce null;
  users.users.nixos.initialHashedPassword = lib.mkForce "!";
  users.users.root.initialHashedPassword = lib.mkForce "!";

  system.stateVersion = "26.05";
}
