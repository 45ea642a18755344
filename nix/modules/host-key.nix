# The node's public host key, said on the serial console at every boot: whoever sees the console has
# it from the node itself, and need not trust the first that answers on its address.
{
  lib,
  pkgs,
  ...
}:
let
  script = pkgs.writeShellApplication {
    name = "tidemark-host-key";
    runtimeInputs = [ pkgs.coreutils ];
    text = builtins.readFile ./host-key.sh;
  };
in
{
  systemd.services.tidemark-host-key = {
    description = "Say the host key on the console";
    wantedBy = [ "multi-user.target" ];
    after = [ "sshd-keygen.service" ];
    serviceConfig = import ../lib/hardening-script.nix // {
      Type = "oneshot";
      RemainAfterExit = true;
      ExecStart = "${lib.getExe script} /etc/ssh/ssh_host_ed25519_key.pub";
      StandardOutput = "journal+console";
    };
  };
}
