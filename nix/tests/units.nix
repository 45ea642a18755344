# The services and timers of the modules as systemd's own files, written the way NixOS writes them,
# by system and name, so that systemd-analyze can be asked about them. What only changes a unit of
# nixpkgs' own is no unit here.
{
  cluster ? import ../cluster.nix,
}:
let
  inherit (builtins)
    attrNames
    attrValues
    concatStringsSep
    filter
    isBool
    isList
    listToAttrs
    map
    mapAttrs
    toString
    ;
  lines = concatStringsSep "\n";
  text =
    value:
    if isBool value then
      (if value then "true" else "false")
    else
      toString value;
  setting =
    name: value:
    # A list is a setting that is written several times.
    if isList value then lines (map (each: "${name}=${text each}") value) else "${name}=${text value}";
  section = name: settings: lines ([ "[${name}]" ] ++ attrValues (mapAttrs setting settings));
  words = name: values: if values == [ ] then { } else { ${name} = concatStringsSep " " values; };

  unitSection =
    unit:
    section "Unit" (
      { Description = unit.description; }
      // words "After" (unit.after or [ ])
      // words "Before" (unit.before or [ ])
      // words "Wants" (unit.wants or [ ])
      // words "Requires" (unit.requires or [ ])
      // words "OnFailure" (unit.onFailure or [ ])
      // unit.unitConfig or { }
    );
  installSection = unit: section "Install" (words "WantedBy" (unit.wantedBy or [ ]));
  environment =
    unit:
    map (name: "\"${name}=${unit.environment.${name}}\"") (attrNames (unit.environment or { }))
    ++ (
      if unit ? path then
        [ "\"PATH=${concatStringsSep ":" (map (package: "${package}/bin") unit.path)}\"" ]
      else
        [ ]
    );
  service =
    unit:
    lines [
      (unitSection unit)
      (section "Service" ({ Environment = environment unit; } // unit.serviceConfig))
      (installSection unit)
      ""
    ];
  timer =
    unit:
    lines [
      (unitSection unit)
      (section "Timer" unit.timerConfig)
      (installSection unit)
      ""
    ];
  named =
    kind: render: units:
    listToAttrs (
      map (name: {
        name = "${name}.${kind}";
        value = render units.${name};
      }) (filter (name: units.${name} ? description) (attrNames units))
    );
in
mapAttrs (
  _: config:
  named "service" service (config.systemd.services or { })
  // named "timer" timer (config.systemd.timers or { })
) (import ./evaluator { inherit cluster; })
