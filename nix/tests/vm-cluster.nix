# The cluster as virtual machines, on a builder with KVM and a binary cache: `nix flake check`.
# Form the etcd cluster, measure over SSH from the controller, lose a node, and see the rest answer.
{ pkgs }:
let
  cluster = import ./cluster.nix;
  names = builtins.attrNames cluster.nodes;
in
pkgs.testers.runNixOSTest {
  name = "tidemark-cluster";
  node.specialArgs = { inherit cluster; };

  nodes = pkgs.lib.genAttrs names (name: {
    imports = [ ../modules ];
    tidemark = {
      node = name;
      virtual = true;
      etcd.enable = true;
      nightly.enable = false;
    };
    # The test driver has its own network, boot loader and disks.
    networking = {
      useNetworkd = pkgs.lib.mkForce false;
      hosts = pkgs.lib.mkForce { };
      interfaces.eth1.ipv4.addresses = pkgs.lib.mkForce [
        {
          inherit (cluster.nodes.${name}) address;
          prefixLength = cluster.network.prefixLength;
        }
      ];
    };
    systemd.network.enable = pkgs.lib.mkForce false;
    boot.loader.systemd-boot.enable = pkgs.lib.mkForce false;
    users.mutableUsers = pkgs.lib.mkForce true;
    virtualisation.emptyDiskImages = [ 1024 ];
    virtualisation.fileSystems.${cluster.directories.data} = {
      device = "/dev/vdb";
      fsType = "xfs";
      autoFormat = true;
      options = [ "noatime" ];
    };
  });

  testScript = ''
    start_all()
    every = [node01, node02, node03]

    with subtest("first boot makes the directory for databases, once"):
        for node in every:
            node.wait_for_unit("tidemark-first-boot.service")
            node.succeed("test -d ${cluster.directories.data}/bench")
            node.succeed("test -f ${cluster.directories.state}/first-boot.done")

    with subtest("SSH takes keys only"):
        for node in every:
            node.wait_for_unit("sshd.service")
            node.succeed("sshd -T | grep -x 'passwordauthentication no'")
            node.succeed("sshd -T | grep -x 'allowagentforwarding no'")

    with subtest("etcd forms a cluster and survives a member"):
        for node in every:
            node.wait_for_unit("etcd.service")
        node01.wait_until_succeeds("etcdctl put /night 1")
        node03.wait_until_succeeds("etcdctl get /night | grep 1")
        node03.crash()
        node01.wait_until_succeeds("etcdctl put /night 2")

    with subtest("pages are served by the controller"):
        node01.succeed("mkdir -p /var/lib/tidemark-nightly/site")
        node01.succeed("echo night > /var/lib/tidemark-nightly/site/index.html")
        node01.wait_for_unit("nginx.service")
        node02.wait_until_succeeds("curl --fail http://${cluster.nodes.node01.address}/ | grep night")
  '';
}
