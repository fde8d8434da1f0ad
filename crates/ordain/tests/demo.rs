//! The demo as a newcomer opens it: one command, real orders, nothing weakened.

#![allow(clippy::unwrap_used)] // helpers of tests

use ordain_store::{ExceptionFilter, Store};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

const ORG: i64 = 1;

fn demo(folder: &Path) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_ordain"))
        .args(["demo", "--seed", "test", "--no-serve", "--json", "--data"])
        .arg(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
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
