//! Steps that call another system, over HTTP, against a contract fake of it.

use crate::{insert_before, intervene, publish, refused, review, standard, step};
use ordain_app::admin::{AdminCommand, ConnectorItem};
use ordain_app::app::App;
use ordain_app::audit::{self, ProblemKind};
use ordain_app::case::ExceptionKind;
use ordain_app::case::decide::{Intervention, OrderCommand};
use ordain_app::case::refusal::Refusal;
use ordain_app::clock::IdSource;
use ordain_app::gate::GateError;
use ordain_app::seal::SealKey;
use ordain_domain::actor::Actor;
use ordain_domain::order::Status;
use ordain_testkit::contract_fake::{ContractFake, Failure};
use ordain_testkit::world::{Left, World, order_of};
use serde_json::{Value, json};
use uuid::Uuid;

const DAY_MS: i64 = 24 * 3_600_000;

pub async fn connect(world: &World, item: Value) {
    let item: ConnectorItem = serde_json::from_value(item).unwrap();
    let command = AdminCommand::PutConnector { key: "erp".into(), item: Box::new(item), expected: None };
    world.app.admin(world.org, Actor::system("admin"), command).await.unwrap();
}

/// The system as the contract has it.
pub fn erp(base_url: &str) -> Value {
    json!({
        "name": { "zh": "财务系统", "en": "ERP" }, "base_url": format!("{base_url}/api"),
        "headers": [{ "name": "Authorization", "secret": "Bearer geheim" }],
        "operations": { "push": { "method": "POST", "path": "/orders", "success": { "at": "code", "is": "0" },
            "sample": { "code": 0, "data": { "id": "ERP-1", "on": "2026-12-01T00:00:00Z" } } } },
    })
}

/// The standard flow with a call before the departments look at the order.
fn calling(on_failure: Value) -> Value {
    let mut doc = standard();
    let name = json!({ "zh": "单号", "en": "Number" });
    doc["fields"] = json!([{ "field": "erp_no", "name": name, "type": "text" },
        { "field": "erp_on", "name": name, "type": "date" }]);
    let mut kind = json!({ "type": "connector_call", "connector": "erp", "operation": "push",
        "request": { "order.no": "number", "order.amount": "amount", "lines": "lines" },
        "response": { "erp_no": "data.id", "erp_on": "data.on" } });
    if !on_failure.is_null() {
        kind["on_failure"] =
            json!({ "id": "failed", "name": { "zh": "失败", "en": "Failed" }, "steps": [on_failure] });
    }
    insert_before(&mut doc, "departments", step("call_erp", kind));
    doc
}

/// An order that has been placed and waits for the answer.
async fn waiting(world: &World, fake: &ContractFake, on_failure: Value) -> Uuid {
    connect(world, erp(&fake.base_url)).await;
    publish(world, &calling(on_failure)).await;
    let id = world.place("sales1", order_of("PO-C", &[("P-1", "2", "12.50")])).await.order.id;
    assert_eq!(world.status(id), Status::InReview);
    id
}

/// Makes calls and lets the pauses pass until none is left to be made; gives how often.
async fn tried(world: &World) -> usize {
    let mut tries = 0;
    while let Some(next) = world.app.store.next_outbox_at().unwrap() {
        if world.app.store.outbox_count(world.org, "queued").unwrap() == 0 {
            break;
        }
        world.app.clock.set_ms(next.max(world.now_ms()));
        let round = world.call().await;
        tries += round.sent + round.postponed + round.given_up;
        if round.postponed == 0 {
            break;
        }
    }
    tries
}

