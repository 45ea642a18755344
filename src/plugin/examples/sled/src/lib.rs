//! sled as a plug-in: a tree over a log of its pages' changes.

use sled::{Batch, Db, IVec};
use tidemark_plugin::{Config, Durability, Engine, Entries, Operation, Range, Result, Value};

struct Plugin {
    db: Db,
    durability: Durability,
}

type Walk = Box<dyn Iterator<Item = Result<(IVec, IVec)>>>;

impl Engine for Plugin {
    const NAME: &'static str = "sled";
    const ENGINE: &'static str = "sled";
    const LIVE_CURSORS: bool = true;
    type Cursor<'a> = Entries<Walk, IVec, IVec>;

    fn version() -> String {
        "0.34.7".into()
    }
    fn options() -> Vec<(&'static str, Value)> {
        // Where it does not wait for the log, half a second of writes is in the process's memory.
        vec![("wal", "off".into()), ("blockCacheBytes", (8 << 20).into())]
    }
    fn open(config: &Config) -> Result<Self> {
        let durability = Durability::of(config, &[Durability::Synced, Durability::Off])?;
        let cache = config.number("blockCacheBytes").unwrap_or(0);
        let db = sled::Config::new().path(&config.path).cache_capacity(cache).open()?;
        Ok(Plugin { db, durability })
    }
    fn durability(&self) -> Durability {
        self.durability
    }
    fn acknowledgement(&self) -> Option<String> {
        Some(match self.durability {
            // As its source has it on Linux; no fsync, and none of the files of large values.
            Durability::Synced => {
                "the log's pages are written by sync_file_range, which leaves the device's own cache; \
                 a large value's file is not synced"
            }
            _ => "the change is in the process's memory, and in the log within half a second",
        }.into())
    }
    fn put(&self, _: u32, key: &[u8], value: &[u8]) -> Result<()> {
        self.db.insert(key, value)?;
        self.acknowledge()
    }
    fn get<R>(&self, _: u32, key: &[u8], read: impl FnOnce(&[u8]) -> R) -> Result<Option<R>> {
        Ok(self.db.get(key)?.map(|value| read(&value)))
    }
    fn delete(&self, _: u32, key: &[u8]) -> Result<()> {
        self.db.remove(key)?;
        self.acknowledge()
    }
    fn batch(&self, operations: &[Operation<'_>]) -> Result<()> {
        let mut batch = Batch::default();
        for operation in operations {
            match *operation {
                Operation::Put { key, value, .. } => batch.insert(key, value),
                Operation::Delete { key, .. } => batch.remove(key),
            }
        }
        self.db.apply_batch(batch)?;
        self.acknowledge()
    }
    fn cursor(&self, _: u32, range: Range<'_>) -> Result<Self::Cursor<'_>> {
        let entries = self.db.range::<&[u8], _>(range.bounds());
        let entries: Walk = if range.reverse {
            Box::new(entries.rev().map(|entry| Ok(entry?)))
        } else {
            Box::new(entries.map(|entry| Ok(entry?)))
        };
        Ok(Entries::new(entries))
    }
    fn flush(&self) -> Result<()> {
        self.sync()
    }
    fn sync(&self) -> Result<()> {
        self.db.flush()?;
        Ok(())
    }
    fn compact(&self, _: u32, _: Option<&[u8]>, _: Option<&[u8]>) -> Result<()> {
        Ok(()) // It merges by itself, and is not to be asked for it.
    }
}

tidemark_plugin::export!(Plugin: cursor, batch, flush, sync, compact);

impl Plugin {
    fn acknowledge(&self) -> Result<()> {
        if self.durability == Durability::Synced {
            self.sync()?;
        }
        Ok(())
    }
}
