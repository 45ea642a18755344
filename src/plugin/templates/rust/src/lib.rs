//! PLUGIN_NAME as a plug-in of Tidemark. What is here is a sorted map in memory with a log, which holds all
//! that `deno task plugin check` asks for: put your engine in its place, function by function.

use std::collections::{btree_map, BTreeMap};
use std::fs::{create_dir_all, File, OpenOptions};
use std::io::{Read, Write};
use std::ops::Bound::{Excluded, Included};
use std::sync::{Arc, Mutex, MutexGuard};
use tidemark_plugin::{Config, Cursor, Durability, Engine, Error, Operation, Range, Result, Value};

type Map = BTreeMap<Vec<u8>, Vec<u8>>;

/// The engine: what `open` makes. All sessions share it.
struct Mine {
    state: Mutex<State>,
    synced: bool,
}

struct State {
    /// Copied where a cursor still walks it when something is written.
    map: Arc<Map>,
    log: File,
}

impl Engine for Mine {
    const NAME: &'static str = "PLUGIN_NAME";
    const ENGINE: &'static str = "a sorted map";
    type Cursor<'a> = Walk;

    fn version() -> String {
        env!("CARGO_PKG_VERSION").to_owned()
    }

    /// What `--set NAME=VALUE` may set, with the defaults.
    fn options() -> Vec<(&'static str, Value)> {
        vec![("wal", "buffered".into())]
    }

    fn open(config: &Config) -> Result<Self> {
        create_dir_all(&config.path)?;
        let path = format!("{}/log", config.path);
        let mut log = OpenOptions::new().create(true).append(true).read(true).open(path)?;
        log.try_lock().map_err(|_| Error::new("it is open already"))?;
        let mut bytes = Vec::new();
        log.read_to_end(&mut bytes)?;
        let (map, whole) = replayed(&bytes);
        log.set_len(whole as u64)?;
        let durability = Durability::of(config, &[Durability::Synced, Durability::Buffered])?;
        let synced = durability == Durability::Synced;
        Ok(Mine { state: Mutex::new(State { map: Arc::new(map), log }), synced })
    }

    /// What is said here every result says, and the check holds it to that.
    fn durability(&self) -> Durability {
        if self.synced { Durability::Synced } else { Durability::Buffered }
    }

    // An engine that works in tasks of its own (Tokio) keeps its runtime here, and has `submit` and
    // `IN_FLIGHT` in the place of put, get and delete, exported as `submit`. `tidemark_plugin::ready`
    // takes the value of a future that is ready at once, and refuses one that is not.

    fn put(&self, family: u32, key: &[u8], value: &[u8]) -> Result<()> {
        self.batch(&[Operation::Put { family, key, value }])
    }

    fn get<R>(&self, _: u32, key: &[u8], read: impl FnOnce(&[u8]) -> R) -> Result<Option<R>> {
        Ok(self.state().map.get(key).map(|value| read(value)))
    }

    fn delete(&self, family: u32, key: &[u8]) -> Result<()> {
        self.batch(&[Operation::Delete { family, key }])
    }

    fn batch(&self, operations: &[Operation<'_>]) -> Result<()> {
        let state = &mut *self.state();
        state.log.write_all(&group(operations))?;
        if self.synced {
            state.log.sync_data()?;
        }
        apply(Arc::make_mut(&mut state.map), operations);
        Ok(())
    }

    fn cursor(&self, _: u32, range: Range<'_>) -> Result<Walk> {
        Ok(Walk::new(self.state().map.clone(), range))
    }

    fn flush(&self) -> Result<()> {
        Ok(()) // The log is all there is.
    }

    fn compact(&self, _: u32, _: Option<&[u8]>, _: Option<&[u8]>) -> Result<()> {
        Ok(()) // Nothing is to be merged.
    }
}

tidemark_plugin::export!(Mine: cursor, batch, flush, compact);

impl Mine {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no thread panics while it writes")
    }
}

