# What a service without Deno and without a network does without besides.
import ./hardening.nix
// {
  CapabilityBoundingSet = "";
  PrivateNetwork = true;
  IPAddressDeny = "any";
  RestrictAddressFamilies = "none";
  MemoryDenyWriteExecute = true;
  ProtectHome = true;
}
