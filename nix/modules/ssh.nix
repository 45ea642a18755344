# SSH by key, and by nothing else. The netboot image has the same, and an image that nobody could log
# into is not made.
{ cluster, ... }:
let
  inherit (cluster.ssh) authorizedKeys;
  inherit (import ../lib/placeholder.nix) placeholder;
in
{
  assertions = [
    {
      assertion = authorizedKeys != [ ];
      message = "cluster.nix has no ssh.authorizedKeys: nobody could log in";
    }
    {
      assertion = !(builtins.any placeholder authorizedKeys);
      message = "ssh.authorizedKeys in cluster.nix still holds a REPLACE-ME key";
    }
  ];

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
  users.users.root.openssh.authorizedKeys.keys = authorizedKeys;
}
