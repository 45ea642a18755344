# The machines, as plain data: the one source for Nix, for the launch scripts and for
# `deno task nodes`. Only builtins, no functions. cluster.json is this file as JSON
# (nix/tests/cluster-json.sh --write), for machines without Nix; a test holds the two together.
#
# Whatever says REPLACE-ME has to be replaced before a node can be installed or reached: the modules
# and `deno task nodes` both refuse it.
{
  version = 1;

  ssh = {
    user = "bench";
    # Who may log in, as the bench user and as root: public keys, one a line of authorized_keys.
    authorizedKeys = [
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIREPLACE-ME operator"
    ];
  };

  # Where things lie on every node. `data` is the partition for databases under test.
  directories = {
    state = "/var/lib/tidemark";
    data = "/srv/tidemark";
  };

  network = {
    prefixLength = 24;
    gateway = "10.77.0.1";
    nameservers = [ "10.77.0.1" ];
    # Nights of several nodes are compared by their time. Names or addresses; a site's own are best.
    timeServers = [
      "0.nixos.pool.ntp.org"
      "1.nixos.pool.ntp.org"
      "2.nixos.pool.ntp.org"
    ];
  };

  nightly = {
    at = "*-*-* 02:30:00";
    spread = "15min";
    # A night that takes longer is ended.
    longest = "10h";
    # A pinned reference that is measured in turns with tonight's stores, e.g. "release=9.10.0": the
    # history then tells what the machine did from what the store did. None where the list is empty.
    control = [ ];
  };

  # What a node does for itself between nights, far from them: trimming its disk, throwing away old
  # systems and results. systemd.time(7) each; the spread comes on top.
  maintenance = {
    trimAt = "Mon *-*-* 13:00:00";
    collectGarbageAt = "Wed *-*-* 13:00:00";
    resultsAt = "*-*-* 13:00:00";
    # When a node looks at its free space and at whether there was a night.
    watchAt = "*-*-* 14:00:00";
    leastFreePercent = 10;
    spread = "30min";
    # What is kept of results: every one of so many nights; of the weeks before them, in the
    # controller's history, one a week, and then one a month; and no more than so many GiB of files,
    # in that history and in what each node has of its own benches. Values are kept for ever.
    keepNights = 90;
    keepWeeks = 52;
    keepGiB = 8;
  };

  nodes = {
    node01 = {
      address = "10.77.0.11";
      sshPort = 22;
      # The card's hardware address, as ip link shows it; under QEMU it is `virtualMac`.
      mac = "REPLACE-ME-node01";
      virtualMac = "52:54:00:77:00:01";
      # Where the node's disk is; under QEMU it is `virtualDisk`.
      disk = "/dev/disk/by-id/nvme-REPLACE-ME-node01";
      virtualDisk = "/dev/vda";
      # The controller starts the night, collects and publishes; it is benched like the others.
      role = "controller";
      # The public host key, as in /etc/ssh/ssh_host_ed25519_key.pub; null: the operator's own
      # known_hosts has it. An unknown key is never taken on trust.
      hostKey = null;
      # The node's SSH port on 127.0.0.1 when nix/launch runs it under QEMU.
      virtualSshPort = 22001;
    };
    node02 = {
      address = "10.77.0.12";
      sshPort = 22;
      mac = "REPLACE-ME-node02";
      virtualMac = "52:54:00:77:00:02";
      disk = "/dev/disk/by-id/nvme-REPLACE-ME-node02";
      virtualDisk = "/dev/vda";
      role = "worker";
      hostKey = null;
      virtualSshPort = 22002;
    };
    node03 = {
      address = "10.77.0.13";
      sshPort = 22;
      mac = "REPLACE-ME-node03";
      virtualMac = "52:54:00:77:00:03";
      disk = "/dev/disk/by-id/nvme-REPLACE-ME-node03";
      virtualDisk = "/dev/vda";
      role = "worker";
      hostKey = null;
      virtualSshPort = 22003;
    };
  };
}
