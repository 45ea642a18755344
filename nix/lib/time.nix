# The times of cluster.nix in seconds, so that the modules can tell whether two of them meet. Of
# systemd.time(7) only the forms that the file has: null of any other.
let
  number = import ./number.nix;
  units = {
    s = 1;
    min = 60;
    h = 3600;
  };
in
rec {
  day = 24 * 3600;

  # When of a day: 9000 of "Mon *-*-* 02:30:00".
  ofDay =
    at:
    let
      found = builtins.match "(.* )?([0-9]{1,2}):([0-9]{2})(:([0-9]{2}))?" at;
      part = builtins.elemAt found;
      seconds = part 4;
    in
    if found == null then
      null
    else
      number (part 1) * 3600 + number (part 2) * 60 + (if seconds == null then 0 else number seconds);

  # How long: 900 of "15min".
  span =
    text:
    let
      found = builtins.match "([0-9]+) ?(s|min|h)" text;
      part = builtins.elemAt found;
    in
    if found == null then null else number (part 0) * units.${part 1};

  # How long after the one time the other is, on this day or the next.
  after = from: to: if to >= from then to - from else to - from + day;
}
