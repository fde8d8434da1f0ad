//! The flow engine alone, rules included: no checks, no store, one core.

use ordain_app::case::facts::SCHEMA;
use ordain_flow::rule::{Facts, Value};
use ordain_flow::run::{Input, Run, apply, step};
use ordain_testkit::company::standard_flow;
use std::time::{Duration, Instant};

const RUNS: u32 = 200_000;

/// Straight-through runs per second.
pub struct Engine {
    pub runs_per_second: f64,
}

pub fn measure() -> Engine {
    let flow = standard_flow();
    let mut took = Duration::ZERO;
    for n in 0..RUNS {
        let started = Instant::now();
        let facts = facts(n);
        let mut run = Run::default();
        let events = step(&flow, &run, &Input::Start, &facts, i64::from(n)).unwrap_or_default();
        for event in &events {
            apply(&mut run, event);
        }
        took += started.elapsed();
        std::hint::black_box(&run);
    }
    Engine { runs_per_second: f64::from(RUNS) / took.as_secs_f64() }
}

/// Facts of a small clean order, built anew for every run as for a real one.
fn facts(n: u32) -> Facts {
    let fields = SCHEMA.fields().iter().filter(|field| !field.line).map(|field| match field.name.as_str() {
        "amount" => Value::Number(rust_decimal::Decimal::new(i64::from(n % 10_000), 2)),
        "special_terms" => Value::Bool(false),
        _ => Value::Null,
    });
    Facts { fields: fields.collect(), ..Facts::default() }
}
