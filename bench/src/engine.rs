//! The flow engine alone, rules included: no checks, no store, one core.

use ordain_app::case::facts::SCHEMA;
use ordain_flow::check::check;
use ordain_flow::doc::{FlowDoc, Node};
use ordain_flow::rule::{Facts, FindingFact, Value};
use ordain_flow::run::{Decision, Flow, Input, Run, apply, step};
use ordain_testkit::company::{STANDARD_FLOW, standard_flow};
use std::time::{Duration, Instant};

const RUNS: u32 = 200_000;
/// Nodes of a very large flow.
const NODES: usize = 150;

/// What the engine does on one core.
pub struct Engine {
    /// Straight-through runs per second.
    pub runs_per_second: f64,
    /// Decisions of people per second, each with everything the run does after it.
    pub decisions_per_second: f64,
    /// All publish checks of a very large flow.
    pub checks: Duration,
}

pub fn measure() -> Engine {
    let flow = standard_flow();
    let mut took = Duration::ZERO;
    for n in 0..RUNS {
        let started = Instant::now();
        let facts = facts(n);
        let mut run = Run::default();
        advance(&flow, &mut run, &Input::Start, &facts);
        took += started.elapsed();
        std::hint::black_box(&run);
    }
    Engine {
        runs_per_second: f64::from(RUNS) / took.as_secs_f64(),
        decisions_per_second: decisions(&flow),
        checks: checks(),
    }
}

fn advance(flow: &Flow, run: &mut Run, input: &Input, facts: &Facts) {
    for event in &step(flow, run, input, facts, 0).unwrap_or_default() {
        apply(run, event);
    }
}

/// Orders that sales, finance, warehouse and the manager have to look at, decided one task after the other.
fn decisions(flow: &Flow) -> f64 {
    let open =
        |check: &str| FindingFact { check: check.into(), code: check.into(), open: true, sender: false };
    let (mut decided, mut took) = (0_u32, Duration::ZERO);
    for n in 0..RUNS / 10 {
        let mut facts = facts(n);
        facts.findings = ["terms", "price", "stock"].map(open).to_vec();
        let mut run = Run::default();
        advance(flow, &mut run, &Input::Start, &facts);
        facts.findings.clear();
        let next = |run: &Run| run.open_visits().map(|open| open.visit).next();
        while let Some(visit) = next(&run) {
            let started = Instant::now();
            advance(flow, &mut run, &Input::Decide { visit, decision: Decision::Approve }, &facts);
            took += started.elapsed();
            decided += 1;
        }
    }
    f64::from(decided) / took.as_secs_f64()
}

/// The standard flow with its reviews repeated until it has very many nodes.
fn checks() -> Duration {
    let Ok(mut doc) = serde_json::from_str::<FlowDoc>(STANDARD_FLOW) else { return Duration::ZERO };
    let count = |doc: &FlowDoc| ordain_flow::doc::walk(doc).len();
    let Some(block) = doc.steps.iter().find(|node| !node.lanes().is_empty()).cloned() else {
        return Duration::ZERO;
    };
    let mut copy = 0;
    while count(&doc) < NODES {
        copy += 1;
        doc.steps.insert(2, renamed(&block, copy));
    }
    let started = Instant::now();
    std::hint::black_box(check(&doc, &SCHEMA, None));
    started.elapsed()
}

fn renamed(node: &Node, copy: usize) -> Node {
    let text = serde_json::to_string(node).unwrap_or_default();
    let text = text.replace("\"id\":\"", &format!("\"id\":\"c{copy}_"));
    serde_json::from_str(&text).unwrap_or_else(|_| node.clone())
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
