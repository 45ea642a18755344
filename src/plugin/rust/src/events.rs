//! What an engine does beside the operations, kept until the host asks for it.

use crate::request::now_ns;
use std::collections::VecDeque;
use std::sync::Mutex;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum EventKind {
    Flush = 0,
    Compaction = 1,
    Stall = 2,
    Sync = 3,
    /// So many events were dropped before this one, as its bytes say.
    Lost = 4,
}

/// Something that has ended; times by [`now_ns`].
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Event {
    pub begin_ns: u64,
    pub end_ns: u64,
    /// That were written; 0 where that is not known.
    pub bytes: u64,
    pub kind: EventKind,
    reserved: u32,
}

/// The last events of an engine, told from any thread and taken once.
pub struct Events {
    kept: Mutex<(VecDeque<Event>, u64)>,
    most: usize,
}

impl Events {
    /// Keeps so many.
    pub fn new(most: usize) -> Self {
        Events { kept: Mutex::default(), most }
    }

    /// Something has ended by now.
    pub fn ended(&self, kind: EventKind, begin_ns: u64, bytes: u64) {
        let event = Event { begin_ns, end_ns: now_ns(), bytes, kind, reserved: 0 };
        let (kept, lost) = &mut *self.kept.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if kept.len() == self.most {
            kept.pop_front();
            *lost += 1;
        }
        kept.push_back(event);
    }

    /// Takes the oldest.
    pub fn take(&self, most: usize) -> Vec<Event> {
        let (kept, lost) = &mut *self.kept.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let mut taken = Vec::new();
        if most > 0 && *lost > 0 {
            let end_ns = kept.front().map_or_else(now_ns, |event| event.begin_ns);
            let kind = EventKind::Lost;
            taken.push(Event { begin_ns: end_ns, end_ns, bytes: *lost, kind, reserved: 0 });
            *lost = 0;
        }
        let count = kept.len().min(most - taken.len());
        taken.extend(kept.drain(..count));
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_taken_once_and_what_the_ring_has_no_room_for_is_counted() {
        let events = Events::new(2);
        for bytes in 1..=5 {
            events.ended(EventKind::Sync, now_ns(), bytes);
        }
        let told: Vec<_> = events.take(2).iter().map(|event| (event.kind, event.bytes)).collect();
        assert_eq!(told, [(EventKind::Lost, 3), (EventKind::Sync, 4)]);
        let rest: Vec<_> = events.take(9).iter().map(|event| event.bytes).collect();
        assert_eq!(rest, [5]);
        assert!(events.take(9).is_empty());
    }
}
