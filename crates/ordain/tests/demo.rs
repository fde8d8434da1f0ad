//! The demo as a newcomer opens it: one command, real orders, nothing weakened.

#![allow(clippy::unwrap_used)] // helpers of tests

use serde_json::Value;
use std::path::Path;
use std::process::Command;

fn demo(folder: &Path) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_ordain"))
        .args(["demo", "--seed", "test", "--no-serve", "--json", "--data"])
        .arg(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
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
    let again = demo(folder.path());
    assert_eq!(again["received"], first["received"], "an existing demo is opened, not doubled");
}
