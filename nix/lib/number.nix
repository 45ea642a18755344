# A number of decimal digits, which may begin with zeros: JSON's may not.
digits: builtins.fromJSON (builtins.head (builtins.match "0*([0-9]+)" digits))