#[tokio::test]
async fn s058_a_call_leaves_behind_the_commit_and_its_answer_fills_fields() {
    let (mut world, fake) = (World::open().await, ContractFake::start());
    let id = waiting(&world, &fake, Value::Null).await;
    assert!(fake.arrived().is_empty(), "nothing leaves before the commit");
    assert_eq!(world.call().await.sent, 1);
    let [call] = <[_; 1]>::try_from(fake.arrived()).unwrap();
    let case = world.case(id);
    let visit = *case.calls.keys().next().unwrap();
    assert_eq!(call.headers["idempotency-key"], format!("{id}:{visit}"));
    assert_eq!(call.body["order"], json!({ "no": case.order.number, "amount": "25.00" }));
    assert_eq!(call.body["lines"][0]["product"], "P-1");
    let extra = &case.order.content.extra;
    assert_eq!((&extra["erp_no"], &extra["erp_on"]), (&json!("ERP-1000"), &json!("2026-12-01")));
    assert_eq!(world.status(id), Status::Confirmed);
    assert_eq!((world.call().await.sent, fake.made()), (0, 1));
    world.deliver().await;
    world.end().await;
}

#[tokio::test]
async fn s058_s093_a_call_that_keeps_failing_takes_the_lane_that_the_flow_has_for_it() {
    let (mut world, fake) = (World::open().await, ContractFake::start());
    fake.fails([503, 429, 500, 502].map(Failure::Status));
    let id = waiting(&world, &fake, review("by_hand", "planning", json!({}))).await;
    assert_eq!(tried(&world).await, 4, "once, and three times more");
    assert_eq!(world.open_steps(id), ["by_hand"], "the flow says who does it then");
    let keys: Vec<String> =
        fake.arrived().iter().map(|call| call.headers["idempotency-key"].clone()).collect();
    assert!(keys.windows(2).all(|pair| pair[0] == pair[1]), "{keys:?}");
    world.approve("plan1", id, "by_hand").await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.leaves(Left::FailedMail);
    world.end().await;
}

#[tokio::test]
async fn s058_s094_without_a_lane_a_failed_call_is_somebodys_work_and_can_be_made_again() {
    let (mut world, fake) = (World::open().await, ContractFake::start());
    // What the other system does not want now it will not want later: one try.
    fake.fails([Failure::Status(422)]);
    let id = waiting(&world, &fake, Value::Null).await;
    assert_eq!(tried(&world).await, 1);
    let case = world.case(id);
    let exception = case.open_exceptions().next().unwrap();
    assert_eq!(exception.kind, ExceptionKind::ConnectorFailed);
    assert_eq!((&*exception.evidence["connector"], &*exception.evidence["operation"]), ("erp", "push"));
    assert!(exception.evidence["why"].contains("422"), "{:?}", exception.evidence);
    assert!(exception.evidence["sent"].contains(&case.order.number));
    assert_eq!(world.holders(id, "call_erp"), ["process_admin"]);
    intervene(&world, id, Intervention::RunAgain { node: "call_erp".into(), visit: None }).await.unwrap();
    assert_eq!(world.call().await.sent, 1);
    assert_eq!((world.status(id), world.case(id).open_exceptions().count()), (Status::Confirmed, 0));
    let arrived = fake.arrived();
    let key = |at: usize| &arrived[at].headers["idempotency-key"];
    assert_ne!(key(0), key(1), "another visit is another call");
    world.leaves(Left::FailedMail);
    world.end().await;
}

