//! What an engine is opened with: a flat JSON object, as the host writes it.

use crate::{Error, Result};

/// A setting's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Text(String),
    Number(u64),
    Bool(bool),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.to_owned())
    }
}
impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Value::Number(number)
    }
}
impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Value::Bool(value)
    }
}

/// What an engine is opened with.
#[derive(Clone, Debug)]
pub struct Config {
    /// The database's directory, which may not be there yet.
    pub path: String,
    /// How many column families there are to be.
    pub families: u32,
    settings: Vec<(String, Value)>,
}

impl Config {
    /// Reads what the host writes, on top of the engine's defaults.
    pub(crate) fn parse(text: &str, defaults: &[(&str, Value)]) -> Result<Self> {
        let mut config = Config {
            path: String::new(),
            families: 1,
            settings: defaults.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
        };
        for (name, value) in members(text)? {
            match (name.as_str(), &value) {
                ("path", Value::Text(path)) => config.path = path.clone(),
                ("families", Value::Number(families)) => config.families = *families as u32,
                _ => match config.settings.iter_mut().find(|(known, _)| *known == name) {
                    Some(setting) => setting.1 = value,
                    None => return Err(Error::new(format!("there is no option {name}"))),
                },
            }
        }
        Ok(config)
    }

    /// All settings, as they are in effect.
    pub fn settings(&self) -> &[(String, Value)] {
        &self.settings
    }

    fn value(&self, name: &str) -> Option<&Value> {
        self.settings.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// A setting that is a text; empty where there is none.
    pub fn text(&self, name: &str) -> &str {
        match self.value(name) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    /// A setting that is a number.
    pub fn number(&self, name: &str) -> Option<u64> {
        match self.value(name) {
            Some(Value::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// A setting that is true or false.
    pub fn is(&self, name: &str) -> bool {
        matches!(self.value(name), Some(Value::Bool(true)))
    }
}

/// The members of a flat object.
fn members(text: &str) -> Result<Vec<(String, Value)>> {
    let wrong = || Error::new("the configuration is no flat JSON object");
    let mut rest = text.trim().strip_prefix('{').ok_or_else(wrong)?.trim_start();
    let mut found = Vec::new();
    while !rest.starts_with('}') {
        let (name, after) = string(rest).ok_or_else(wrong)?;
        let after = after.trim_start().strip_prefix(':').ok_or_else(wrong)?.trim_start();
        let (value, after) = if after.starts_with('"') {
            let (text, after) = string(after).ok_or_else(wrong)?;
            (Value::Text(text), after)
        } else {
            let end = after.find([',', '}']).ok_or_else(wrong)?;
            let value = match after[..end].trim() {
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                digits => Value::Number(digits.parse().map_err(|_| wrong())?),
            };
            (value, &after[end..])
        };
        found.push((name, value));
        let after = after.trim_start();
        rest = after.strip_prefix(',').unwrap_or(after).trim_start();
        if rest.is_empty() {
            return Err(wrong());
        }
    }
    Ok(found)
}

/// A JSON string, and what comes after it.
fn string(text: &str) -> Option<(String, &str)> {
    let mut out = String::new();
    let mut units = Vec::new();
    let mut chars = text.strip_prefix('"')?.char_indices();
    while let Some((at, c)) = chars.next() {
        if c == '\\' {
            let (_, escaped) = chars.next()?;
            if escaped == 'u' {
                let hex: String = (0..4).map_while(|_| chars.next().map(|(_, c)| c)).collect();
                units.push(u16::from_str_radix(&hex, 16).ok()?);
                continue;
            }
            flush(&mut units, &mut out)?;
            out.push(match escaped {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'b' => '\u{8}',
                'f' => '\u{c}',
                same => same,
            });
            continue;
        }
        flush(&mut units, &mut out)?;
        if c == '"' {
            return Some((out, &text[at + 2..]));
        }
        out.push(c);
    }
    None
}

/// Two halves of a character may be an escape each.
fn flush(units: &mut Vec<u16>, out: &mut String) -> Option<()> {
    if !units.is_empty() {
        out.push_str(&String::from_utf16(units).ok()?);
        units.clear();
    }
    Some(())
}

/// A text as a JSON string.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            c if (c as u32) < 0x20 => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Settings as a JSON object.
pub(crate) fn object<N: AsRef<str>>(settings: &[(N, Value)]) -> String {
    let members: Vec<String> = settings
        .iter()
        .map(|(name, value)| {
            let value = match value {
                Value::Text(text) => quoted(text),
                Value::Number(number) => number.to_string(),
                Value::Bool(value) => value.to_string(),
            };
            format!("{}:{value}", quoted(name.as_ref()))
        })
        .collect();
    format!("{{{}}}", members.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_host_writes() {
        let text = r#"{"path":"/a \"b\"/\u00e9\ud83d\ude00","families":3,"wal":"synced","bloomBits":10,"statistics":true}"#;
        let defaults = [("wal", "buffered".into()), ("bloomBits", 0.into()), ("statistics", false.into())];
        let config = Config::parse(text, &defaults).unwrap();
        assert_eq!(config.path, "/a \"b\"/é😀");
        assert_eq!(config.families, 3);
        assert_eq!(config.text("wal"), "synced");
        assert_eq!(config.number("bloomBits"), Some(10));
        assert!(config.is("statistics"));
        assert_eq!(object(config.settings()), r#"{"wal":"synced","bloomBits":10,"statistics":true}"#);
    }

    #[test]
    fn refuses_what_it_does_not_know_and_what_is_torn() {
        let refused = |text| Config::parse(text, &[]).unwrap_err().to_string();
        assert_eq!(refused(r#"{"path":"x","wal":"off"}"#), "there is no option wal");
        for text in ["", "{", "{\"a", "{\"a\":", "{\"a\":1", "{\"a\":x}", "{\"a\":\"\\ud800\"}"] {
            assert_eq!(refused(text), "the configuration is no flat JSON object", "{text}");
        }
    }
}
