//! The functions behind the exports, for any engine. None of them lets a panic out.
//!
//! # Safety
//!
//! All of them take what the host gives by the rules of `tidemark_plugin.h`: handles that these
//! functions made and that are not closed, bytes that are there for the call, buffers of their capacity.
#![allow(clippy::missing_safety_doc, clippy::not_unsafe_ptr_arg_deref)]

use crate::config::{object, quoted};
use crate::request::{Buffer, Queue};
use crate::{Config, Cursor, Engine, Error, Event, Operation, Range, Request, Result, Value};
use std::ffi::c_void;
use std::mem::{transmute, ManuallyDrop};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::{Arc, Mutex};

/// The interface's version.
pub const VERSION: u32 = 1;

const OK: i32 = 0;
const ABSENT: i32 = -1;
const TOO_SMALL: i32 = -2;
const UNSUPPORTED: i32 = -3;
const FAILED: i32 = -4;
const PANICKED: i32 = -5;

const HANDLE_DATABASE: u32 = 0;
const HANDLE_COMPLETION: u32 = 2;
/// Kinds of operations that are handed in.
const PUT: u32 = 0;
const DELETE: u32 = 1;
const GET: u32 = 2;
const NOT_FOUND: u64 = u64::MAX;
const REVERSE: u32 = 1;
const KEYS_ONLY: u32 = 2;

/// Bytes that the host gives; null only where there are none.
pub type Bytes = *const u8;

/// An open database, or one that could not be opened and says why.
pub struct Database<E: Engine> {
    engine: Option<Arc<E>>,
    config: Option<Config>,
    /// Several threads may fail at once.
    error: Mutex<String>,
}

/// What one client thread has.
pub struct Session<E: Engine> {
    engine: Arc<E>,
    error: String,
    panicked: bool,
    /// What was handed in, and has ended.
    queue: Arc<Queue>,
    /// The errors of what was reaped last.
    errors: Vec<String>,
}

/// An operation that is handed in.
#[repr(C)]
pub struct Submitted {
    ticket: u64,
    kind: u32,
    family: u32,
    key: *const u8,
    key_length: u64,
    value: *mut u8,
    value_length: u64,
}

/// How one ended.
#[repr(C)]
pub struct Completion {
    ticket: u64,
    length: u64,
    ended_ns: u64,
    error: *const c_void,
    result: i32,
    reserved: u32,
}

/// A key of several.
#[repr(C)]
pub struct Key {
    bytes: *const u8,
    length: u64,
}

/// Where a value of several is.
#[repr(C)]
pub struct Found {
    offset: u64,
    length: u64,
}

/// Where a cursor's entry is.
#[repr(C)]
pub struct Entry {
    key: *const u8,
    key_length: u64,
    value: *const u8,
    value_length: u64,
}

/// A cursor. It borrows from the engine that it keeps alive, so that it goes first.
pub struct Walk<E: Engine> {
    cursor: ManuallyDrop<E::Cursor<'static>>,
    session: *mut Session<E>,
    ended: bool,
    _engine: Arc<E>,
}

impl<E: Engine> Drop for Walk<E> {
    fn drop(&mut self) {
        // SAFETY: it is dropped once, and before the engine that it borrows from.
        unsafe { ManuallyDrop::drop(&mut self.cursor) }
    }
}

/// Runs with every panic caught. @returns what it made, or the panic's words.
fn guarded<T>(run: impl FnOnce() -> T) -> std::result::Result<T, String> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|panic| {
        if let Some(text) = panic.downcast_ref::<&str>() {
            (*text).to_owned()
        } else if let Some(text) = panic.downcast_ref::<String>() {
            text.clone()
        } else {
            "a panic without a text".to_owned()
        }
    })
}

/// The bytes of a pointer and a length.
unsafe fn slice<'a>(bytes: Bytes, length: u64) -> &'a [u8] {
    if length == 0 {
        return &[];
    }
    std::slice::from_raw_parts(bytes, length as usize)
}

/// A bound of a range; none of no bytes.
pub unsafe fn bound<'a>(bytes: Bytes, length: u64) -> Option<&'a [u8]> {
    (length > 0).then(|| slice(bytes, length))
}

