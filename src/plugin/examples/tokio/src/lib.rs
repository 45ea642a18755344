//! An asynchronous engine on Tokio as a plug-in: a sorted map in memory, and one task that writes the
//! log for all, so that operations in flight share a sync. The runtime is made in `open`, and lives in
//! the handle.

use std::collections::BTreeMap;
use std::fs::{create_dir_all, File, OpenOptions};
use std::io::{Read, Write};
use std::sync::{Arc, RwLock};
use tidemark_plugin::{
    now_ns, Asked, Config, Durability, Engine, Entries, Error, Event, EventKind, Events, Operation,
    Range, Request, Result, Value,
};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{mpsc, oneshot};

type Map = BTreeMap<Vec<u8>, Vec<u8>>;

/// The most records that share a sync.
const GROUP: usize = 1024;

/// A write, which its log has as one record, and who is told that it is done.
struct Record {
    bytes: Vec<u8>,
    done: oneshot::Sender<std::result::Result<(), String>>,
}

/// The engine; what its tasks need of it is shared with them.
struct Tokio {
    /// Dropped before the runtime, which ends the log's task.
    log: mpsc::UnboundedSender<Record>,
    map: Arc<RwLock<Map>>,
    events: Arc<Events>,
    synced: bool,
    runtime: Runtime,
}

impl Engine for Tokio {
    const NAME: &'static str = "tokio";
    const ENGINE: &'static str = "a map on Tokio";
    const IN_FLIGHT: u32 = 64;
    type Cursor<'a> = Entries<std::vec::IntoIter<Result<Pair>>, Vec<u8>, Vec<u8>>;

    fn version() -> String {
        env!("CARGO_PKG_VERSION").to_owned()
    }

    fn options() -> Vec<(&'static str, Value)> {
        vec![("wal", "buffered".into())]
    }

    fn open(config: &Config) -> Result<Self> {
        create_dir_all(&config.path)?;
        let path = format!("{}/log", config.path);
        let mut file = OpenOptions::new().create(true).append(true).read(true).open(path)?;
        file.try_lock().map_err(|_| Error::new("it is open already"))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let mut map = Map::new();
        let mut whole = 0;
        // The last record may be torn.
        while let Some((record, end)) = record_at(&bytes, whole) {
            apply(&mut map, record);
            whole = end;
        }
        file.set_len(whole as u64)?;
        let durability = Durability::of(config, &[Durability::Synced, Durability::Buffered])?;
        let synced = durability == Durability::Synced;
        let runtime = Builder::new_multi_thread().worker_threads(2).build()?;
        let (log, records) = mpsc::unbounded_channel();
        let (map, events) = (Arc::new(RwLock::new(map)), Arc::new(Events::new(4096)));
        runtime.spawn(write_log(file, synced, records, map.clone(), events.clone()));
        Ok(Tokio { log, map, events, synced, runtime })
    }

    fn durability(&self) -> Durability {
        if self.synced { Durability::Synced } else { Durability::Buffered }
    }

    fn acknowledgement(&self) -> Option<String> {
        let sync = if self.synced { ", and one fdatasync for all of them has returned" } else { "" };
        Some(format!("the records of all operations in flight are written to the log{sync}"))
    }

    /// What only reads is a task as well: an engine like this has no other way in.
    fn submit(&self, request: Request) {
        let (map, log) = (self.map.clone(), self.log.clone());
        self.runtime.spawn(async move {
            let operation = match request.asked() {
                Asked::Get { key, .. } => {
                    let found = map.read().expect("no writer panics").get(key).cloned();
                    return request.found(Ok(found));
                }
                Asked::Put { family, key, value } => Operation::Put { family, key, value },
                Asked::Delete { family, key } => Operation::Delete { family, key },
            };
            let record = record_of(&[operation]);
            let ended = match send(&log, record) {
                Ok(ended) => ended.await.map_err(Error::from),
                Err(error) => Err(error),
            };
            request.done(ended.and_then(|ended| ended.map_err(Error::new)));
        });
    }