/// A walk over the map as it was.
struct Walk {
    map: Arc<Map>,
    from: std::ops::Bound<Vec<u8>>,
    to: std::ops::Bound<Vec<u8>>,
    reverse: bool,
    at: Option<(Vec<u8>, Vec<u8>)>,
}

impl Walk {
    fn new(map: Arc<Map>, range: Range<'_>) -> Self {
        let (from, to) = range.bounds();
        let (from, to) = (from.map(<[u8]>::to_vec), to.map(<[u8]>::to_vec));
        Walk { map, from, to, reverse: range.reverse, at: None }
    }

    fn entries(&self) -> btree_map::Range<'_, Vec<u8>, Vec<u8>> {
        self.map.range((self.from.clone(), self.to.clone()))
    }
}

impl Cursor for Walk {
    fn next(&mut self) -> Result<bool> {
        let entry = if self.reverse { self.entries().next_back() } else { self.entries().next() };
        self.at = entry.map(|(key, value)| (key.clone(), value.clone()));
        // What is left begins, or ends, at this entry.
        if let Some((key, _)) = &self.at {
            let bound = Excluded(key.clone());
            if self.reverse { self.to = bound } else { self.from = bound }
        }
        // One entry on, both bounds may exclude the same key, which a map refuses as well.
        if let (Excluded(from), Excluded(to)) = (&self.from, &self.to) {
            if from >= to {
                self.from = Included(to.clone());
            }
        }
        Ok(self.at.is_some())
    }
    fn key(&self) -> &[u8] {
        self.at.as_ref().map_or(&[], |(key, _)| key)
    }
    fn value(&self) -> &[u8] {
        self.at.as_ref().map_or(&[], |(_, value)| value)
    }
}

fn apply(map: &mut Map, operations: &[Operation<'_>]) {
    for operation in operations {
        match operation {
            Operation::Put { key, value, .. } => map.insert(key.to_vec(), value.to_vec()),
            Operation::Delete { key, .. } => map.remove(*key),
        };
    }
}

/// Operations as the log has them: how many bytes, then kind, lengths, key and value of each.
fn group(operations: &[Operation<'_>]) -> Vec<u8> {
    let mut bytes = vec![0; 8];
    for operation in operations {
        let (kind, key, value): (u8, &[u8], &[u8]) = match operation {
            Operation::Put { key, value, .. } => (0, key, value),
            Operation::Delete { key, .. } => (1, key, &[]),
        };
        bytes.push(kind);
        bytes.extend((key.len() as u32).to_le_bytes());
        bytes.extend((value.len() as u32).to_le_bytes());
        bytes.extend(key);
        bytes.extend(value);
    }
    let length = bytes.len() as u64 - 8;
    bytes[..8].copy_from_slice(&length.to_le_bytes());
    bytes
}

/// What a log holds, and how many bytes of it are whole groups: a kill may have torn the last one.
fn replayed(log: &[u8]) -> (Map, usize) {
    let mut map = Map::new();
    let mut whole = 0;
    while let Some(head) = log.get(whole..whole + 8) {
        let length = u64::from_le_bytes(head.try_into().expect("of 8 bytes")) as usize;
        let Some(mut rest) = log.get(whole + 8..whole + 8 + length) else { break };
        while let [kind, k0, k1, k2, k3, v0, v1, v2, v3, bytes @ ..] = rest {
            let key = u32::from_le_bytes([*k0, *k1, *k2, *k3]) as usize;
            let end = key + u32::from_le_bytes([*v0, *v1, *v2, *v3]) as usize;
            let (key, value) = (&bytes[..key], &bytes[key..end]);
            let family = 0;
            apply(&mut map, &[match kind {
                0 => Operation::Put { family, key, value },
                _ => Operation::Delete { family, key },
            }]);
            rest = &bytes[end..];
        }
        whole += 8 + length;
    }
    (map, whole)
}
