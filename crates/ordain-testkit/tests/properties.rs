//! Properties of the pure decisions over thousands of random sequences, and proof that each property can fail.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests

use ordain_app::case::decide::{By, Decided, OrderCommand, Place, decide};
use ordain_app::case::{Case, Refusal, World};
use ordain_domain::actor::Actor;
use ordain_domain::order::{Content, Status};
use ordain_flow::run::Decision;
use ordain_testkit::company::{MONDAY_MS, STAFF, clean_order, line, person, world};
use ordain_testkit::sim::coverage::{Coverage, UNREACHABLE};
use ordain_testkit::sim::life::{self, Breach, Report};
use ordain_testkit::sim::model::Broken;
use ordain_testkit::sim::play::{Failure, Play};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Sequences of one run; the seeds are fixed, so that a failing one is a test from then on.
const SEQUENCES: u64 = 10_000;
/// Companies of random flows, and commands of each.
const LIVES: u64 = 2_160;
const COMMANDS: usize = 560;
/// Commands within which a planted mistake is found.
const FOUND_WITHIN: usize = 50_000;

/// Plays a range of seeds: what was seen, and what went wrong.
fn play(seeds: std::ops::Range<u64>) -> (Coverage, Vec<Failure>) {
    let (mut seen, mut failures) = (Coverage::default(), Vec::new());
    for seed in seeds {
        match Play::run(seed, None) {
            Ok(coverage) => seen.add(&coverage),
            Err(failure) => failures.push(failure),
        }
    }
    (seen, failures)
}

/// Plays companies of random flows.
fn live(seeds: std::ops::Range<u64>) -> Report {
    let mut sum = Report::default();
    for seed in seeds {
        sum.add(&life::run(seed, COMMANDS, None).unwrap_or_else(|breach| panic!("{breach:#?}")));
    }
    sum
}

#[test]
fn s011_s023_r09_no_sequence_breaks_a_property_and_everything_is_reached() {
    let (left, right, lives) = std::thread::scope(|scope| {
        let left = scope.spawn(|| (play(0..SEQUENCES / 2), live(1..LIVES / 2 + 1)));
        let right = scope.spawn(|| (play(SEQUENCES / 2..SEQUENCES), live(LIVES / 2 + 1..LIVES + 1)));
        let ((left, mut lives), (right, others)) = (left.join().unwrap(), right.join().unwrap());
        lives.add(&others);
        (left, right, lives)
    });
    let (mut seen, mut failures) = (Coverage::default(), Vec::new());
    for (coverage, failed) in [left, right] {
        seen.add(&coverage);
        failures.extend(failed);
    }
    println!("{lives}");
    seen.add(&lives.coverage);
    assert!(failures.is_empty(), "{} sequences fail, the first: {:#?}", failures.len(), failures.first());
    assert_eq!(seen.missing(), [""; 0], "never reached");
    assert_eq!(seen.unexpected(), [""; 0], "reached although listed in {UNREACHABLE:?}");
    for name in ["order.confirmed", "order.stock_released", "seen.large_confirmed", "seen.special_confirmed"]
    {
        assert!(seen.count(name) >= 50, "{name} only {} times", seen.count(name));
    }
    assert!(lives.flows > 2_000 && lives.confirmed > 2_000 && lives.crashes > 1_000, "{lives}");
    assert!(lives.commands >= 1_000_000, "{lives}");
}

#[test]
fn r09_the_same_seed_lives_the_same_life() {
    let hash = |seed| life::run(seed, COMMANDS, None).unwrap().hash;
    assert_eq!(hash(7), hash(7));
    assert_ne!(hash(7), hash(8));
}

/// The first company in which a mistake is found by the property that it concerns, with the commands that it took. What
/// else it breaks, and where that comes first, is chance.
fn find(broken: Broken, property: &str) -> Option<(usize, Breach)> {
    let mut before = 0;
    for seed in 1.. {
        match life::run(seed, COMMANDS.min(FOUND_WITHIN - before), Some(broken)) {
            Err(breach) if breach.what.contains(property) => return Some((before + breach.commands, breach)),
            Err(breach) => before += breach.commands,
            Ok(report) => before += report.commands,
        }
        if before >= FOUND_WITHIN {
            break;
        }
    }
    None
}

