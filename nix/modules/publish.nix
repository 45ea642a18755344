# The pages: static files, which a night puts in place by renaming a directory, so that a reader sees
# the old night or the new one and never half of one.
{
  config,
  lib,
  ...
}:
let
  cfg = config.tidemark.publish;
in
{
  options.tidemark.publish = {
    enable = lib.mkOption {
      type = lib.types.bool;
      default = config.tidemark.self.role == "controller";
      description = "Whether this node serves the pages; by default the controller does.";
    };
    root = lib.mkOption {
      type = lib.types.str;
      default = "${config.tidemark.nightly.stateDirectory}/site";
      description = "The directory of the pages.";
    };
  };

  config = lib.mkIf cfg.enable {
    services.nginx = {
      enable = true;
      recommendedGzipSettings = true;
      serverTokens = false;
      virtualHosts.${config.tidemark.node} = {
        default = true;
        inherit (cfg) root;
        locations."/" = {
          index = "index.html";
          tryFiles = "$uri $uri/ =404";
          # Reports are whole files with everything inlined, and bring no scripts from elsewhere.
          extraConfig = ''
            add_header Content-Security-Policy "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; script-src 'unsafe-inline'" always;
            add_header X-Content-Type-Options nosniff always;
            add_header Referrer-Policy no-referrer always;
          '';
        };
      };
    };
    networking.firewall.allowedTCPPorts = [ 80 ];
  };
}
