//! A storage engine in Rust as a plug-in of Tidemark: one trait and one macro.
//!
//! ```ignore
//! struct Mine(mycrate::Store);
//! impl tidemark_plugin::Engine for Mine { /* … */ }
//! tidemark_plugin::export!(Mine: cursor, batch, flush);
//! ```
//!
//! The rules are in `tidemark_plugin.h`. Here they are kept for you: every function is guarded, so that
//! a panic comes back as an error with its text and never leaves Rust (build with `panic = "unwind"`,
//! which is the default); sessions share the engine by an `Arc`; unknown settings are refused; nothing
//! is written beyond the host's buffers.
//!
//! An engine with a runtime of its own (Tokio) keeps it in the value that `open` makes. Where its
//! futures are ready on the caller's thread, [`ready`] takes their values, and refuses one that is not:
//! what goes through another task takes 11 to 50 µs for the hand-over, which would be measured as the
//! engine's. An engine of that kind has [`Engine::submit`] in the place of put, get and delete, and
//! says how many operations may be in flight:
//!
//! ```ignore
//! const IN_FLIGHT: u32 = 64;
//! fn submit(&self, request: Request) {
//!     let store = self.store.clone();
//!     self.runtime.spawn(async move {
//!         match request.asked() {
//!             Asked::Put { key, value, .. } => { let ended = store.put(key, value).await; request.done(ended) }
//!             Asked::Delete { key, .. } => { let ended = store.delete(key).await; request.done(ended) }
//!             Asked::Get { key, .. } => { let found = store.get(key).await; request.found(found) }
//!         }
//!     });
//! }
//! ```

pub mod abi;
mod config;
mod events;
mod request;

use std::fmt;
use std::ops::Bound;

pub use config::{Config, Value};
pub use events::{Event, EventKind, Events};
pub use request::{now_ns, ready, waited, Asked, Request};

/// Why an engine could not do something.
#[derive(Debug)]
pub enum Error {
    /// It has no such thing.
    Unsupported,
    /// In words.
    Failed(String),
}

impl Error {
    /// An error with a text.
    pub fn new(text: impl Into<String>) -> Self {
        Error::Failed(text.into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Unsupported => f.write_str("it is not supported"),
            Error::Failed(text) => f.write_str(text),
        }
    }
}

/// Any error becomes one, so that `?` works.
impl<E: std::error::Error> From<E> for Error {
    fn from(error: E) -> Self {
        Error::Failed(error.to_string())
    }
}

pub type Result<T> = std::result::Result<T, Error>;

/// What an acknowledged write survives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// It is on the device.
    Synced,
    /// It is in the operating system: it survives the process, not the machine.
    Buffered,
    /// It is in the process's memory, and written later.
    Off,
    /// It is never kept.
    None,
}

impl Durability {
    /// The setting `wal`, where the engine has that.
    pub fn of(config: &Config, has: &[Durability]) -> Result<Self> {
        let wal = config.text("wal");
        has.iter().copied().find(|durability| durability.word() == wal).ok_or_else(|| {
            let words: Vec<_> = has.iter().map(|durability| durability.word()).collect();
            Error::new(format!("there is no wal {wal}; it takes {}", words.join(", ")))
        })
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Durability::Synced => "synced",
            Durability::Buffered => "buffered",
            Durability::Off => "off",
            Durability::None => "none",
        }
    }
}

/// The part of the keys that a cursor walks.
#[derive(Clone, Copy, Debug)]
pub struct Range<'a> {
    /// The first key, included; `None`: from the start.
    pub from: Option<&'a [u8]>,
    /// The last key, excluded; `None`: to the end.
    pub to: Option<&'a [u8]>,
    pub reverse: bool,
    /// Values are not looked at.
    pub keys_only: bool,
}

impl<'a> Range<'a> {
    /// As maps and their like take it; what crosses is a range of nothing, which most of them refuse.
    pub fn bounds(&self) -> (Bound<&'a [u8]>, Bound<&'a [u8]>) {
        let to = self.to.map_or(Bound::Unbounded, Bound::Excluded);
        let from = match (self.from, self.to) {
            (Some(from), Some(to)) if from > to => Bound::Included(to),
            (from, _) => from.map_or(Bound::Unbounded, Bound::Included),
        };
        (from, to)
    }
}

/// One operation of a batch.
#[derive(Clone, Copy, Debug)]
pub enum Operation<'a> {
    Put { family: u32, key: &'a [u8], value: &'a [u8] },
    Delete { family: u32, key: &'a [u8] },
}