/// Copies into the host's buffer, if it fits.
unsafe fn give(bytes: &[u8], buffer: *mut u8, capacity: u64, length: *mut u64) -> i32 {
    *length = bytes.len() as u64;
    if bytes.len() as u64 > capacity {
        return TOO_SMALL;
    }
    std::ptr::copy_nonoverlapping(bytes.as_ptr(), buffer, bytes.len());
    OK
}

impl<E: Engine> Session<E> {
    /// Runs something of this session. What fails is kept as its error.
    #[inline]
    unsafe fn run(this: *mut Self, run: impl FnOnce(&E) -> Result<i32>) -> i32 {
        let session = &mut *this;
        if session.panicked {
            return PANICKED;
        }
        match guarded(|| run(&session.engine)) {
            Ok(Ok(code)) => code,
            Ok(Err(error)) => session.fail(error),
            Err(panic) => {
                session.error = panic;
                session.panicked = true;
                PANICKED
            }
        }
    }

    #[cold]
    fn fail(&mut self, error: Error) -> i32 {
        self.error = error.to_string();
        if matches!(error, Error::Unsupported) {
            UNSUPPORTED
        } else {
            FAILED
        }
    }
}

impl<E: Engine> Database<E> {
    fn fail(&self, code: i32, text: String) -> i32 {
        *self.error.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = text;
        code
    }

    /// As [`Session::run`], of the database.
    fn run<T>(&self, run: impl FnOnce(&E) -> Result<T>) -> std::result::Result<T, i32> {
        let Some(engine) = &self.engine else {
            return Err(self.fail(FAILED, "the database is not open".to_owned()));
        };
        match guarded(|| run(engine)) {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(Error::Unsupported)) => Err(UNSUPPORTED),
            Ok(Err(Error::Failed(text))) => Err(self.fail(FAILED, text)),
            Err(panic) => Err(self.fail(PANICKED, panic)),
        }
    }
}

pub unsafe fn describe<E: Engine>(
    db: *const Database<E>,
    buffer: *mut u8,
    capacity: u64,
    length: *mut u64,
) -> i32 {
    let described = guarded(|| {
        let mut text = format!(
            "{{\"name\":{},\"engine\":{},\"version\":{},\"threads\":\"session\",\"families\":{},\
             \"network\":{}",
            quoted(E::NAME),
            quoted(E::ENGINE),
            quoted(&E::version()),
            E::FAMILIES,
            E::NETWORK,
        );
        if let Some(bytes) = E::MOST_KEY_BYTES {
            text.push_str(&format!(",\"mostKeyBytes\":{bytes}"));
        }
        if E::LIVE_CURSORS {
            text.push_str(",\"cursors\":\"live\"");
        }
        if E::IN_FLIGHT > 0 {
            text.push_str(&format!(",\"api\":\"async\",\"inFlight\":{}", E::IN_FLIGHT));
        }
        match db.as_ref().map(|db| (db.engine.as_ref(), db.config.as_ref())) {
            Some((Some(engine), Some(config))) => {
                let durability = engine.durability().word();
                let options = object(config.settings());
                if let Some(words) = engine.acknowledgement() {
                    text.push_str(&format!(",\"acknowledgement\":{}", quoted(&words)));
                }
                text.push_str(&format!(",\"durability\":\"{durability}\",\"options\":{options}}}"));
            }
            _ => text.push_str(&format!(",\"options\":{}}}", object(&E::options()))),
        }
        text
    });
    match described {
        Ok(text) => give(text.as_bytes(), buffer, capacity, length),
        Err(_) => PANICKED,
    }
}

pub unsafe fn open<E: Engine>(config: Bytes, length: u64, out: *mut *mut Database<E>) -> i32 {
    let text = slice(config, length);
    let opened = guarded(|| -> Result<(E, Config)> {
        let text = std::str::from_utf8(text)?;
        let config = Config::parse(text, &E::options())?;
        Ok((E::open(&config)?, config))
    });
    let (engine, config, error, code) = match opened {
        Ok(Ok((engine, config))) => (Some(Arc::new(engine)), Some(config), String::new(), OK),
        Ok(Err(error)) => {
            let code = if matches!(error, Error::Unsupported) { UNSUPPORTED } else { FAILED };
            (None, None, error.to_string(), code)
        }
        Err(panic) => (None, None, panic, PANICKED),
    };
    *out = Box::into_raw(Box::new(Database { engine, config, error: Mutex::new(error) }));
    code
}

