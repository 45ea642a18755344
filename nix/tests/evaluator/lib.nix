# The part of nixpkgs' lib that the modules use, on builtins alone, so that they can be evaluated
# where there is no nixpkgs. Where it stands in for nixpkgs it has its names and its meaning.
rec {
  # Values that say when or how strongly they hold.
  mkIf = condition: content: {
    _type = "if";
    inherit condition content;
  };
  mkMerge = contents: {
    _type = "merge";
    inherit contents;
  };
  mkOverride = priority: content: {
    _type = "override";
    inherit priority content;
  };
  mkDefault = mkOverride 1000;
  mkForce = mkOverride 50;
  defaultPriority = 100;

  mkOption = option: option // { _type = "option"; };
  # A type is a check here; merging goes by what the values are.
  types = {
    str = {
      name = "string";
      check = builtins.isString;
    };
    bool = {
      name = "boolean";
      check = builtins.isBool;
    };
    int = {
      name = "integer";
      check = builtins.isInt;
    };
    attrs = {
      name = "attribute set";
      check = builtins.isAttrs;
    };
  };

  concatStringsSep = builtins.concatStringsSep;
  getExe = package: "${package}/bin/${package.mainProgram or package.name}";
  optional = condition: value: if condition then [ value ] else [ ];
  optionals = condition: values: if condition then values else [ ];
}
