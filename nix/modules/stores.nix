# The stores under test: librocksdb where Tidemark looks for it, and etcd, which as a service of the
# cluster is off unless asked for: its heartbeats would be measured along with everything else.
{
  cluster,
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.tidemark;
  url = node: port: "http://${node.address}:${toString port}";
in
{
  options.tidemark.etcd.enable = lib.mkOption {
    type = lib.types.bool;
    default = false;
    description = "Whether the nodes form an etcd cluster of their own to measure.";
  };

  config = lib.mkMerge [
    {
      environment.systemPackages = [
        pkgs.rocksdb
        pkgs.etcd
      ];
      # deno looks in /run/current-system/sw/lib, which links it there.
      environment.pathsToLink = [ "/lib" ];
    }
    (lib.mkIf cfg.etcd.enable {
      services.etcd = {
        enable = true;
        name = cfg.node;
        # On the data partition, where every store under test lies.
        dataDir = "${cfg.directories.data}/etcd";
        listenClientUrls = [
          (url cfg.self 2379)
          "http://127.0.0.1:2379"
        ];
        advertiseClientUrls = [ (url cfg.self 2379) ];
        listenPeerUrls = [ (url cfg.self 2380) ];
        initialAdvertisePeerUrls = [ (url cfg.self 2380) ];
        initialCluster = map (name: "${name}=${url cluster.nodes.${name} 2380}") (
          builtins.attrNames cluster.nodes
        );
        initialClusterToken = "tidemark";
        initialClusterState = "new";
        # The whole time of a request in the server is told only so.
        extraConf.METRICS = "extensive";
      };
      systemd.services.etcd.unitConfig.RequiresMountsFor = [ cfg.directories.data ];
      networking.firewall.allowedTCPPorts = [
        2379
        2380
      ];
    })
  ];
}