/// One planted mistake for every family of properties, and each is found by the property that it concerns.
const PLANTED: [(Broken, &str); 24] = [
    (Broken::Oversells, "oversold"),
    (Broken::HidesPrices, "confirmed past [\"open finding price_differs"),
    (Broken::ForgetsCredit, "confirmed past [\"open finding credit_exceeded"),
    (Broken::ForgetsTwins, "confirmed past [\"open finding duplicate_order"),
    (Broken::SkipsAnEvent, "fold differs from state"),
    (Broken::KeepsStock, "reserved"),
    (Broken::LetsOthersDecide, "decided what"),
    (Broken::IgnoresFourEyes, "four eyes"),
    (Broken::CountsTooFew, "was approved with"),
    (Broken::PassesLargeOrders, "passed by the clock"),
    (Broken::PassesOver, "passed by rule although"),
    (Broken::JoinsEarly, "lane"),
    (Broken::HearsTwice, "was heard twice"),
    (Broken::CountsClosed, "closed task"),
    (Broken::LosesFields, "a write of"),
    (Broken::WorksAtNight, "deadline of"),
    (Broken::AsksNobody, "nobody is asked"),
    (Broken::AsksLeavers, "where nobody is"),
    (Broken::EndsTwice, "ended already"),
    (Broken::LosesOwners, "exception given"),
    (Broken::ChangesVersion, "changed its version"),
    (Broken::FiresEarly, "fired early"),
    (Broken::DecidesByChance, "decided twice"),
    (Broken::ActsAlone, "by one person alone"),
];

#[test]
fn r09_planted_mistakes_are_found() {
    assert!(Broken::ALL.iter().all(|broken| PLANTED.iter().any(|(planted, _)| planted == broken)));
    let (left, right): (Vec<_>, Vec<_>) =
        PLANTED.iter().enumerate().partition(|(at, _)| at.is_multiple_of(2));
    let hunt = |some: Vec<(usize, &(Broken, &str))>| {
        for (_, (broken, property)) in some {
            let (commands, breach) =
                find(*broken, property).unwrap_or_else(|| panic!("{broken:?} was never found"));
            println!("{broken:?} after {commands} commands: {}", breach.what);
            let clean = life::run(breach.seed, COMMANDS, None);
            assert!(clean.is_ok(), "{broken:?}: fails without the mistake too: {clean:?}");
        }
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(|| hunt(right));
        hunt(left);
        other.join().unwrap();
    });
}

fn by(login: &str, n: u128) -> By {
    let user = person(login);
    By {
        actor: Actor::Person { id: user.id, name: user.name },
        at_ms: MONDAY_MS,
        id: Uuid::from_u128(n << 32),
    }
}

fn placed(world: &World, content: Content) -> Case {
    let place = Place {
        channel: "api".into(),
        source: None,
        content,
        submit: true,
        reasons: BTreeMap::new(),
        entered_later: None,
    };
    decide(None, world, &OrderCommand::Place(Box::new(place)), &by("sales1", 1)).unwrap().case
}

fn approve(case: &Case, world: &World, node: &str, login: &str) -> Result<Decided, Refusal> {
    let task = case.open_tasks().find(|(_, task)| task.node == node).expect("the task is open").1.id;
    let warnings = case.order.checked.findings.iter().filter(|finding| finding.code.acceptable());
    let accept = warnings.map(|finding| (finding.id(), "agreed".to_owned())).collect();
    let command = OrderCommand::Decide { task, decision: Decision::Approve, reason: None, accept };
    decide(Some(case), world, &command, &by(login, 2))
}

/// One line of `P-1` at the price, which is its list price.
fn worth(world: &mut World, price: &str) -> Content {
    let e4 = line(1, "P-1", "1", price).unit_price.unwrap().scaled(4, i64::MAX).unwrap();
    world.master.products.get_mut("P-1").unwrap().list_price_e4 = Some(e4);
    Content { lines: vec![line(1, "P-1", "1", price)], ..clean_order() }
}

#[test]
fn s064_the_threshold_is_fifty_thousand_with_tax_to_the_cent() {
    for (price, status) in
        [("49999.99", Status::Confirmed), ("50000", Status::InReview), ("50000.01", Status::InReview)]
    {
        let mut world = world();
        let content = worth(&mut world, price);
        assert_eq!(placed(&world, content).order.status, status, "{price}");
    }
}

#[test]
fn s064_s072_only_the_sales_manager_confirms_what_is_large_or_on_special_terms() {
    let mut large_world = world();
    let large = worth(&mut large_world, "50000");
    let special = Content { payment_terms: Some("NET60".into()), ..clean_order() };
    for (world, content) in [(large_world, large), (world(), special)] {
        let mut case = placed(&world, content);
        if case.open_tasks().any(|(_, task)| task.node == "sales_review") {
            case = approve(&case, &world, "sales_review", "sales1").unwrap().case;
        }
        assert_eq!(case.order.status, Status::InReview);
        for (login, _, role) in STAFF {
            let decided =
                approve(&case, &world, "manager_approval", login).map(|done| done.case.order.status);
            if role == "sales_manager" {
                assert_eq!(decided, Ok(Status::Confirmed), "{login}");
            } else {
                assert_eq!(decided, Err(Refusal::NotYourTask), "{login}");
            }
        }
    }
}
