# Which node this is, and what follows from cluster.nix for it: name, address, disk, the others.
{
  cluster,
  config,
  lib,
  ...
}:
let
  cfg = config.tidemark;
  names = builtins.attrNames cluster.nodes;
  nodes = builtins.attrValues cluster.nodes;
  inherit (import ../lib/placeholder.nix) placeholder;
  # The values that stand more than once in a list.
  repeated = list: builtins.filter (x: builtins.length (builtins.filter (y: y == x) list) > 1) list;
  field = name: map (node: node.${name}) nodes;
in
{
  options.tidemark = {
    node = lib.mkOption {
      type = lib.types.str;
      description = "Name of this node in cluster.nix.";
    };
    virtual = lib.mkOption {
      type = lib.types.bool;
      default = false;
      description = "Whether the node runs under nix/launch's QEMU instead of on its machine.";
    };
    self = lib.mkOption {
      type = lib.types.attrs;
      readOnly = true;
      description = "This node's entry in cluster.nix, with the disk (`device`) and the `mac` that it has here.";
    };
    directories = lib.mkOption {
      type = lib.types.attrs;
      readOnly = true;
      description = "Where state and databases lie.";
    };
  };

  config = {
    tidemark.self =
      let
        entry =
          cluster.nodes.${cfg.node}
            or (throw "Cannot configure ${cfg.node}: cluster.nix has ${toString names}");
      in
      entry
      // {
        device = if cfg.virtual then entry.virtualDisk else entry.disk;
        mac = if cfg.virtual then entry.virtualMac else entry.mac;
      };
    tidemark.directories = cluster.directories;

    networking = {
      hostName = cfg.node;
      useDHCP = false;
      useNetworkd = true;
      # The names of the cluster resolve without a name server.
      hosts = builtins.listToAttrs (
        map (name: {
          name = cluster.nodes.${name}.address;
          value = [ name ];
        }) names
      );
      inherit (cluster.network) nameservers timeServers;
      firewall.allowedTCPPorts = [ cfg.self.sshPort ];
    };
    # The port that cluster.nix says is the one that is open, and the one that is listened on.
    services.openssh.ports = [ cfg.self.sshPort ];
    # By MAC, since the kernel's names of cards depend on the slot.
    systemd.network = {
      enable = true;
      # QEMU's first card, by which the machine that runs it reaches the node.
      networks."20-management" = lib.mkIf cfg.virtual {
        matchConfig.MACAddress = builtins.replaceStrings [ "52:54:00:77" ] [ "52:54:00:78" ] cfg.self.mac;
        networkConfig.DHCP = "yes";
        # A node's name is cluster.nix's.
        dhcpV4Config.UseHostname = false;
        dhcpV6Config.UseHostname = false;
        linkConfig.RequiredForOnline = false;
      };
      networks."10-cluster" = {
        matchConfig.MACAddress = cfg.self.mac;
        address = [ "${cfg.self.address}/${toString cluster.network.prefixLength}" ];
        routes = [ { Gateway = cluster.network.gateway; } ];
        linkConfig.RequiredForOnline = "routable";
      };
    };

    boot.loader = {
      systemd-boot.enable = true;
      efi.canTouchEfiVariables = lib.mkDefault false;
      timeout = 3;
    };
    boot.initrd.availableKernelModules = [
      "ahci"
      "nvme"
      "sd_mod"
      "virtio_blk"
      "virtio_net"
      "virtio_pci"
      "xfs"
    ];
    # The last console is the one that /dev/console and so the boot's messages go to.
    boot.kernelParams = [
      "console=tty0"
      "console=ttyS0,115200n8"
    ];

    assertions = [
      {
        # Of every node: the others' are in its hosts file and in what its night may talk to.
        assertion = !(builtins.any placeholder (field "address"));
        message = "An address in cluster.nix is still REPLACE-ME";
      }
      {
        # A name would need a name server, and systemd filters addresses.
        assertion = builtins.all (
          address: placeholder address || builtins.match "[0-9.]+|[0-9a-f:]*:[0-9a-f:]*" address != null
        ) (field "address");
        message = "An address in cluster.nix is a name: give each node's IP address";
      }
      {
        assertion = !(placeholder (builtins.toJSON cluster.network));
        message = "The network in cluster.nix still holds a REPLACE-ME";
      }
      {
        assertion = !(placeholder cfg.self.mac);
        message = "The MAC of ${cfg.node} in cluster.nix is still REPLACE-ME";
      }
      {
        assertion = placeholder cfg.self.mac || builtins.match "([0-9a-f]{2}:){5}[0-9a-f]{2}" cfg.self.mac != null;
        message = "The MAC of ${cfg.node} in cluster.nix is not six pairs of small hexadecimal digits";
      }
      {
        assertion = !(placeholder cfg.self.device);
        message = "The disk of ${cfg.node} in cluster.nix is still REPLACE-ME";
      }
      {
        assertion =
          cfg.virtual
          || placeholder cfg.self.device
          || builtins.match "/dev/disk/by-id/.+" cfg.self.device != null;
        message = "The disk of ${cfg.node} in cluster.nix is not under /dev/disk/by-id";
      }
      {
        assertion = repeated (field "address") == [ ];
        message = "Two nodes of cluster.nix have the address ${toString (repeated (field "address"))}";
      }
      {
        assertion = repeated (field "mac") == [ ];
        message = "Two nodes of cluster.nix have the MAC ${toString (repeated (field "mac"))}";
      }
      {
        assertion = builtins.length (builtins.filter (role: role == "controller") (field "role")) == 1;
        message = "cluster.nix has to have exactly one node with the role controller";
      }
    ];
  };
}
