//! How many clean orders the standard flow takes per second on one core: facts built, run walked from start
//! to confirmed, events applied. Run with `cargo run --release -p ordain-flow --example throughput`.
#![allow(clippy::disallowed_methods, reason = "this program measures time")]
#![allow(clippy::unwrap_used, reason = "a broken measurement should stop")]

#[path = "../tests/common/mod.rs"]
mod common;

use common::{STANDARD, schema};
use ordain_flow::{Facts, Flow, Input, Outcome, Run, Value, apply, step};
use rust_decimal::Decimal;
use std::sync::Arc;
use std::time::Instant;

const RUNS: i64 = 1_000_000;

fn main() {
    let flow = Flow::compile(serde_json::from_str(STANDARD).unwrap(), &schema()).unwrap();
    let words: Vec<Arc<str>> =
        ["CNY", "api", "standard", "C001", "A", "-", "SKU-1"].into_iter().map(Arc::from).collect();
    let text = |at: usize| Value::Text(words[at].clone());
    let number = |n: i64, scale: u32| Value::Number(Decimal::new(n, scale));
    let mut events = 0;
    let begin = Instant::now();
    for order in 0..RUNS {
        let line = |n: i64| vec![text(6), number(n, 0), number(order + n, 2), Value::Bool(false)];
        let facts = Facts {
            fields: vec![
                number(order % 4_000_000, 2),
                text(0),
                text(1),
                text(2),
                text(3),
                text(4),
                Value::Bool(false),
                number(5, 0),
                text(5),
                number(1, 0),
                Value::Null,
            ],
            lines: (1..=5).map(line).collect(),
            ..Facts::default()
        };
        let mut run = Run::new();
        let happened = step(&flow, &run, &Input::Start, &facts, order).unwrap();
        happened.iter().for_each(|event| apply(&mut run, event));
        assert_eq!(run.outcome(), Some(Outcome::Confirmed));
        events += happened.len();
    }
    let seconds = begin.elapsed().as_secs_f64();
    println!("{:.0} runs/s, {} events per run", RUNS as f64 / seconds, events as i64 / RUNS);
}
