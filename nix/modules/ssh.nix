# SSH by key, and by nothing else. The netboot image has the same.
{ cluster, ... }:
{
  services.openssh = {
    enable = true;
    settings = {
      PasswordAuthentication = false;
      KbdInteractiveAuthentication = false;
      PermitRootLogin = "prohibit-password";
      AuthenticationMethods = "publickey";
      X11Forwarding = false;
      AllowAgentForwarding = false;
      AllowTcpForwarding = false;
      # A controller that is gone is noticed within a minute, and what it ran is ended.
      ClientAliveInterval = 15;
      ClientAliveCountMax = 3;
    };
    # One kind of host key, so that cluster.nix has one line a node.
    hostKeys = [
      {
        type = "ed25519";
        path = "/etc/ssh/ssh_host_ed25519_key";
      }
    ];
  };
  users.mutableUsers = false;
  users.users.root.openssh.authorizedKeys.keys = cluster.ssh.authorizedKeys;
}
