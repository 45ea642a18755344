//! fjall as a plug-in: an LSM tree with a journal.

use fjall::{Database, Keyspace, KeyspaceCreateOptions, PersistMode, Readable, UserKey, UserValue};
use tidemark_plugin::{Config, Durability, Engine, Entries, Operation, Range, Result, Value};

struct Plugin {
    db: Database,
    keys: Keyspace,
    durability: Durability,
}

type Walk = Box<dyn Iterator<Item = Result<(UserKey, UserValue)>>>;

impl Engine for Plugin {
    const NAME: &'static str = "fjall";
    const ENGINE: &'static str = "fjall";
    const MOST_KEY_BYTES: Option<u64> = Some(65_536);
    type Cursor<'a> = Entries<Walk, UserKey, UserValue>;

    fn version() -> String {
        "3.1.13".into()
    }
    fn options() -> Vec<(&'static str, Value)> {
        vec![("wal", "buffered".into()), ("blockCacheBytes", (8 << 20).into())]
    }
    fn open(config: &Config) -> Result<Self> {
        let has = [Durability::Synced, Durability::Buffered, Durability::Off];
        let durability = Durability::of(config, &has)?;
        let db = Database::builder(&config.path)
            .cache_size(config.number("blockCacheBytes").unwrap_or(0))
            .manual_journal_persist(durability == Durability::Off)
            .open()?;
        let keys = db.keyspace("tidemark", KeyspaceCreateOptions::default)?;
        Ok(Plugin { db, keys, durability })
    }
    fn durability(&self) -> Durability {
        self.durability
    }
    fn acknowledgement(&self) -> Option<String> {
        Some(match self.durability {
            Durability::Synced => "the journal is written, and fdatasync has returned",
            Durability::Buffered => "the journal is written to the operating system",
            _ => "the journal is in a buffer of the process",
        }.into())
    }
    fn put(&self, _: u32, key: &[u8], value: &[u8]) -> Result<()> {
        self.keys.insert(key, value)?;
        self.acknowledge()
    }
    fn get<R>(&self, _: u32, key: &[u8], read: impl FnOnce(&[u8]) -> R) -> Result<Option<R>> {
        // A keyspace's own get may see a batch that is half done, and its own range what is written later.
        Ok(self.db.snapshot().get(&self.keys, key)?.map(|value| read(&value)))
    }
    fn delete(&self, _: u32, key: &[u8]) -> Result<()> {
        self.keys.remove(key)?;
        self.acknowledge()
    }
    fn batch(&self, operations: &[Operation<'_>]) -> Result<()> {
        let mut batch = self.db.batch();
        for operation in operations {
            match *operation {
                Operation::Put { key, value, .. } => batch.insert(&self.keys, key, value),
                Operation::Delete { key, .. } => batch.remove(&self.keys, key),
            }
        }
        batch.commit()?;
        self.acknowledge()
    }
    fn cursor(&self, _: u32, range: Range<'_>) -> Result<Self::Cursor<'_>> {
        let entries = self.db.snapshot().range::<&[u8], _>(&self.keys, range.bounds());
        let entries: Walk = if range.reverse {
            Box::new(entries.rev().map(|entry| Ok(entry.into_inner()?)))
        } else {
            Box::new(entries.map(|entry| Ok(entry.into_inner()?)))
        };
        Ok(Entries::new(entries))
    }
    fn flush(&self) -> Result<()> {
        Ok(self.keys.rotate_memtable_and_wait()?)
    }
    fn sync(&self) -> Result<()> {
        Ok(self.db.persist(PersistMode::SyncData)?)
    }
    fn compact(&self, _: u32, _: Option<&[u8]>, _: Option<&[u8]>) -> Result<()> {
        Ok(self.keys.major_compact()?)
    }
    fn stats(&self) -> Result<Vec<(&'static str, u64)>> {
        Ok(vec![
            ("estimatedKeys", self.keys.approximate_len() as u64),
            ("memtableBytes", self.db.write_buffer_size()),
            ("immutableMemtables", self.keys.sealed_memtable_count() as u64),
            ("liveFileBytes", self.keys.disk_space()),
            ("level0Files", self.keys.l0_table_count() as u64),
            ("runningFlushes", self.db.outstanding_flushes() as u64),
            ("runningCompactions", self.db.active_compactions() as u64),
            ("blockCacheBytes", self.db.cache_size()),
        ])
    }
}

tidemark_plugin::export!(Plugin: cursor, batch, flush, sync, compact, stats);

impl Plugin {
    /// fjall syncs the journal where it is asked to, after the write.
    fn acknowledge(&self) -> Result<()> {
        if self.durability == Durability::Synced {
            self.db.persist(PersistMode::SyncData)?;
        }
        Ok(())
    }
}

impl Drop for Plugin {
    fn drop(&mut self) {
        // What was acknowledged is in files when it is closed. There is nobody to be told of an error.
        let _ = self.db.persist(PersistMode::Buffer);
    }
}
