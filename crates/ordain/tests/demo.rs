//! The demo as a newcomer opens it: one command, real orders, nothing weakened.

#![allow(clippy::unwrap_used)] // helpers of tests

use ordain_app::case::{Case, TaskState};
use ordain_app::figures::{Figures, report};
use ordain_domain::order::Status;
use ordain_store::{ExceptionFilter, FactTraits, OrderFactRow, OrderRow, Store};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Child, Command, Stdio};

const ORG: i64 = 1;
const ALL: usize = 10_000;

fn ordain(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ordain"));
    command.args(args).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn done(child: Child) -> Vec<u8> {
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn demo(folder: &Path) -> Value {
    let mut command = ordain(&["demo", "--days", "0", "--seed", "test", "--no-serve", "--json", "--data"]);
    serde_json::from_slice(&done(command.arg(folder).spawn().unwrap())).unwrap()
}

/// Purchasing and planning find work in each state, and a promise that a late purchase broke.
fn shows_what_is_bought_and_made(folder: &Path) {
    let store = Store::open_reader(folder.join("ordain.db").as_path()).unwrap();
    for state in ["requested", "ordered"] {
        assert!(!store.list_purchases(ORG, ("", state), ("", 0), 1).unwrap().is_empty(), "purchases {state}");
    }
    for state in ["requested", "released"] {
        assert!(!store.list_work_orders(ORG, ("", state), "", 1).unwrap().is_empty(), "work {state}");
    }
    let loads = store.work_loads(ORG).unwrap();
    assert!(loads.values().any(|minutes| *minutes > 0), "{loads:?}");
    let broken = ExceptionFilter { kind: Some("promise_broken".to_owned()), ..ExceptionFilter::default() };
    let broken = store.list_exceptions(ORG, &broken, None, 1).unwrap();
    assert!(!broken.is_empty(), "a late purchase breaks a promise");
}

#[test]
fn s030_a_demo_company_opens_with_one_command_and_is_not_doubled() {
    let folder = tempfile::tempdir().unwrap();
    let first = demo(folder.path());
    let received = first["received"].as_u64().unwrap();
    assert!(received >= 1_000, "{received} orders");
    let confirmed = first["confirmed_by_machine"].as_u64().unwrap();
    assert!(confirmed > 0 && confirmed < received, "{confirmed} of {received}: some must wait for a person");
    for department in ["sales", "finance", "warehouse"] {
        assert!(first["waiting"][department].as_u64().unwrap() > 0, "{department} has work");
    }
    for code in ["missing_field", "stock_short", "price_differs"] {
        assert!(first["stopped"][code].as_u64().unwrap() > 0, "{code} stops some");
    }
    assert!(first["logins"].as_array().unwrap().iter().any(|login| login["login"] == "fin1"));
    shows_what_is_bought_and_made(folder.path());
    let again = demo(folder.path());
    assert_eq!(again["received"], first["received"], "an existing demo is opened, not doubled");
}

/// A company that has lived until a Wednesday afternoon.
const UNTIL: &str = "2025-06-18T15:00:00+08:00";
const UNTIL_MS: i64 = 1_750_230_000_000;

fn start_lived(folder: &Path) -> Child {
    let args = ["demo", "--days", "20", "--seed", "x", "--until", UNTIL, "--no-serve", "--json", "--data"];
    ordain(&args).arg(folder).spawn().unwrap()
}

/// What the dashboards count of it, and each order's part of that.
fn counted(store: &Store) -> (Figures, Vec<OrderFactRow>) {
    let days = ("2025-01-01", "2026-01-01");
    let all = FactTraits::default();
    let received = store.received_days(ORG, &all, days).unwrap();
    let figures = report(&received, &store.confirmed_days(ORG, &all, days).unwrap());
    let orders = store.orders_since(ORG, 0, None, ALL).unwrap();
    let fact = |row: &OrderRow| store.fact(ORG, row.id).unwrap();
    (figures.figures, orders.iter().filter_map(fact).collect())
}

/// Nobody's decision was made for them, and nothing is confirmed while something that its flow asks about is open.
fn passed_the_gate(cases: &[Case]) {
    for case in cases {
        let number = &case.order.number;
        for task in case.tasks.values() {
            if let TaskState::Done { by, at_ms, .. } = &task.state {
                assert!(by.person().is_some(), "{number}: {} decided by {by:?}", task.node);
                assert!(task.opened_ms <= *at_ms && *at_ms <= UNTIL_MS, "{number}: {}", task.node);
            }
        }
        // A change that is under review may have something open; what was confirmed stands meanwhile.
        if case.order.status == Status::Confirmed && !case.order.is_changing() {
            let open: Vec<_> = case.order.open_findings().map(|finding| finding.code).collect();
            assert!(open.is_empty() || !case.order.broken.is_empty(), "{number}: {open:?}");
        }
    }
}

/// Some late, some lost, some sent back, some changed, and work that is waiting now.
fn has_lived(figures: &Figures, cases: &[Case]) {
    assert!(figures.cycle_p50 > Some(0) && figures.cycle_p90 > figures.cycle_p50, "{figures:?}");
    assert!(figures.lost > 0 && figures.returned > 0 && figures.changed > 0, "{figures:?}");
    assert!(figures.recovered > 0 && figures.complained > 0, "{figures:?}");
    let tasks = || cases.iter().flat_map(|case| case.tasks.values());
    let late = |at_ms: i64, due: Option<i64>| due.is_some_and(|due| due < at_ms);
    let decided_late = tasks()
        .filter(|task| matches!(task.state, TaskState::Done { at_ms, .. } if late(at_ms, task.due_ms)));
    assert!(decided_late.count() > 10, "some are late");
    let overdue = tasks().filter(|task| task.is_open() && late(UNTIL_MS, task.due_ms));
    assert!(overdue.count() > 0, "some are overdue now");
    let open = tasks().filter(|task| task.is_open() && !late(UNTIL_MS, task.due_ms));
    assert!(open.count() > 0, "some have time left");
    assert!(cases.iter().any(|case| case.open_exceptions().next().is_some()), "an exception is open");
}

#[test]
fn s030_the_demo_company_has_lived_for_days() {
    let folder = tempfile::tempdir().unwrap();
    done(start_lived(folder.path()));
    let store = Store::open_reader(folder.path().join("ordain.db").as_path()).unwrap();
    let (figures, facts) = counted(&store);
    let orders = store.orders_since(ORG, 0, None, ALL).unwrap();
    let cases: Vec<Case> = orders.iter().map(|row| serde_json::from_str(&row.body).unwrap()).collect();
    let days: BTreeSet<&str> = facts.iter().map(|fact| fact.received_on.as_str()).collect();
    assert!(days.len() > 10 && facts.len() >= 1_000, "{} orders on {days:?}", facts.len());
    assert!(orders.iter().all(|row| row.created_at_ms <= UNTIL_MS), "nothing comes from the future");
    passed_the_gate(&cases);
    has_lived(&figures, &cases);
    let url = format!("sqlite:{}", folder.path().join("ordain.db").display());
    done(ordain(&["audit", "verify", "--database", &url]).spawn().unwrap());
}
