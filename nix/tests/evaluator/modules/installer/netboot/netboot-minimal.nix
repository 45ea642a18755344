# What of nixpkgs' file of this name the netboot image has to overrule.
{ lib, ... }:
{
  networking.useDHCP = true;
  services.getty.autologinUser = "nixos";
  services.openssh.settings.PermitRootLogin = lib.mkDefault "yes";
  users.users.nixos = {
    isNormalUser = true;
    initialHashedPassword = "";
  };
  users.users.root.initialHashedPassword = "";
}
