//! The store as a plug-in: all that is needed besides the crate itself.

mod store;

use store::{KvStore, Wal};
use tidemark_plugin::{Config, Cursor, Durability, Engine, Operation, Range, Result, Value};

struct Plugin(KvStore, Durability);

impl Engine for Plugin {
    const NAME: &'static str = "kvstore-rs";
    const ENGINE: &'static str = "RocksDB by the crate rocksdb";
    type Cursor<'a> = Walk<'a>;

    fn version() -> String {
        "0.20.1".into()
    }
    fn options() -> Vec<(&'static str, Value)> {
        vec![("wal", "buffered".into())]
    }
    fn open(config: &Config) -> Result<Self> {
        let has = [Durability::Synced, Durability::Buffered, Durability::Off];
        let durability = Durability::of(config, &has)?;
        let wal = match durability {
            Durability::Synced => Wal::Synced,
            Durability::Buffered => Wal::Buffered,
            _ => Wal::Off,
        };
        Ok(Plugin(KvStore::open(&config.path, wal)?, durability))
    }
    fn durability(&self) -> Durability {
        self.1
    }
    fn acknowledgement(&self) -> Option<String> {
        Some(match self.1 {
            Durability::Synced => "the log is written, and fdatasync has returned",
            Durability::Buffered => "the log is written to the operating system",
            _ => "the change is in the process's memory, and there is no log",
        }.into())
    }
    fn put(&self, _: u32, key: &[u8], value: &[u8]) -> Result<()> {
        Ok(self.0.put(key, value)?)
    }
    fn get<R>(&self, _: u32, key: &[u8], read: impl FnOnce(&[u8]) -> R) -> Result<Option<R>> {
        Ok(self.0.get(key)?.map(|value| read(&value)))
    }
    fn delete(&self, _: u32, key: &[u8]) -> Result<()> {
        Ok(self.0.delete(key)?)
    }
    fn batch(&self, operations: &[Operation<'_>]) -> Result<()> {
        let writes = operations.iter().map(|operation| match *operation {
            Operation::Put { key, value, .. } => (key, Some(value)),
            Operation::Delete { key, .. } => (key, None),
        });
        Ok(self.0.apply(&writes.collect::<Vec<_>>())?)
    }
    fn cursor(&self, _: u32, range: Range<'_>) -> Result<Walk<'_>> {
        Ok(Walk { at: self.0.range(range.from, range.to), reverse: range.reverse, begun: false })
    }
    fn flush(&self) -> Result<()> {
        Ok(self.0.flush()?)
    }
    fn compact(&self, _: u32, from: Option<&[u8]>, to: Option<&[u8]>) -> Result<()> {
        self.0.compact(from, to);
        Ok(())
    }
    fn property(&self, _: u32, name: &str) -> Result<Option<String>> {
        Ok(self.0.property(name)?)
    }
}

tidemark_plugin::export!(Plugin: cursor, batch, flush, compact, property);

struct Walk<'a> {
    at: rocksdb::DBRawIterator<'a>,
    reverse: bool,
    begun: bool,
}

impl Cursor for Walk<'_> {
    fn next(&mut self) -> Result<bool> {
        match (std::mem::replace(&mut self.begun, true), self.reverse) {
            (false, false) => self.at.seek_to_first(),
            (false, true) => self.at.seek_to_last(),
            (true, false) => self.at.next(),
            (true, true) => self.at.prev(),
        }
        if !self.at.valid() {
            self.at.status()?;
            return Ok(false);
        }
        Ok(true)
    }
    fn key(&self) -> &[u8] {
        self.at.key().unwrap_or_default()
    }
    fn value(&self) -> &[u8] {
        self.at.value().unwrap_or_default()
    }
}