pub unsafe fn close<E: Engine>(db: *mut Database<E>) -> i32 {
    match guarded(|| drop(Box::from_raw(db))) {
        Ok(()) => OK,
        Err(_) => PANICKED,
    }
}

pub unsafe fn session<E: Engine>(db: *mut Database<E>, out: *mut *mut Session<E>) -> i32 {
    *out = std::ptr::null_mut();
    let Some(engine) = &(*db).engine else {
        return (*db).fail(FAILED, "the database is not open".to_owned());
    };
    let session = Session {
        engine: engine.clone(),
        error: String::new(),
        panicked: false,
        queue: Arc::new(Queue::default()),
        errors: Vec::new(),
    };
    *out = Box::into_raw(Box::new(session));
    OK
}

pub unsafe fn session_close<E: Engine>(session: *mut Session<E>) {
    let _ = guarded(|| {
        let session = Box::from_raw(session);
        // What is in flight has bytes of the host's.
        session.queue.wait_for_all();
    });
}

#[inline]
pub unsafe fn put<E: Engine>(
    s: *mut Session<E>,
    family: u32,
    key: Bytes,
    key_length: u64,
    value: Bytes,
    value_length: u64,
) -> i32 {
    let (key, value) = (slice(key, key_length), slice(value, value_length));
    Session::run(s, |engine| engine.put(family, key, value).map(|()| OK))
}

#[inline]
pub unsafe fn get<E: Engine>(
    s: *mut Session<E>,
    family: u32,
    key: Bytes,
    key_length: u64,
    buffer: *mut u8,
    capacity: u64,
    length: *mut u64,
) -> i32 {
    let key = slice(key, key_length);
    Session::run(s, |engine| {
        let found = engine.get(family, key, |value| unsafe { give(value, buffer, capacity, length) })?;
        Ok(found.unwrap_or(ABSENT))
    })
}

#[inline]
pub unsafe fn delete<E: Engine>(s: *mut Session<E>, family: u32, key: Bytes, key_length: u64) -> i32 {
    let key = slice(key, key_length);
    Session::run(s, |engine| engine.delete(family, key).map(|()| OK))
}

pub unsafe fn error<E: Engine>(
    handle: *const c_void,
    kind: u32,
    buffer: *mut u8,
    capacity: u64,
    length: *mut u64,
) -> i32 {
    let text = if kind == HANDLE_COMPLETION {
        (*(handle as *const String)).clone()
    } else if kind == HANDLE_DATABASE {
        let db = &*(handle as *const Database<E>);
        db.error.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).clone()
    } else {
        (*(handle as *const Session<E>)).error.clone()
    };
    let mut end = text.len().min(capacity as usize);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    give(&text.as_bytes()[..end], buffer, capacity, length)
}

pub unsafe fn cursor<E: Engine>(
    s: *mut Session<E>,
    family: u32,
    from: (Bytes, u64),
    to: (Bytes, u64),
    flags: u32,
    out: *mut *mut Walk<E>,
) -> i32 {
    *out = std::ptr::null_mut();
    if flags & !(REVERSE | KEYS_ONLY) != 0 {
        return UNSUPPORTED;
    }
    let range = Range {
        from: bound(from.0, from.1),
        to: bound(to.0, to.1),
        reverse: flags & REVERSE != 0,
        keys_only: flags & KEYS_ONLY != 0,
    };
    let engine = (*s).engine.clone();
    Session::run(s, |_| {
        let cursor = engine.cursor(family, range)?;
        // SAFETY: the engine does not move in its Arc, and the walk keeps it until the cursor is gone.
        let cursor = unsafe { transmute_copy_of::<E>(cursor) };
        let walk = Walk { cursor, session: s, ended: false, _engine: engine.clone() };
        unsafe { *out = Box::into_raw(Box::new(walk)) };
        Ok(OK)
    })
}

