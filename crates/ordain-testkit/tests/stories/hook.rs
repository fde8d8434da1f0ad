//! Steps that tell another system and do not wait for it.

use crate::connector::{connect, erp};
use crate::refused;
use crate::{insert_before, publish, review, standard};
use ordain_app::case::ExceptionKind;
use ordain_app::case::decide::OrderCommand;
use ordain_app::case::refusal::Refusal;
use ordain_domain::order::Status;
use ordain_testkit::contract_fake::{ContractFake, Failure};
use ordain_testkit::world::{Left, World, order_of};
use serde_json::{Value, json};
use uuid::Uuid;

/// The standard flow with a step of planning that tells the other system when it asks and when it is approved.
fn telling() -> Value {
    let mut doc = standard();
    let hook = |what: &str| json!([{ "connector": "erp", "operation": "push", "request": { "order.no": "number", "order.amount": "amount", "what": what } }]);
    let settings = json!({ "call_on_enter": hook("amount"), "call_on_leave": hook("customer") });
    insert_before(&mut doc, "departments", review("plan", "planning", settings));
    doc
}

async fn told(world: &World, fake: &ContractFake) -> Uuid {
    connect(world, erp(&fake.base_url)).await;
    publish(world, &telling()).await;
    world.place("sales1", order_of("PO-H", &[("P-1", "2", "12.50")])).await.order.id
}

#[tokio::test]
async fn s058_a_step_tells_another_system_on_arrival_and_when_it_is_approved() {
    let (mut world, fake) = (World::open().await, ContractFake::start());
    let id = told(&world, &fake).await;
    assert_eq!(
        (world.open_steps(id), fake.made()),
        (vec!["plan".to_owned()], 0),
        "nobody waits for the call"
    );
    let waiting: Vec<Uuid> = world.case(id).hooks.keys().copied().collect();
    world.call().await;
    assert!(world.case(id).hooks.is_empty());
    world.approve("plan1", id, "plan").await.unwrap();
    world.call().await;
    let calls = fake.arrived();
    let [entered, left] = calls.as_slice() else { panic!("{}", calls.len()) };
    assert_eq!(entered.headers["idempotency-key"], waiting[0].to_string());
    assert_ne!(entered.headers["idempotency-key"], left.headers["idempotency-key"]);
    assert_eq!((&entered.body["what"], &left.body["what"]), (&json!("25.00"), &json!("C001")));
    assert_eq!(entered.body["order"]["no"], json!(world.case(id).order.number));
    world.deliver().await;
    world.end().await;
}

#[tokio::test]
async fn s058_s094_a_system_that_cannot_be_told_stops_nothing_and_becomes_somebodys_work() {
    let (mut world, fake) = (World::open().await, ContractFake::start());
    fake.fails([Failure::Status(503), Failure::Status(400)]);
    let id = told(&world, &fake).await;
    assert_eq!(world.call().await.postponed, 1);
    let next = world.app.store.next_outbox_at().unwrap().unwrap();
    world.app.clock.set_ms(next);
    assert_eq!(world.call().await.given_up, 1);
    let keys: Vec<String> =
        fake.arrived().iter().map(|call| call.headers["idempotency-key"].clone()).collect();
    assert!(keys.len() == 2 && keys[0] == keys[1], "{keys:?}");
    let case = world.case(id);
    let raised = case.open_exceptions().next().unwrap();
    assert_eq!((raised.kind, raised.node.as_deref()), (ExceptionKind::HookFailed, Some("plan")));
    assert!(raised.evidence["why"].contains("400"), "{:?}", raised.evidence);
    assert_eq!(case.order.status, Status::InReview);
    assert_eq!(world.open_steps(id), ["plan"]);
    world.leaves(Left::FailedMail);
    world.end().await;
}

#[tokio::test]
async fn s058_a_button_of_a_step_tells_another_system_once_at_a_time() {
    let (mut world, fake) = (World::open().await, ContractFake::start());
    connect(&world, erp(&fake.base_url)).await;
    let mut doc = standard();
    let call = json!({ "connector": "erp", "operation": "push", "request": { "order.no": "number", "order.amount": "amount", "what": "customer" } });
    let button = json!({ "id": "label", "name": { "zh": "打印标签", "en": "Print label" }, "call": call });
    insert_before(&mut doc, "departments", review("plan", "planning", json!({ "buttons": [button] })));
    publish(&world, &doc).await;
    let id = world.place("sales1", order_of("PO-B", &[("P-1", "2", "12.50")])).await.order.id;
    let task = world.task(id, "plan");
    let press = |button: &str| OrderCommand::Press { task, button: button.to_owned() };
    let by = |login: &'static str, button| world.command(login, Some(id), press(button));
    let others = [by("fin1", "label").await, by("plan1", "fax").await].map(refused);
    assert_eq!(others, [Refusal::NotYourTask, Refusal::UnknownButton("fax".to_owned())]);
    by("plan1", "label").await.unwrap();
    assert_eq!(
        refused(by("plan1", "label").await),
        Refusal::StillTold,
        "a second click asks for nothing more"
    );
    world.call().await;
    by("plan1", "label").await.unwrap();
    world.call().await;
    let calls = fake.arrived();
    let [first, second] = calls.as_slice() else { panic!("{}", calls.len()) };
    assert_eq!((&first.body["what"], &first.body), (&json!("C001"), &second.body));
    assert_ne!(first.headers["idempotency-key"], second.headers["idempotency-key"], "each press is a call");
    assert_eq!(world.open_steps(id), ["plan"], "the step goes on as before");
    world.approve("plan1", id, "plan").await.unwrap();
    assert!(matches!(
        refused(world.command("plan1", Some(id), press("label")).await),
        Refusal::TaskClosed { .. }
    ));
    world.deliver().await;
    world.end().await;
}
