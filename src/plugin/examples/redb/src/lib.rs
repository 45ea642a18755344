//! redb as a plug-in: a B-tree whose pages are copied on write, each write a transaction of its own.

use redb::{AccessGuard, Database, ReadableDatabase, TableDefinition};
use tidemark_plugin::{Config, Cursor, Durability, Engine, Operation, Range, Result, Value};

const TABLE: TableDefinition<&[u8], &[u8]> = TableDefinition::new("tidemark");

struct Plugin {
    db: Database,
    durability: Durability,
}

impl Engine for Plugin {
    const NAME: &'static str = "redb";
    const ENGINE: &'static str = "redb";
    type Cursor<'a> = Walk;

    fn version() -> String {
        "4.6.0".into()
    }
    fn options() -> Vec<(&'static str, Value)> {
        // It has nothing in between: a commit is on the device, or in the process's memory.
        vec![("wal", "synced".into()), ("blockCacheBytes", (8 << 20).into())]
    }
    fn open(config: &Config) -> Result<Self> {
        let durability = Durability::of(config, &[Durability::Synced, Durability::Off])?;
        let cache = config.number("blockCacheBytes").unwrap_or(0);
        std::fs::create_dir_all(&config.path)?;
        let path = format!("{}/redb", config.path);
        let db = Database::builder().set_cache_size(cache as usize).create(path)?;
        let plugin = Plugin { db, durability };
        plugin.commit(Durability::Synced, &[])?;
        Ok(plugin)
    }
    fn durability(&self) -> Durability {
        self.durability
    }
    fn acknowledgement(&self) -> Option<String> {
        Some(match self.durability {
            Durability::Synced => "the transaction's pages are written, and fdatasync has returned",
            _ => "the transaction is committed in the process's memory, until the next one that is synced",
        }.into())
    }
    fn put(&self, family: u32, key: &[u8], value: &[u8]) -> Result<()> {
        self.batch(&[Operation::Put { family, key, value }])
    }
    fn get<R>(&self, _: u32, key: &[u8], read: impl FnOnce(&[u8]) -> R) -> Result<Option<R>> {
        let table = self.db.begin_read()?.open_table(TABLE)?;
        let found = table.get(key)?;
        Ok(found.map(|value| read(value.value())))
    }
    fn delete(&self, family: u32, key: &[u8]) -> Result<()> {
        self.batch(&[Operation::Delete { family, key }])
    }
    fn batch(&self, operations: &[Operation<'_>]) -> Result<()> {
        self.commit(self.durability, operations)
    }
    fn cursor(&self, _: u32, range: Range<'_>) -> Result<Walk> {
        let table = self.db.begin_read()?.open_table(TABLE)?;
        Ok(Walk { entries: table.range::<&[u8]>(range.bounds())?, reverse: range.reverse, at: None })
    }
    fn flush(&self) -> Result<()> {
        self.commit(Durability::Synced, &[])
    }
    fn sync(&self) -> Result<()> {
        self.commit(Durability::Synced, &[])
    }
    fn compact(&self, _: u32, _: Option<&[u8]>, _: Option<&[u8]>) -> Result<()> {
        Ok(()) // A B-tree is changed in place: nothing is to be merged.
    }
}

tidemark_plugin::export!(Plugin: cursor, batch, flush, sync, compact);

impl Plugin {
    fn commit(&self, durability: Durability, operations: &[Operation<'_>]) -> Result<()> {
        let mut transaction = self.db.begin_write()?;
        transaction.set_durability(match durability {
            Durability::Synced => redb::Durability::Immediate,
            _ => redb::Durability::None,
        })?;
        {
            let mut table = transaction.open_table(TABLE)?;
            for operation in operations {
                match *operation {
                    Operation::Put { key, value, .. } => drop(table.insert(key, value)?),
                    Operation::Delete { key, .. } => drop(table.remove(key)?),
                }
            }
        }
        Ok(transaction.commit()?)
    }
}

impl Drop for Plugin {
    fn drop(&mut self) {
        // What was acknowledged is in files when it is closed. There is nobody to be told of an error.
        if self.durability != Durability::Synced {
            let _ = self.commit(Durability::Synced, &[]);
        }
    }
}

type Bytes = AccessGuard<'static, &'static [u8]>;

struct Walk {
    entries: redb::Range<'static, &'static [u8], &'static [u8]>,
    reverse: bool,
    at: Option<(Bytes, Bytes)>,
}

impl Cursor for Walk {
    fn next(&mut self) -> Result<bool> {
        let entry = if self.reverse { self.entries.next_back() } else { self.entries.next() };
        self.at = entry.transpose()?;
        Ok(self.at.is_some())
    }
    fn key(&self) -> &[u8] {
        self.at.as_ref().map_or(&[], |(key, _)| key.value())
    }
    fn value(&self) -> &[u8] {
        self.at.as_ref().map_or(&[], |(_, value)| value.value())
    }
}
