# The user that measures, its directories, and what it needs on its path.
{
  cluster,
  config,
  pkgs,
  ...
}:
let
  inherit (cluster.ssh) user;
  inherit (config.tidemark.directories) state;
in
{
  users.groups.${user} = { };
  users.users.${user} = {
    isSystemUser = true;
    group = user;
    home = state;
    # SSH starts the remote command through it.
    useDefaultShell = true;
    openssh.authorizedKeys.keys = cluster.ssh.authorizedKeys;
  };
  systemd.tmpfiles.rules = [
    "d ${state} 0755 ${user} ${user} -"
    "d ${state}/releases 0755 ${user} ${user} -"
    "d ${state}/results 0755 ${user} ${user} -"
  ];
  environment.systemPackages = [
    pkgs.deno
    pkgs.gnutar
    pkgs.procps
    pkgs.util-linux
  ];
  # RocksDB keeps a file descriptor for every table file.
  security.pam.loginLimits = [
    {
      domain = user;
      type = "-";
      item = "nofile";
      value = "65536";
    }
  ];
}
