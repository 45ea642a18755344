# What marks a value of cluster.nix that somebody has to replace.
{
  placeholder = text: builtins.match ".*REPLACE-ME.*" text != null;
}
