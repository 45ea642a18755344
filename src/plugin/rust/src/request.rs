//! Operations that are handed in and end later, on whichever thread.

use crate::{Engine, Error, Result};
use std::collections::VecDeque;
use std::ops::DerefMut;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

const PUT: u32 = 0;
const DELETE: u32 = 1;
const GET: u32 = 2;

/// What an operation is to do.
#[derive(Clone, Copy, Debug)]
pub enum Asked<'a> {
    Put { family: u32, key: &'a [u8], value: &'a [u8] },
    Delete { family: u32, key: &'a [u8] },
    Get { family: u32, key: &'a [u8] },
}

/// Memory of the host's: a put's value, or where a get's goes.
pub struct Buffer {
    pub bytes: *mut u8,
    pub length: u64,
}

/// An operation in flight. Its bytes are there until it is answered, which happens once: one that is
/// dropped without has failed, so that none is lost where a task panics or is cancelled.
pub struct Request {
    /// `None` once it is answered.
    queue: Option<Arc<Queue>>,
    ticket: u64,
    kind: u32,
    family: u32,
    key: (*const u8, u64),
    buffer: Buffer,
    /// Whether a value is kept instead of copied: nobody has a buffer for it.
    keeps: bool,
}

// SAFETY: the host leaves the bytes alone until the operation is reaped, and only this value writes.
unsafe impl Send for Request {}
unsafe impl Sync for Request {}

impl Request {
    pub(crate) fn new(
        queue: &Arc<Queue>,
        ticket: u64,
        kind: u32,
        family: u32,
        key: (*const u8, u64),
        buffer: Buffer,
    ) -> Self {
        queue.state().in_flight += 1;
        Request { queue: Some(queue.clone()), ticket, kind, family, key, buffer, keeps: false }
    }

    /// What is to be done.
    pub fn asked(&self) -> Asked<'_> {
        let slice = |bytes: *const u8, length: u64| match length {
            0 => &[][..],
            // SAFETY: the host's bytes are there until this is answered.
            _ => unsafe { std::slice::from_raw_parts(bytes, length as usize) },
        };
        let (family, key) = (self.family, slice(self.key.0, self.key.1));
        match self.kind {
            PUT => Asked::Put { family, key, value: slice(self.buffer.bytes, self.buffer.length) },
            DELETE => Asked::Delete { family, key },
            _ => Asked::Get { family, key },
        }
    }

    /// A put or a delete has ended.
    pub fn done(mut self, ended: Result<()>) {
        self.end(ended.map(|()| None), None, false);
    }

    /// A get has ended; the value is copied out.
    pub fn found<V: AsRef<[u8]>>(mut self, found: Result<Option<V>>) {
        let mut kept = None;
        let answer = found.map(|value| {
            let value = value?;
            let bytes = value.as_ref();
            if self.keeps {
                kept = Some(bytes.to_vec());
            } else if bytes.len() as u64 <= self.buffer.length {
                // SAFETY: it fits into the host's buffer, which is there until this is answered.
                unsafe {
                    std::ptr::copy_nonoverlapping(bytes.as_ptr(), self.buffer.bytes, bytes.len())
                };
            }
            Some(bytes.len() as u64)
        });
        self.end(answer, kept, false);
    }

    fn end(&mut self, answer: Result<Option<u64>>, kept: Option<Vec<u8>>, panicked: bool) {
        let Some(queue) = self.queue.take() else { return };
        let (ticket, kind, capacity) = (self.ticket, self.kind, self.buffer.length);
        let ended_ns = now_ns();
        queue.state().ended.push_back(Ended { ticket, kind, capacity, answer, kept, panicked, ended_ns });
        queue.changed.notify_all();
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        let panicked = std::thread::panicking();
        let how = if panicked { "its task panicked" } else { "it was dropped without an answer" };
        self.end(Err(Error::new(how)), None, panicked);
    }
}

/// How an operation ended.
pub struct Ended {
    pub ticket: u64,
    pub kind: u32,
    /// Of the buffer.
    pub capacity: u64,
    /// The length of what was found.
    pub answer: Result<Option<u64>>,
    kept: Option<Vec<u8>>,
    pub panicked: bool,
    pub ended_ns: u64,
}

/// What a session has handed in.
#[derive(Default)]
pub struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// Handed in and not reaped.
    in_flight: u64,
    ended: VecDeque<Ended>,
}

impl Queue {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Handed in and not reaped.
    pub fn in_flight(&self) -> u64 {
        self.state().in_flight
    }

    /// Takes what has ended; waits for one where none has and some are in flight.
    pub fn take(&self, most: usize, wait: Duration) -> Vec<Ended> {
        let mut state = self.state();
        // A wait of centuries is none that ends.
        let until = Instant::now().checked_add(wait);
        while state.ended.is_empty() && state.in_flight > 0 {
            let left = until.map_or(wait, |until| until.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                break;
            }
            let waited = self.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(|poisoned| poisoned.into_inner()).0;
        }
        let state = state.deref_mut();
        let count = most.min(state.ended.len());
        state.in_flight -= count as u64;
        state.ended.drain(..count).collect()
    }

    /// Waits until nothing looks at the host's bytes any more.
    pub fn wait_for_all(&self) {
        let mut state = self.state();
        while state.in_flight > state.ended.len() as u64 {
            state = self.changed.wait(state).unwrap_or_else(|poisoned| poisoned.into_inner());
        }
    }
}