/// A walk over the store as it was when it began. It starts before the first entry.
pub trait Cursor {
    /// Goes to the next entry; false past the last one.
    fn next(&mut self) -> Result<bool>;
    /// The key of the entry; asked for after `next` was true.
    fn key(&self) -> &[u8];
    /// Its value.
    fn value(&self) -> &[u8];
}

/// The cursor of an engine that has none.
pub enum NoCursor {}
impl Cursor for NoCursor {
    fn next(&mut self) -> Result<bool> {
        match *self {}
    }
    fn key(&self) -> &[u8] {
        match *self {}
    }
    fn value(&self) -> &[u8] {
        match *self {}
    }
}

/// An iterator over entries as a cursor.
pub struct Entries<I, K, V> {
    entries: I,
    at: Option<(K, V)>,
}

impl<I, K, V> Entries<I, K, V> {
    pub fn new(entries: I) -> Self {
        Entries { entries, at: None }
    }
}

impl<I, K, V> Cursor for Entries<I, K, V>
where
    I: Iterator<Item = Result<(K, V)>>,
    K: AsRef<[u8]>,
    V: AsRef<[u8]>,
{
    fn next(&mut self) -> Result<bool> {
        self.at = self.entries.next().transpose()?;
        Ok(self.at.is_some())
    }
    fn key(&self) -> &[u8] {
        self.at.as_ref().map_or(&[], |(key, _)| key.as_ref())
    }
    fn value(&self) -> &[u8] {
        self.at.as_ref().map_or(&[], |(_, value)| value.as_ref())
    }
}