#[tokio::test]
async fn s058_success_stands_in_the_answer_and_what_does_not_fit_is_no_answer() {
    for (says, why) in [
        (r#"{"code":7,"message":"no such customer"}"#, "not_accepted"),
        (r#"{"code":0,"data":{}}"#, "answer_unfit: erp_no"),
        (r#"{"code":0,"data":{"id":"E","on":"soon"}}"#, "answer_unfit: erp_on"),
        ("<html>", "answer_unreadable"),
    ] {
        let (mut world, fake) = (World::open().await, ContractFake::start());
        fake.fails([Failure::Says(says.to_owned())]);
        let id = waiting(&world, &fake, Value::Null).await;
        assert_eq!(tried(&world).await, 1);
        let case = world.case(id);
        let evidence = &case.open_exceptions().next().unwrap().evidence;
        assert!(evidence["why"].starts_with(why), "{evidence:?}");
        assert!(case.order.content.extra.is_empty(), "nothing half done");
        intervene(&world, id, Intervention::Skip { node: "call_erp".into(), visit: None }).await.unwrap();
        if !why.starts_with("answer_unfit") {
            world.leaves(Left::FailedMail);
        }
        world.end().await;
    }
}

#[tokio::test]
async fn s058_a_process_that_dies_before_the_answer_calls_again_under_the_same_key_and_goes_on_once() {
    let (mut world, fake) = (World::open().await, ContractFake::start());
    // The other system did what it was asked, and nobody here heard of it.
    fake.fails([Failure::HangUp]);
    let id = waiting(&world, &fake, Value::Null).await;
    assert_eq!((world.call().await.postponed, fake.made()), (1, 1));
    let (clock, key) = (world.app.clock.clone(), SealKey::from_bytes(&[7; 32]));
    world.app = App::open(world.home.database(), clock, IdSource::seeded(2_000), key).unwrap();
    assert_eq!(tried(&world).await, 1);
    let arrived = fake.arrived();
    assert_eq!(arrived.len(), 2);
    assert_eq!(arrived[0].headers["idempotency-key"], arrived[1].headers["idempotency-key"]);
    assert_eq!(arrived[0].body, arrived[1].body);
    assert_eq!((fake.made(), world.status(id)), (1, Status::Confirmed));
    assert_eq!(world.case(id).order.content.extra["erp_no"], "ERP-1000");
    world.deliver().await;
    world.end().await;
}

#[tokio::test]
async fn s058_an_answer_that_comes_while_the_order_is_on_hold_is_taken_up_with_its_release() {
    let (world, fake) = (World::open().await, ContractFake::start());
    let id = waiting(&world, &fake, Value::Null).await;
    world.command("sales1", Some(id), OrderCommand::Hold { reason: "等合同".into() }).await.unwrap();
    assert_eq!(world.call().await.sent, 1);
    assert!(world.status(id) == Status::InReview && world.case(id).order.content.extra.is_empty());
    world.command("sales1", Some(id), OrderCommand::Resume).await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    assert_eq!(world.case(id).order.content.extra["erp_no"], "ERP-1000");
    world.end().await;
}

#[tokio::test]
async fn s058_a_call_that_is_lost_is_found_by_the_audit() {
    let (mut world, fake) = (World::open().await, ContractFake::start());
    waiting(&world, &fake, Value::Null).await;
    let found = |world: &World| {
        let report = audit::verify(&world.app.store, world.org, false, None, &mut |_| {}).unwrap();
        report.first_problem.map(|problem| (problem.kind, problem.detail))
    };
    assert_eq!(found(&world), None);
    let sql = |state: &str| format!("UPDATE outbox SET state = '{state}' WHERE channel = 'call' RETURNING 1");
    assert_eq!(world.home.tamper(&sql("sent")), 1);
    assert_eq!(found(&world), Some((ProblemKind::OutboxMissing, "row_differs")));
    assert_eq!(world.home.tamper(&sql("queued")), 1);
    world.call().await;
    world.deliver().await;
    world.end().await;
}

#[tokio::test]
async fn s058_what_nobody_waits_for_any_more_is_not_sent() {
    let (mut world, fake) = (World::open().await, ContractFake::start());
    let id = waiting(&world, &fake, Value::Null).await;
    let cancel = OrderCommand::Cancel { reason: "客户取消".into(), code: None };
    world.command("sales1", Some(id), cancel).await.unwrap();
    assert_eq!((world.call().await.given_up, fake.arrived().len()), (1, 0));
    world.leaves(Left::FailedMail);
    world.end().await;
}

#[tokio::test]
async fn s058_the_inside_of_the_network_is_called_only_where_the_program_was_told_to() {
    for base_url in
        ["http://169.254.169.254", "https://127.0.0.1", "https://localhost", "http://erp.example.com"]
    {
        let mut world = World::open().await;
        connect(&world, erp(base_url)).await;
        publish(&world, &calling(Value::Null)).await;
        let id = world.place("sales1", order_of("PO-X", &[("P-1", "2", "12.50")])).await.order.id;
        assert_eq!(world.call_only(&[]).await.given_up, 1, "{base_url}");
        let case = world.case(id);
        let evidence = &case.open_exceptions().next().unwrap().evidence;
        let guarded = ["forbidden_address", "insecure_address"];
        assert!(guarded.iter().any(|code| evidence["why"].starts_with(code)), "{base_url}: {evidence:?}");
        intervene(&world, id, Intervention::Skip { node: "call_erp".into(), visit: None }).await.unwrap();
        world.leaves(Left::FailedMail);
        world.end().await;
    }
}

#[tokio::test]
async fn s058_a_connector_that_is_not_ready_is_named_when_a_flow_is_published() {
    let world = World::open().await;
    let try_to = async |doc: &Value| {
        let command = AdminCommand::PublishFlow { key: "standard".into(), doc: doc.to_string() };
        match world.app.admin(world.org, Actor::system("admin"), command).await {
            Err(GateError::Invalid(faults)) => {
                let [fault] = <[_; 1]>::try_from(faults).unwrap();
                assert_eq!((&*fault.code, &*fault.path), ("F-050", "call_erp"));
                fault.facts["connector_state"].clone()
            }
            other => other.map(|_| "published".to_owned()).unwrap(),
        }
    };
    let doc = calling(Value::Null);
    assert_eq!(try_to(&doc).await, "unknown");
    let mut item = erp("https://erp.example.com");
    item["operations"] = json!({ "pull": { "method": "GET", "path": "/orders" } });
    connect(&world, item).await;
    assert_eq!(try_to(&doc).await, "no_such_operation");
    let mut item = erp("https://erp.example.com");
    item["expires_at"] = json!("2026-11-22");
    connect(&world, item.clone()).await;
    assert_eq!(try_to(&doc).await, "expired");
    item["expires_at"] = json!("2026-11-30");
    item["disabled"] = json!(true);
    connect(&world, item.clone()).await;
    assert_eq!(try_to(&doc).await, "disabled");
    item["disabled"] = json!(false);
    connect(&world, item).await;
    assert_eq!(try_to(&doc).await, "published");
    // What was in force when the connector lapsed fails at once, and names it.
    let id = world.place("sales1", order_of("PO-L", &[("P-1", "2", "12.50")])).await.order.id;
    world.app.clock.set_ms(world.now_ms() + 8 * DAY_MS);
    let mut world = world;
    assert_eq!(world.call().await.given_up, 1);
    assert_eq!(world.case(id).open_exceptions().next().unwrap().evidence["why"], "connector: expired");
    intervene(&world, id, Intervention::Skip { node: "call_erp".into(), visit: None }).await.unwrap();
    world.leaves(Left::FailedMail);
    world.end().await;
}

#[tokio::test]
async fn s093_a_call_that_nobody_makes_becomes_somebodys_work_after_a_day() {
    let (mut world, fake) = (World::open().await, ContractFake::start());
    let id = waiting(&world, &fake, Value::Null).await;
    world.pass_seconds(DAY_MS / 1_000 - 1).await;
    assert_eq!(world.case(id).open_exceptions().count(), 0);
    world.pass_seconds(1).await;
    let case = world.case(id);
    let exception = case.open_exceptions().next().unwrap();
    assert_eq!((exception.kind, &*exception.evidence["why"]), (ExceptionKind::ConnectorFailed, "no_answer"));
    assert_eq!((world.call().await.given_up, fake.arrived().len()), (1, 0), "it has waited long enough");
    let late = OrderCommand::CallEnded { visit: *case.calls.keys().next().unwrap(), answer: Ok(json!({})) };
    assert_eq!(refused(world.command("ops1", Some(id), late).await), Refusal::NothingDue);
    intervene(&world, id, Intervention::Skip { node: "call_erp".into(), visit: None }).await.unwrap();
    world.leaves(Left::FailedMail);
    world.end().await;
}