/// Hands an operation in, and waits for its end on this thread. The value of a get that found one.
///
/// The wait is a hand-over between threads, of 10 to 100 µs: an engine that only has this is measured
/// with one operation in flight for each session, and with that.
pub fn waited<E: Engine>(engine: &E, asked: Asked<'_>) -> Result<Option<Vec<u8>>> {
    let (kind, family, key, value): (_, _, _, &[u8]) = match asked {
        Asked::Put { family, key, value } => (PUT, family, key, value),
        Asked::Delete { family, key } => (DELETE, family, key, &[]),
        Asked::Get { family, key } => (GET, family, key, &[]),
    };
    let queue = Arc::new(Queue::default());
    let buffer = Buffer { bytes: value.as_ptr().cast_mut(), length: value.len() as u64 };
    let key = (key.as_ptr(), key.len() as u64);
    let mut request = Request::new(&queue, 0, kind, family, key, buffer);
    request.keeps = true;
    let handed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| engine.submit(request)));
    // Its bytes are the caller's: none of them may go before it has ended.
    queue.wait_for_all();
    if let Err(panic) = handed {
        std::panic::resume_unwind(panic);
    }
    let ended = queue.take(1, Duration::ZERO).pop().expect("it has ended");
    ended.answer.map(|_| ended.kept)
}

/// The value of a future that is ready at once, as one of an engine that works on the caller's thread
/// is. It is an error where the future has to wait: it goes on in another task, and waiting for that
/// would hide a hand-over in every operation. Such an engine has [`Engine::submit`].
pub fn ready<T>(future: impl std::future::Future<Output = T>) -> Result<T> {
    use std::task::{Context, Poll, Wake, Waker};
    struct Nobody;
    impl Wake for Nobody {
        fn wake(self: Arc<Self>) {}
    }
    let waker = Waker::from(Arc::new(Nobody));
    match std::pin::pin!(future).as_mut().poll(&mut Context::from_waker(&waker)) {
        Poll::Ready(value) => Ok(value),
        Poll::Pending => Err(Error::new(
            "its future is not ready on the caller's thread: export submit instead of waiting for it",
        )),
    }
}

#[repr(C)]
struct Timespec {
    seconds: i64,
    nanoseconds: i64,
}

extern "C" {
    // Of the C library, which std is linked to.
    fn clock_gettime(clock: i32, time: *mut Timespec) -> i32;
}

/// The time by CLOCK_MONOTONIC, which the host has as well; ns.
pub fn now_ns() -> u64 {
    const MONOTONIC: i32 = if cfg!(target_os = "macos") { 6 } else { 1 };
    let mut time = Timespec { seconds: 0, nanoseconds: 0 };
    // SAFETY: the place is there, and 64-bit systems have this form of it.
    let result = unsafe { clock_gettime(MONOTONIC, &mut time) };
    if result == 0 { time.seconds as u64 * 1_000_000_000 + time.nanoseconds as u64 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A get that is handed in, into a buffer.
    fn handed(queue: &Arc<Queue>, ticket: u64, buffer: &mut [u8]) -> Request {
        let place = Buffer { bytes: buffer.as_mut_ptr(), length: buffer.len() as u64 };
        Request::new(queue, ticket, GET, 0, (b"key".as_ptr(), 3), place)
    }

    #[test]
    fn each_request_ends_once_also_where_its_task_panics_or_forgets_it() {
        let queue = Arc::new(Queue::default());
        let mut buffers = [[0u8; 4]; 3];
        let [one, two, three] = &mut buffers;
        let (first, second) = (handed(&queue, 1, one), handed(&queue, 2, two));
        let third = handed(&queue, 3, three);
        assert_eq!(queue.in_flight(), 3);
        first.found(Ok(Some(b"abc")));
        drop(second);
        let panicked = std::thread::spawn(move || {
            let _third = third;
            panic!("on purpose");
        });
        assert!(panicked.join().is_err());
        queue.wait_for_all();
        let ended = queue.take(9, Duration::ZERO);
        assert_eq!(ended.iter().map(|one| one.ticket).collect::<Vec<_>>(), [1, 2, 3]);
        assert!(matches!(ended[0].answer, Ok(Some(3))));
        assert!(ended[1].answer.is_err() && !ended[1].panicked);
        assert!(ended[2].answer.is_err() && ended[2].panicked);
        assert_eq!(queue.in_flight(), 0);
        assert_eq!(&buffers[0], b"abc\0");
    }

    #[test]
    fn what_does_not_fit_is_not_written_and_its_length_is_told() {
        let queue = Arc::new(Queue::default());
        let mut buffer = [7u8; 2];
        handed(&queue, 1, &mut buffer).found(Ok(Some(b"abc")));
        assert!(matches!(queue.take(1, Duration::ZERO)[0].answer, Ok(Some(3))));
        assert_eq!(buffer, [7, 7]);
    }

    #[test]
    fn ready_refuses_a_future_that_has_to_wait() {
        assert_eq!(ready(async { 7 }).unwrap(), 7);
        let error = ready(std::future::pending::<()>()).unwrap_err().to_string();
        assert!(error.contains("export submit"), "{error}");
    }
}
