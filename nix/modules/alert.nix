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
      description = "Who gets a mail. Empty: nobody.";
    };
    mailRelay = lib.mkOption {
      type = lib.types.str;
      default = "";
      example = "smtp://mail.example.org:25";
      description = "The relay that takes it.";
    };
  };

  config.assertions = [
    {
      assertion = cfg.mailTo == "" || builtins.match "smtps?://.+" cfg.mailRelay != null;
      message = "tidemark.alert.mailTo needs tidemark.alert.mailRelay, e.g. smtp://mail.example.org:25";
    }
  ];

  config.systemd.services."tidemark-alert@" = {
    description = "Say that %i failed";
    environment = {
      MAIL_TO = cfg.mailTo;
      MAIL_RELAY = cfg.mailRelay;
    };
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
