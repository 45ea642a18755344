//! A judge of the double: TiKV's own client for Rust writes, reads, scans and deletes on it, and
//! holds every answer against a map. It says each round as it begins, so that faults can be timed.
//!
//! Arguments: PD's members with + in between, the version of the interface, rounds.
use std::collections::BTreeMap;
use tikv_client::{Config, KvPair, RawClient};

const OPERATIONS: usize = 60;

/// Numbers that are the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }

    fn key(&mut self) -> String {
        format!("k{:03}", self.below(500))
    }
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("UTF-8")
}

fn entries(pairs: Vec<KvPair>) -> Vec<(String, String)> {
    pairs.into_iter().map(|KvPair(key, value)| (text(key.into()), text(value))).collect()
}

#[tokio::main]
async fn main() {
    if let Err(error) = judge().await {
        println!("wrong: {error}");
        std::process::exit(1);
    }
}

async fn judge() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let members: Vec<&str> = arguments[1].split('+').collect();
    let rounds: usize = arguments[3].parse()?;
    let config = if arguments[2] == "2" {
        Config::default().with_default_keyspace()
    } else {
        Config::default()
    };
    let client = RawClient::new_with_config(members, config).await?;
    let mut model: BTreeMap<String, String> = BTreeMap::new();
    let mut random = Random(1);
    let mut done = 0;
    for round in 0..rounds {
        println!("round {round}");
        for _ in 0..OPERATIONS {
            done += 1;
            let (key, value) = (random.key(), format!("v{done}"));
            match random.below(9) {
                0..=2 => {
                    client.put(key.clone(), value.clone()).await?;
                    model.insert(key, value);
                }
                3 | 4 => {
                    let got = client.get(key.clone()).await?.map(text);
                    same(&key, got.as_ref(), model.get(&key))?;
                }
                5 => {
                    client.delete(key.clone()).await?;
                    model.remove(&key);
                }
                6 => {
                    let keys: Vec<String> = (0..20).map(|_| random.key()).collect();
                    let pairs = keys.iter().map(|key| (key.clone(), value.clone()));
                    client.batch_put(pairs.collect::<Vec<_>>()).await?;
                    for key in &keys {
                        model.insert(key.clone(), value.clone());
                    }
                    for (key, got) in entries(client.batch_get(keys).await?) {
                        same(&key, Some(&got), model.get(&key))?;
                    }
                }
                7 => {
                    let keys: Vec<String> = (0..20).map(|_| random.key()).collect();
                    client.batch_delete(keys.clone()).await?;
                    for key in &keys {
                        model.remove(key);
                    }
                }
                _ => {
                    let (a, b) = (random.key(), random.key());
                    let (from, to) = if a < b { (a, b) } else { (b, a) };
                    scan(&client, &model, &from, &to).await?;
                }
            }
        }
    }
    scan(&client, &model, "k", "l").await?;
    client.delete_range("k".to_owned().."l".to_owned()).await?;
    model.clear();
    scan(&client, &model, "k", "l").await?;
    println!("fine {done}");
    Ok(())
}

// Only forward: backward this version of the client looks for the range's first region, and does not
// end where there are several.
async fn scan(
    client: &RawClient,
    model: &BTreeMap<String, String>,
    from: &str,
    to: &str,
) -> Result<(), Box<dyn std::error::Error>> {
    let range = from.to_owned()..to.to_owned();
    let expected: Vec<(String, String)> = model
        .range(range.clone())
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    if entries(client.scan(range, 1000).await?) == expected {
        return Ok(());
    }
    Err(format!("a scan from {from} to {to} is another").into())
}

fn same(key: &str, got: Option<&String>, expected: Option<&String>) -> Result<(), String> {
    if got == expected {
        return Ok(());
    }
    Err(format!("{key} is {got:?}, and not {expected:?}"))
}
