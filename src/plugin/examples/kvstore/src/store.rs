//! A storage layer as teams write it over the `rocksdb` crate: it knows nothing of Tidemark.

use rocksdb::{BlockBasedOptions, Cache, DBCompressionType, DBRawIterator, Options, ReadOptions};
use rocksdb::{WriteBatch, WriteOptions, DB};

pub type Result<T> = std::result::Result<T, rocksdb::Error>;

/// When a write is acknowledged.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Wal {
    Synced,
    Buffered,
    Off,
}

/// A key-value store.
pub struct KvStore {
    db: DB,
    /// Made once: the crate would make its own for each get otherwise.
    read: ReadOptions,
    write: WriteOptions,
}

/// A write of a batch: a value, or `None` to remove the key.
pub type Write<'a> = (&'a [u8], Option<&'a [u8]>);

impl KvStore {
    pub fn open(path: &str, wal: Wal) -> Result<Self> {
        let mut options = Options::default();
        options.create_if_missing(true);
        options.set_compression_type(DBCompressionType::Snappy);
        let mut table = BlockBasedOptions::default();
        table.set_block_cache(&Cache::new_lru_cache(8 << 20)?);
        options.set_block_based_table_factory(&table);
        let mut write = WriteOptions::default();
        write.set_sync(wal == Wal::Synced);
        write.disable_wal(wal == Wal::Off);
        Ok(KvStore { db: DB::open(&options, path)?, read: ReadOptions::default(), write })
    }

    pub fn put(&self, key: &[u8], value: &[u8]) -> Result<()> {
        self.db.put_opt(key, value, &self.write)
    }

    pub fn get(&self, key: &[u8]) -> Result<Option<rocksdb::DBPinnableSlice<'_>>> {
        self.db.get_pinned_opt(key, &self.read)
    }

    pub fn delete(&self, key: &[u8]) -> Result<()> {
        self.db.delete_opt(key, &self.write)
    }

    pub fn apply(&self, writes: &[Write<'_>]) -> Result<()> {
        let mut batch = WriteBatch::default();
        for (key, value) in writes {
            match value {
                Some(value) => batch.put(key, value),
                None => batch.delete(key),
            }
        }
        self.db.write_opt(batch, &self.write)
    }

    /// A walk from `from` to before `to`.
    pub fn range(&self, from: Option<&[u8]>, to: Option<&[u8]>) -> DBRawIterator<'_> {
        let mut read = ReadOptions::default();
        if let Some(from) = from {
            read.set_iterate_lower_bound(from);
        }
        if let Some(to) = to {
            read.set_iterate_upper_bound(to);
        }
        self.db.raw_iterator_opt(read)
    }

    pub fn flush(&self) -> Result<()> {
        self.db.flush()
    }

    pub fn compact(&self, from: Option<&[u8]>, to: Option<&[u8]>) {
        self.db.compact_range(from, to);
    }

    pub fn property(&self, name: &str) -> Result<Option<String>> {
        self.db.property_value(name)
    }
}