/// The same cursor, said to live as long as it is kept beside its engine.
unsafe fn transmute_copy_of<E: Engine>(cursor: E::Cursor<'_>) -> ManuallyDrop<E::Cursor<'static>> {
    let cursor = ManuallyDrop::new(cursor);
    let place: *const ManuallyDrop<E::Cursor<'_>> = &cursor;
    std::ptr::read(transmute::<
        *const ManuallyDrop<E::Cursor<'_>>,
        *const ManuallyDrop<E::Cursor<'static>>,
    >(place))
}

#[inline]
pub unsafe fn next<E: Engine>(walk: *mut Walk<E>, entry: *mut Entry) -> i32 {
    let walk = &mut *walk;
    if walk.ended {
        return ABSENT;
    }
    let cursor = &mut walk.cursor;
    let code = Session::run(walk.session, |_| {
        if !cursor.next()? {
            return Ok(ABSENT);
        }
        let (key, value) = (cursor.key(), cursor.value());
        unsafe {
            *entry = Entry {
                key: key.as_ptr(),
                key_length: key.len() as u64,
                value: value.as_ptr(),
                value_length: value.len() as u64,
            }
        };
        Ok(OK)
    });
    walk.ended = code != OK;
    code
}

pub unsafe fn cursor_close<E: Engine>(walk: *mut Walk<E>) {
    let _ = guarded(|| drop(Box::from_raw(walk)));
}

pub unsafe fn batch<E: Engine>(s: *mut Session<E>, operations: Bytes, bytes: u64, count: u64) -> i32 {
    let all = slice(operations, bytes);
    Session::run(s, |engine| {
        let mut decoded = Vec::with_capacity(count as usize);
        let mut at = 0;
        for _ in 0..count {
            let word = |i: usize| -> Option<u32> {
                let bytes = all.get(at + 4 * i..at + 4 * i + 4)?;
                Some(u32::from_ne_bytes(bytes.try_into().ok()?))
            };
            let torn = || Error::new("the batch is torn");
            let [kind, family, key, value] =
                [0, 1, 2, 3].map(|i| word(i)).map(|word| word.ok_or_else(torn));
            let (kind, family) = (kind?, family?);
            let (key, value) = (key? as usize, value? as usize);
            let key_end = at + 16 + key;
            let key = all.get(at + 16..key_end).ok_or_else(torn)?;
            let value = all.get(key_end..key_end + value).ok_or_else(torn)?;
            decoded.push(match kind {
                0 => Operation::Put { family, key, value },
                1 => Operation::Delete { family, key },
                _ => return Err(Error::Unsupported),
            });
            at = (key_end + value.len() + 7) & !7;
        }
        engine.batch(&decoded).map(|()| OK)
    })
}

pub unsafe fn multi_get<E: Engine>(
    s: *mut Session<E>,
    family: u32,
    keys: (*const Key, u64),
    buffer: *mut u8,
    capacity: u64,
    found: *mut Found,
    length: *mut u64,
) -> i32 {
    let keys: Vec<&[u8]> =
        (0..keys.1 as usize).map(|i| &*keys.0.add(i)).map(|key| slice(key.bytes, key.length)).collect();
    let mut used = 0u64;
    for i in 0..keys.len() {
        *found.add(i) = Found { offset: 0, length: NOT_FOUND };
    }
    let code = Session::run(s, |engine| {
        engine.multi_get(family, &keys, &mut |i, value| {
            assert!(i < keys.len(), "there is no key {i} among {}", keys.len());
            let bytes = value.len() as u64;
            if used + bytes <= capacity {
                // SAFETY: it fits, and the place of a key is there.
                unsafe {
                    std::ptr::copy_nonoverlapping(value.as_ptr(), buffer.add(used as usize), value.len());
                    *found.add(i) = Found { offset: used, length: bytes };
                }
            }
            used += bytes;
        })?;
        Ok(OK)
    });
    *length = used;
    if code == OK && used > capacity {
        TOO_SMALL
    } else {
        code
    }
}

pub unsafe fn submit<E: Engine>(s: *mut Session<E>, operations: *const Submitted, count: u64) -> i32 {
    let queue = (*s).queue.clone();
    Session::run(s, |engine| {
        let room = u64::from(E::IN_FLIGHT).saturating_sub(queue.in_flight());
        let taken = count.min(room) as usize;
        for i in 0..taken {
            let own = &*operations.add(i);
            let buffer = Buffer { bytes: own.value, length: own.value_length };
            let key = (own.key, own.key_length);
            let request = Request::new(&queue, own.ticket, own.kind, own.family, key, buffer);
            match own.kind {
                PUT | DELETE | GET => engine.submit(request),
                _ => request.done(Err(Error::Unsupported)),
            }
        }
        Ok(taken as i32)
    })
}

pub unsafe fn reap<E: Engine>(
    s: *mut Session<E>,
    completions: *mut Completion,
    most: u64,
    wait_ns: u64,
) -> i32 {
    let session = &mut *s;
    session.errors.clear();
    let ended = session.queue.take(most as usize, std::time::Duration::from_nanos(wait_ns));
    let count = ended.len() as i32;
    // They do not move while they are asked for.
    session.errors.reserve(ended.len());
    for (i, one) in ended.into_iter().enumerate() {
        let (result, length, error) = match one.answer {
            Ok(Some(length)) if length > one.capacity => (TOO_SMALL, length, None),
            Ok(Some(length)) => (OK, length, None),
            Ok(None) if one.kind == GET => (ABSENT, 0, None),
            Ok(None) => (OK, 0, None),
            Err(Error::Unsupported) => (UNSUPPORTED, 0, Some(Error::Unsupported.to_string())),
            Err(Error::Failed(text)) => (if one.panicked { PANICKED } else { FAILED }, 0, Some(text)),
        };
        let error = error.map_or(std::ptr::null(), |text| {
            session.errors.push(text);
            session.errors.last().map_or(std::ptr::null(), |kept: &String| kept as *const String).cast()
        });
        let ticket = one.ticket;
        *completions.add(i) =
            Completion { ticket, length, ended_ns: one.ended_ns, error, result, reserved: 0 };
    }
    count
}

pub unsafe fn events<E: Engine>(db: *mut Database<E>, events: *mut Event, most: u64) -> i32 {
    match (*db).run(|engine| engine.events(most as usize)) {
        Ok(told) => {
            for (i, event) in told.iter().take(most as usize).enumerate() {
                *events.add(i) = *event;
            }
            told.len().min(most as usize) as i32
        }
        Err(code) => code,
    }
}

pub unsafe fn settle<E: Engine>(db: *mut Database<E>, timeout_ms: u64) -> i32 {
    let timeout = std::time::Duration::from_millis(timeout_ms);
    match (*db).run(|engine| engine.settle(timeout)) {
        Ok(true) => OK,
        Ok(false) => ABSENT,
        Err(code) => code,
    }
}

/// Something of the whole database that has no result.
pub unsafe fn on_database<E: Engine>(
    db: *mut Database<E>,
    run: impl FnOnce(&E) -> Result<()>,
) -> i32 {
    match (*db).run(run) {
        Ok(()) => OK,
        Err(code) => code,
    }
}

pub unsafe fn property<E: Engine>(
    db: *mut Database<E>,
    family: u32,
    name: (Bytes, u64),
    buffer: *mut u8,
    capacity: u64,
    length: *mut u64,
) -> i32 {
    let Ok(name) = std::str::from_utf8(slice(name.0, name.1)) else {
        return ABSENT;
    };
    match (*db).run(|engine| engine.property(family, name)) {
        Ok(Some(text)) => give(text.as_bytes(), buffer, capacity, length),
        Ok(None) => ABSENT,
        Err(code) => code,
    }
}

pub unsafe fn stats<E: Engine>(
    db: *mut Database<E>,
    buffer: *mut u8,
    capacity: u64,
    length: *mut u64,
) -> i32 {
    match (*db).run(|engine| engine.stats()) {
        Ok(stats) => {
            let numbers: Vec<(&str, Value)> =
                stats.into_iter().map(|(name, number)| (name, number.into())).collect();
            give(object(&numbers).as_bytes(), buffer, capacity, length)
        }
        Err(code) => code,
    }
}
