# Who is told when a night fails, or a watch does: a webhook, mail, or both. Without either the failed
# unit is what there is to see, and nothing is sent.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.tidemark.alert;
  script = pkgs.writeShellApplication {
    name = "tidemark-alert";
    runtimeInputs = [
      pkgs.coreutils
      pkgs.curl
      pkgs.jq
      pkgs.systemd
    ];
    text = builtins.readFile ./alert.sh;
  };
in
{
  options.tidemark.alert = {
    webhookFile = lib.mkOption {
      type = lib.types.str;
      default = "";
      example = "/etc/tidemark/webhook";
      description = "A file with the address that {\"text\": …} is posted to; never in the Nix store. Empty: none.";
    };
    mailTo = lib.mkOption {
      type = lib.types.str;
      default = "";
      description = "Who gets a mail, by the sendmail of the node, which the deployment brings. Empty: nobody.";
    };
  };

  config.systemd.services."tidemark-alert@" = {
    description = "Say that %i failed";
    path = lib.optional (cfg.mailTo != "") "/run/wrappers";
    environment.MAIL_TO = cfg.mailTo;
    serviceConfig = import ../lib/hardening.nix // {
      Type = "oneshot";
      ExecStart = "${lib.getExe script} %i";
      LoadCredential = lib.optional (cfg.webhookFile != "") "webhook:${cfg.webhookFile}";
      DynamicUser = true;
      # It reads what the unit said.
      SupplementaryGroups = [ "systemd-journal" ];
      CapabilityBoundingSet = "";
      ProtectHome = true;
      MemoryDenyWriteExecute = true;
      RestrictAddressFamilies = [
        "AF_INET"
        "AF_INET6"
        "AF_UNIX"
      ];
      TimeoutStartSec = "5min";
    };
  };
}
