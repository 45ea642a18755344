# A module system in small: imports, options with defaults and type checks, mkIf, mkMerge, mkDefault,
# mkForce, conflict errors. Options that no module here declares are NixOS's own: they are merged by
# what their values are (sets by name, lists end to end, anything else has to be equal), and nobody
# checks their names. The evaluation against nixpkgs (evaluate.sh) does.
{
  modules,
  lib,
  specialArgs ? { },
}:
let
  inherit (builtins)
    all
    any
    attrNames
    concatLists
    concatStringsSep
    elem
    filter
    foldl'
    functionArgs
    head
    intersectAttrs
    isAttrs
    isFunction
    isList
    isPath
    isString
    length
    listToAttrs
    map
    tail
    toJSON
    ;

  arguments = specialArgs // {
    inherit lib config;
  };

  # Modules, and what they import, each file once.
  load =
    seen: pending:
    if pending == [ ] then
      [ ]
    else
      let
        first = head pending;
        isFile = isPath first || isString first;
        key = toString first;
        loaded = if isFile then import first else first;
        # Only what it asks for, as nixpkgs does: a module that asks for more is told by Nix.
        module = if isFunction loaded then loaded (intersectAttrs (functionArgs loaded) arguments) else loaded;
      in
      if isFile && elem key seen then
        load seen (tail pending)
      else
        [ module ] ++ load (seen ++ (if isFile then [ key ] else [ ])) ((module.imports or [ ]) ++ tail pending);

  loaded = load [ ] modules;
  declarations = map (module: module.options or { }) loaded;
  # A module without `config` and `options` is all configuration.
  definitions = map (
    module:
    module.config
      or (if module ? options then { } else removeAttrs module [ "imports" ])
  ) loaded;

  isProperty = value: isAttrs value && elem (value._type or null) [ "if" "merge" "override" ];
  isPackage = value: isAttrs value && value ? outPath;
  isSet = value: isAttrs value && !(isPackage value);

  # A definition as sets without properties on their outside: properties move to the attributes, so
  # that a set's names are known before any condition is.
  pushDown =
    value:
    if value._type or null == "merge" then
      concatLists (map pushDown value.contents)
    else if value._type or null == "if" then
      map (wrap (lib.mkIf value.condition)) (pushDown value.content)
    else if value._type or null == "override" then
      map (wrap (lib.mkOverride value.priority)) (pushDown value.content)
    else
      [ value ];
  wrap = property: value: if isSet value && !(isProperty value) then builtins.mapAttrs (_: property) value else property value;

  # A definition as values with their priorities, false conditions dropped.
  discharge =
    value:
    if value._type or null == "merge" then
      concatLists (map discharge value.contents)
    else if value._type or null == "if" then
      (if value.condition then discharge value.content else [ ])
    else if value._type or null == "override" then
      map (d: d // { inherit (value) priority; }) (discharge value.content)
    else
      [
        {
          priority = lib.defaultPriority;
          inherit value;
        }
      ];
  strongest =
    values:
    let
      least = foldl' (a: d: if d.priority < a then d.priority else a) 9999 values;
    in
    map (d: d.value) (filter (d: d.priority == least) values);

  show = path: concatStringsSep "." path;
  unique = foldl' (names: name: if elem name names then names else names ++ [ name ]) [ ];
  # The sets among definitions; a property around anything else stays with mergeLeaf.
  outerSets = defs: concatLists (map pushDown defs);
  namesOf = sets: unique (concatLists (map attrNames sets));
  valuesOf = name: sets: concatLists (map (set: if set ? ${name} then [ set.${name} ] else [ ]) sets);

  # The value of definitions of one place, and whether there is any.
  merge =
    path: defs:
    let
      outer = outerSets defs;
      values = concatLists (map discharge defs);
      strong = strongest values;
      first = head strong;
      # Decided by what the definitions are on their outside; conditions inside decide on presence.
      asSets = outer != [ ] && all (value: isSet value && !(isProperty value)) outer;
      children = listToAttrs (
        map (name: {
          inherit name;
          value = merge (path ++ [ name ]) (valuesOf name outer);
        }) (namesOf outer)
      );
      present = filter (name: children.${name}.present) (attrNames children);
    in
    if asSets then
      {
        present = present != [ ] || any (d: d.value == { }) values;
        value = listToAttrs (
          map (name: {
            inherit name;
            inherit (children.${name}) value;
          }) present
        );
      }
    else
      {
        present = values != [ ];
        value =
          if all isList strong then
            concatLists strong
          else if all (value: value == first) strong then
            first
          else
            throw "Cannot merge ${show path}: it is defined as ${concatStringsSep " and as " (map toJSON strong)}";
      };

  isOption = declaration: declaration._type or null == "option";

  optionValue =
    path: option: defs:
    let
      merged = merge path defs;
      value =
        if merged.present then
          merged.value
        else
          option.default or (throw "Cannot read ${show path}: it is used but not defined");
    in
    if option.readOnly or false && length (concatLists (map discharge defs)) > 1 then
      throw "Cannot set ${show path}: it is read-only and set twice"
    else if !(option.type.check value) then
      throw "Cannot take ${toJSON value} for ${show path}: it is no ${option.type.name}"
    else
      value;

  # Goes down the declared options and hands what lies beside them to `merge`.
  descend =
    path: decls: defs:
    let
      sets = outerSets defs;
      declared = namesOf decls;
      undeclared = filter (name: !(elem name declared)) (namesOf sets);
      own = listToAttrs (
        map (name: {
          inherit name;
          value =
            let
              below = valuesOf name decls;
              at = path ++ [ name ];
            in
            if any isOption below then
              if length below > 1 then
                throw "Cannot declare ${show at}: it is declared twice"
              else
                optionValue at (head below) (valuesOf name sets)
            else
              descend at below (valuesOf name sets);
        }) declared
      );
      others = listToAttrs (
        map (name: {
          inherit name;
          value =
            if path == [ ] then
              (merge [ name ] (valuesOf name sets)).value
            else
              throw "Cannot set ${show (path ++ [ name ])}: there is no such option";
        }) undeclared
      );
    in
    # Read in full whenever a declared set is, so that a misspelled name does not hide.
    if path != [ ] && undeclared != [ ] then others.${head undeclared} else own // others;

  config = descend [ ] declarations definitions;
in
{
  inherit config;
}
