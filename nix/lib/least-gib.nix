# How large a disk has to be for a layout of disko's: its partitions of a fixed size, and room for
# databases on the one that takes the rest.
partitions:
let
  number = import ./number.nix;
  units = {
    M = 1;
    G = 1024;
    T = 1024 * 1024;
  };
  mib =
    name:
    let
      inherit (partitions.${name}) size;
      found = builtins.match "([0-9]+)([MGT])" size;
      part = builtins.elemAt found;
    in
    if size == "100%" then
      0
    else if found == null then
      throw "Cannot tell how large the partition ${name} is: ${size}; write its size like 40G"
    else
      number (part 0) * units.${part 1};
  fixed = builtins.foldl' (sum: name: sum + mib name) 0 (builtins.attrNames partitions);
  roomGib = 7;
in
(fixed + 1023) / 1024 + roomGib
