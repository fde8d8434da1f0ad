//! Stories told from outside: what people do with the program, and what they see of it. Each carries the number of
//! the requirement that it holds.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

mod approval;
mod change;
mod changed_work;
mod connector;
mod credit;
mod credit_group;
mod customer;
mod drill;
mod entry;
mod evasion;
mod family;
mod fields;
mod finance;
mod fixture;
mod floor;
mod fulfilment;
mod gaps;
mod guarded;
mod hook;
mod import;
mod inside;
mod invoice;
mod mail;
mod manual;
mod master;
mod no_way_round;
mod notice;
mod peak;
mod people;
mod question;
mod records;
mod reversal;
mod review;
mod rules;
mod seats;
mod settings;
mod shipment;
mod side_runs;
mod stalled;
mod stand_ins;
mod subflow_fields;
mod terms;
mod time;
mod told;
mod waits;

use ordain_app::admin::AdminCommand;
use ordain_app::case::Case;
use ordain_app::case::decide::{Intervention, OrderCommand};
use ordain_app::case::refusal::Refusal;
use ordain_app::gate::GateError;
use ordain_domain::actor::Actor;
use ordain_domain::finding::Finding;
use ordain_testkit::company::STANDARD_FLOW;
use ordain_testkit::world::World;
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;

/// Ids of what the checks found.
fn findings(case: &Case) -> Vec<String> {
    case.order.checked.findings.iter().map(Finding::id).collect()
}

/// How often somebody was told something.
fn times(notices: &[String], kind: &str) -> usize {
    notices.iter().filter(|notice| *notice == kind).count()
}

/// Why something was not done.
fn refused<T: std::fmt::Debug>(done: Result<T, GateError>) -> Refusal {
    match done.unwrap_err() {
        GateError::Refused(refusal) => refusal,
        other => panic!("{other:?}"),
    }
}

/// The flow that the product ships, to be changed as an admin would.
fn standard() -> Value {
    serde_json::from_str(STANDARD_FLOW).unwrap()
}

/// A review with working settings and those given.
fn review(id: &str, department: &str, settings: Value) -> Value {
    let mut kind = json!({ "type": "review", "assignee": { "department": department },
        "deadline_minutes": 60, "sop": { "zh": "按清单逐项核对", "en": "Check each item of the list" } });
    for (name, value) in settings.as_object().unwrap() {
        kind[name] = value.clone();
    }
    step(id, kind)
}

fn step(id: &str, kind: Value) -> Value {
    json!({ "id": id, "name": { "zh": id, "en": id }, "stage": "review", "kind": kind })
}

/// Puts a step before another one of the main sequence.
fn insert_before(doc: &mut Value, before: &str, step: Value) {
    let steps = doc["steps"].as_array_mut().unwrap();
    let at = steps.iter().position(|step| step["id"] == before).unwrap();
    steps.insert(at, step);
}

async fn publish(world: &World, doc: &Value) {
    let command = AdminCommand::PublishFlow { key: "standard".into(), doc: doc.to_string() };
    world.app.admin(world.org, Actor::system("admin"), command).await.unwrap();
}

async fn intervene(world: &World, id: Uuid, act: Intervention) -> Result<Arc<Case>, GateError> {
    world.command("ops1", Some(id), OrderCommand::Intervene { act, reason: "现场处理".into() }).await
}
