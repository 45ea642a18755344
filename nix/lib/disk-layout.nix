# The layout of a node's disk, for disko: boot, system, and a partition of its own for the databases
# under test, so that neither logs nor the Nix store share its free space. The one function behind
# every nodes/*/disko.nix; those stay a device and, where a node differs, its sizes.
{
  # /dev/disk/by-id/… in production: kernel names change with the order of discovery.
  device,
  # Where the databases lie.
  data,
  systemSize ? "40G",
}:
{
  disko.devices.disk.main = {
    type = "disk";
    inherit device;
    content = {
      type = "gpt";
      partitions = {
        boot = {
          priority = 1;
          size = "512M";
          type = "EF00";
          content = {
            type = "filesystem";
            format = "vfat";
            mountpoint = "/boot";
            mountOptions = [ "umask=0077" ];
          };
        };
        system = {
          priority = 2;
          size = systemSize;
          content = {
            type = "filesystem";
            format = "ext4";
            extraArgs = [
              "-L"
              "tidemark-sys"
            ];
            mountpoint = "/";
          };
        };
        data = {
          priority = 3;
          size = "100%";
          content = {
            type = "filesystem";
            format = "xfs";
            # XFS takes twelve characters.
            extraArgs = [
              "-L"
              "tidemark-dat"
            ];
            mountpoint = data;
            # Reading is not to write, and discards go by fstrim.timer between nights.
            mountOptions = [
              "noatime"
              "nodiscard"
            ];
          };
        };
      };
    };
  };
}