/// An engine. What has a body here is not supported unless it is written, and is looked for by the host
/// only where [`export!`] names it.
pub trait Engine: Send + Sync + Sized + 'static {
    /// The plug-in's name: 1 to 40 of a-z, 0-9, - and _.
    const NAME: &'static str;
    /// The engine's, as reports have it.
    const ENGINE: &'static str;
    /// The most column families.
    const FAMILIES: u32 = 1;
    /// Whether a network lies between.
    const NETWORK: bool = false;
    /// The longest key that `put` takes, where there is a bound.
    const MOST_KEY_BYTES: Option<u64> = None;
    /// The most operations of a session that are in flight, 1 to 65,536; 0: it answers at once.
    const IN_FLIGHT: u32 = 0;
    /// Whether a cursor sees what is written after it began.
    const LIVE_CURSORS: bool = false;
    /// A walk; [`NoCursor`] where there is none.
    type Cursor<'a>: Cursor;

    /// The engine's version.
    fn version() -> String;
    /// What `open` takes besides the directory, with the defaults: `vec![("wal", "buffered".into())]`.
    fn options() -> Vec<(&'static str, Value)> {
        Vec::new()
    }
    /// Opens the database of a directory, and makes both where they are not there.
    fn open(config: &Config) -> Result<Self>;
    /// What an acknowledged write survives, as it was opened. The check holds it to that.
    fn durability(&self) -> Durability;
    /// What has been done with a write that is acknowledged, in words: readers of a table of engines
    /// hold them against each other. `None`: its durability says all.
    fn acknowledgement(&self) -> Option<String> {
        None
    }

    /// Sets a key. Without a body it is handed in and waited for, as get and delete are.
    fn put(&self, family: u32, key: &[u8], value: &[u8]) -> Result<()> {
        waited(self, Asked::Put { family, key, value }).map(drop)
    }
    /// Hands a key's value to `read`, which copies it out; `None` where there is none.
    fn get<R>(&self, family: u32, key: &[u8], read: impl FnOnce(&[u8]) -> R) -> Result<Option<R>> {
        Ok(waited(self, Asked::Get { family, key })?.map(|value| read(&value)))
    }
    /// Removes a key; an absent one is no error.
    fn delete(&self, family: u32, key: &[u8]) -> Result<()> {
        waited(self, Asked::Delete { family, key }).map(drop)
    }

    /// Begins an operation of an asynchronous engine, and does not wait: whoever ends it answers the
    /// request, from any thread. Exported as `submit`.
    fn submit(&self, request: Request) {
        request.done(Err(Error::Unsupported));
    }
    /// Gets several keys at once; tells each value with its key's place, and nothing of absent ones.
    fn multi_get(
        &self,
        family: u32,
        keys: &[&[u8]],
        tell: &mut dyn FnMut(usize, &[u8]),
    ) -> Result<()> {
        for (i, key) in keys.iter().enumerate() {
            self.get(family, key, |value| tell(i, value))?;
        }
        Ok(())
    }

    /// A walk over the store as it is now, whatever is written meanwhile.
    fn cursor(&self, _family: u32, _range: Range<'_>) -> Result<Self::Cursor<'_>> {
        Err(Error::Unsupported)
    }
    /// Does all of the operations or none.
    fn batch(&self, _operations: &[Operation<'_>]) -> Result<()> {
        Err(Error::Unsupported)
    }
    /// Moves what is in memory to files.
    fn flush(&self) -> Result<()> {
        Err(Error::Unsupported)
    }
    /// Writes the log to the device.
    fn sync(&self) -> Result<()> {
        Err(Error::Unsupported)
    }
    /// Merges the files of a range, and waits.
    fn compact(&self, _family: u32, _from: Option<&[u8]>, _to: Option<&[u8]>) -> Result<()> {
        Err(Error::Unsupported)
    }
    /// Waits until nothing works in the background; false where the time was up before.
    fn settle(&self, _timeout: std::time::Duration) -> Result<bool> {
        Err(Error::Unsupported)
    }
    /// Takes the oldest of what has happened beside the operations; [`Events`] keeps it.
    fn events(&self, _most: usize) -> Result<Vec<Event>> {
        Err(Error::Unsupported)
    }
    /// A property by the engine's own name.
    fn property(&self, _family: u32, _name: &str) -> Result<Option<String>> {
        Err(Error::Unsupported)
    }
    /// Numbers by the interface's names, e.g. `("liveFileBytes", 4096)`.
    fn stats(&self) -> Result<Vec<(&'static str, u64)>> {
        Err(Error::Unsupported)
    }
}

/// Exports an engine as a plug-in, with the optional functions that it has:
/// `export!(Mine: cursor, batch, multi_get, submit, flush, sync, compact, settle, events, property,
/// stats);`
#[macro_export]
macro_rules! export {
    ($engine:ty $(: $($optional:ident),* $(,)?)?) => {
        mod tidemark_exports {
            #![allow(clippy::missing_safety_doc)]
            use super::*;
            use std::ffi::c_void;
            #[allow(unused_imports)]
            use $crate::abi::{
                self, Bytes, Completion, Database, Entry, Found, Key, Session, Submitted, Walk,
            };

            type Exported = $engine;

            #[no_mangle]
            pub extern "C" fn tidemark_abi() -> u32 {
                abi::VERSION
            }
            #[no_mangle]
            pub unsafe extern "C" fn tidemark_describe(
                db: *const Database<Exported>, buffer: *mut u8, capacity: u64, length: *mut u64,
            ) -> i32 {
                abi::describe(db, buffer, capacity, length)
            }
            #[no_mangle]
            pub unsafe extern "C" fn tidemark_open(
                config: Bytes, length: u64, out: *mut *mut Database<Exported>,
            ) -> i32 {
                abi::open(config, length, out)
            }
            #[no_mangle]
            pub unsafe extern "C" fn tidemark_close(db: *mut Database<Exported>) -> i32 {
                abi::close(db)
            }
            #[no_mangle]
            pub unsafe extern "C" fn tidemark_session(
                db: *mut Database<Exported>, out: *mut *mut Session<Exported>,
            ) -> i32 {
                abi::session(db, out)
            }
            #[no_mangle]
            pub unsafe extern "C" fn tidemark_session_close(session: *mut Session<Exported>) {
                abi::session_close(session)
            }
            #[no_mangle]
            pub unsafe extern "C" fn tidemark_put(
                s: *mut Session<Exported>, family: u32, key: Bytes, key_length: u64, value: Bytes,
                value_length: u64,
            ) -> i32 {
                abi::put(s, family, key, key_length, value, value_length)
            }
            #[no_mangle]
            pub unsafe extern "C" fn tidemark_get(
                s: *mut Session<Exported>, family: u32, key: Bytes, key_length: u64, buffer: *mut u8,
                capacity: u64, length: *mut u64,
            ) -> i32 {
                abi::get(s, family, key, key_length, buffer, capacity, length)
            }
            #[no_mangle]
            pub unsafe extern "C" fn tidemark_delete(
                s: *mut Session<Exported>, family: u32, key: Bytes, key_length: u64,
            ) -> i32 {
                abi::delete(s, family, key, key_length)
            }
            #[no_mangle]
            pub unsafe extern "C" fn tidemark_error(
                handle: *const c_void, kind: u32, buffer: *mut u8, capacity: u64, length: *mut u64,
            ) -> i32 {
                abi::error::<Exported>(handle, kind, buffer, capacity, length)
            }
            $($($crate::export_optional!($optional);)*)?
        }
    };
}

/// One optional function of [`export!`].
#[doc(hidden)]
#[macro_export]
macro_rules! export_optional {
    (cursor) => {
        #[no_mangle]
        pub unsafe extern "C" fn tidemark_cursor(
            s: *mut Session<Exported>, family: u32, from: Bytes, from_length: u64, to: Bytes,
            to_length: u64, flags: u32, out: *mut *mut Walk<Exported>,
        ) -> i32 {
            abi::cursor(s, family, (from, from_length), (to, to_length), flags, out)
        }
        #[no_mangle]
        pub unsafe extern "C" fn tidemark_next(walk: *mut Walk<Exported>, entry: *mut Entry) -> i32 {
            abi::next(walk, entry)
        }
        #[no_mangle]
        pub unsafe extern "C" fn tidemark_cursor_close(walk: *mut Walk<Exported>) {
            abi::cursor_close(walk)
        }
    };
    (batch) => {
        #[no_mangle]
        pub unsafe extern "C" fn tidemark_batch(
            s: *mut Session<Exported>, operations: Bytes, bytes: u64, count: u64,
        ) -> i32 {
            abi::batch(s, operations, bytes, count)
        }
    };
    (multi_get) => {
        #[no_mangle]
        pub unsafe extern "C" fn tidemark_multi_get(
            s: *mut Session<Exported>, family: u32, keys: *const Key, count: u64, buffer: *mut u8,
            capacity: u64, found: *mut Found, length: *mut u64,
        ) -> i32 {
            abi::multi_get(s, family, (keys, count), buffer, capacity, found, length)
        }
    };
    (submit) => {
        #[no_mangle]
        pub unsafe extern "C" fn tidemark_submit(
            s: *mut Session<Exported>, operations: *const Submitted, count: u64,
        ) -> i32 {
            abi::submit(s, operations, count)
        }
        #[no_mangle]
        pub unsafe extern "C" fn tidemark_reap(
            s: *mut Session<Exported>, completions: *mut Completion, most: u64, wait_ns: u64,
        ) -> i32 {
            abi::reap(s, completions, most, wait_ns)
        }
    };
    (settle) => {
        #[no_mangle]
        pub unsafe extern "C" fn tidemark_settle(
            db: *mut Database<Exported>, timeout_ms: u64,
        ) -> i32 {
            abi::settle(db, timeout_ms)
        }
    };
    (events) => {
        #[no_mangle]
        pub unsafe extern "C" fn tidemark_events(
            db: *mut Database<Exported>, events: *mut $crate::Event, most: u64,
        ) -> i32 {
            abi::events(db, events, most)
        }
    };
    (flush) => {
        #[no_mangle]
        pub unsafe extern "C" fn tidemark_flush(db: *mut Database<Exported>) -> i32 {
            abi::on_database(db, |engine| $crate::Engine::flush(engine))
        }
    };
    (sync) => {
        #[no_mangle]
        pub unsafe extern "C" fn tidemark_sync(db: *mut Database<Exported>) -> i32 {
            abi::on_database(db, |engine| $crate::Engine::sync(engine))
        }
    };
    (compact) => {
        #[no_mangle]
        pub unsafe extern "C" fn tidemark_compact(
            db: *mut Database<Exported>, family: u32, from: Bytes, from_length: u64, to: Bytes,
            to_length: u64,
        ) -> i32 {
            let (from, to) = (abi::bound(from, from_length), abi::bound(to, to_length));
            abi::on_database(db, |engine| $crate::Engine::compact(engine, family, from, to))
        }
    };
    (property) => {
        #[no_mangle]
        pub unsafe extern "C" fn tidemark_property(
            db: *mut Database<Exported>, family: u32, name: Bytes, name_length: u64, buffer: *mut u8,
            capacity: u64, length: *mut u64,
        ) -> i32 {
            abi::property(db, family, (name, name_length), buffer, capacity, length)
        }
    };
    (stats) => {
        #[no_mangle]
        pub unsafe extern "C" fn tidemark_stats(
            db: *mut Database<Exported>, buffer: *mut u8, capacity: u64, length: *mut u64,
        ) -> i32 {
            abi::stats(db, buffer, capacity, length)
        }
    };
}