    /// It waits for the log's task: a batch is one call of the host's, and none of its threads is one
    /// of the runtime's own.
    fn batch(&self, operations: &[Operation<'_>]) -> Result<()> {
        send(&self.log, record_of(operations))?.blocking_recv()?.map_err(Error::new)
    }

    fn cursor(&self, _: u32, range: Range<'_>) -> Result<Self::Cursor<'_>> {
        let map = self.map.read().expect("no writer panics");
        let entries = map.range::<[u8], _>(range.bounds());
        let mut all: Vec<_> = entries.map(|(key, value)| Ok((key.clone(), value.clone()))).collect();
        if range.reverse {
            all.reverse();
        }
        Ok(Entries::new(all.into_iter()))
    }

    fn flush(&self) -> Result<()> {
        Ok(()) // The log is all there is.
    }

    fn compact(&self, _: u32, _: Option<&[u8]>, _: Option<&[u8]>) -> Result<()> {
        Ok(()) // Nothing is to be merged.
    }

    fn events(&self, most: usize) -> Result<Vec<Event>> {
        Ok(self.events.take(most))
    }
}

type Pair = (Vec<u8>, Vec<u8>);

tidemark_plugin::export!(Tokio: cursor, batch, multi_get, submit, flush, compact, events);

/// Hands a record to the log's task. What is returned is told when it is done.
fn send(
    log: &mpsc::UnboundedSender<Record>,
    bytes: Vec<u8>,
) -> Result<oneshot::Receiver<std::result::Result<(), String>>> {
    let (done, ended) = oneshot::channel();
    log.send(Record { bytes, done }).map_err(|_| Error::new("the log's task has ended"))?;
    Ok(ended)
}

/// Writes records as they come, those that are there by then together.
async fn write_log(
    file: File,
    synced: bool,
    mut records: mpsc::UnboundedReceiver<Record>,
    map: Arc<RwLock<Map>>,
    events: Arc<Events>,
) {
    let file = Arc::new(file);
    let mut group = Vec::new();
    while records.recv_many(&mut group, GROUP).await > 0 {
        let bytes: Vec<u8> = group.iter().flat_map(|record| record.bytes.iter().copied()).collect();
        let (own, told) = (file.clone(), events.clone());
        let written = tokio::task::spawn_blocking(move || -> std::io::Result<()> {
            (&*own).write_all(&bytes)?;
            if synced {
                let begin = now_ns();
                own.sync_data()?;
                told.ended(EventKind::Sync, begin, bytes.len() as u64);
            }
            Ok(())
        })
        .await;
        let ended = match written {
            Ok(written) => written.map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        if ended.is_ok() {
            let mut map = map.write().expect("no reader panics");
            for record in &group {
                if let Some((operations, _)) = record_at(&record.bytes, 0) {
                    apply(&mut map, operations);
                }
            }
        }
        for record in group.drain(..) {
            // Who waited may be gone.
            let _ = record.done.send(ended.clone());
        }
    }
}

/// A record: how many bytes, then kind, lengths, key and value of each operation.
fn record_of(operations: &[Operation<'_>]) -> Vec<u8> {
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

/// The operations of the record at a place, and where the next one begins; `None` where it is torn.
fn record_at(log: &[u8], place: usize) -> Option<(&[u8], usize)> {
    let head = log.get(place..place + 8)?;
    let length = u64::from_le_bytes(head.try_into().ok()?) as usize;
    let end = place + 8 + length;
    Some((log.get(place + 8..end)?, end))
}

fn apply(map: &mut Map, mut operations: &[u8]) {
    while let [kind, k0, k1, k2, k3, v0, v1, v2, v3, bytes @ ..] = operations {
        let key = u32::from_le_bytes([*k0, *k1, *k2, *k3]) as usize;
        let end = key + u32::from_le_bytes([*v0, *v1, *v2, *v3]) as usize;
        match kind {
            0 => map.insert(bytes[..key].to_vec(), bytes[key..end].to_vec()),
            _ => map.remove(&bytes[..key]),
        };
        operations = &bytes[end..];
    }
}
