//! The loops of the suite `engines` over the KvStore, as criterion times them: 16 digits a key, 1 KiB a
//! value, keys in ascending order and then again from the first. Each measurement has a database of its
//! own, in the folder that KVSTORE_DATA names.

use criterion::{criterion_group, criterion_main, Criterion, SamplingMode, Throughput};
use kvstore_criterion::{KvStore, Wal};
use std::hint::black_box;
use std::time::Duration;

const KEYS: u64 = 10_000;
const VALUE_BYTES: usize = 1024;
const VALUES: usize = 64;

/// Keys that are counted up in place, as the other side does.
struct Keys {
    bytes: [u8; 16],
    next: u64,
}

impl Keys {
    fn new() -> Self {
        Keys { bytes: [b'0'; 16], next: 0 }
    }

    fn next(&mut self) -> &[u8] {
        if self.next % KEYS == 0 {
            self.bytes = [b'0'; 16];
        } else {
            let mut i = 15;
            while self.bytes[i] == b'9' {
                self.bytes[i] = b'0';
                i -= 1;
            }
            self.bytes[i] += 1;
        }
        self.next += 1;
        &self.bytes
    }
}

/// Values that do not compress.
fn values() -> Vec<Vec<u8>> {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut byte = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    (0..VALUES).map(|_| (0..VALUE_BYTES).map(|_| byte()).collect()).collect()
}

fn opened(name: &str) -> KvStore {
    let data = std::env::var("KVSTORE_DATA").expect("KVSTORE_DATA names a folder");
    KvStore::open(&format!("{data}/{name}"), Wal::Buffered).expect("it opens")
}

fn filled(name: &str, values: &[Vec<u8>]) -> KvStore {
    let store = opened(name);
    let mut keys = Keys::new();
    for i in 0..KEYS as usize {
        store.put(keys.next(), &values[i % VALUES]).expect("it is put");
    }
    store
}

fn loops(criterion: &mut Criterion) {
    let values = values();
    let mut group = criterion.benchmark_group("kvstore");
    group.sampling_mode(SamplingMode::Flat).throughput(Throughput::Elements(KEYS));
    group.sample_size(10);
    group.warm_up_time(Duration::from_millis(250)).measurement_time(Duration::from_millis(1000));
    // What a function of criterion's has outside of `iter` is done again before each sample.
    let store = opened("put");
    let mut keys = Keys::new();
    let mut turn = 0;
    group.bench_function("put", |bencher| {
        bencher.iter(|| {
            for _ in 0..KEYS {
                store.put(keys.next(), &values[turn % VALUES]).expect("it is put");
                turn += 1;
            }
        });
    });
    drop(store);
    let store = filled("get", &values);
    let mut keys = Keys::new();
    let mut into = vec![0; VALUE_BYTES];
    group.bench_function("get", |bencher| {
        bencher.iter(|| {
            for _ in 0..KEYS {
                // Copied out, as the other side does.
                let value = store.get(keys.next()).expect("it is read").expect("it is there");
                into.copy_from_slice(&value);
                black_box(&into);
            }
        });
    });
    drop(store);
    let store = filled("scan", &values);
    group.bench_function("scan", |bencher| {
        bencher.iter(|| {
            let mut cursor = store.range(None, None);
            cursor.seek_to_first();
            let mut seen = 0;
            while cursor.valid() {
                black_box((cursor.key(), cursor.value()));
                seen += 1;
                cursor.next();
            }
            assert_eq!(seen, KEYS);
        });
    });
}

criterion_group!(benches, loops);
criterion_main!(benches);
