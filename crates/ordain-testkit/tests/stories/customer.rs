//! By which ways customers are reached, and when they are not asked once more.

use crate::{insert_before, publish, review, standard, step};
use ordain_app::admin::{AdminCommand, ChannelItem, ConnectorItem, CustomerItem};
use ordain_app::case::decide::OrderCommand;
use ordain_app::case::event::Event;
use ordain_domain::actor::Actor;
use ordain_domain::order::Status;
use ordain_flow::run::Decision;
use ordain_testkit::contract_fake::{ContractFake, Failure};
use ordain_testkit::world::{World, order_of};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

async fn admin(world: &World, command: AdminCommand) {
    world.app.admin(world.org, Actor::system("admin"), command).await.unwrap();
}

async fn contacts(world: &World, contacts: Value) {
    let item: CustomerItem = serde_json::from_value(json!({ "code": "C001", "contacts": contacts })).unwrap();
    admin(world, AdminCommand::PutCustomers(vec![item])).await;
}

/// A telephone company that takes messages.
async fn carrier(world: &World) -> ContractFake {
    let fake = ContractFake::start();
    let item: ConnectorItem = serde_json::from_value(json!({
        "name": { "zh": "短信", "en": "SMS" }, "base_url": fake.base_url,
        "operations": { "send": { "method": "POST", "path": "/api/orders" } } }))
    .unwrap();
    admin(world, AdminCommand::PutConnector { key: "sms".into(), item: Box::new(item), expected: None })
        .await;
    let item = ChannelItem { channel: "sms".into(), connector: "sms".into(), operation: "send".into() };
    admin(world, AdminCommand::PutChannels { items: vec![item], expected: None }).await;
    fake
}

async fn asked(world: &World, settings: Value) -> Uuid {
    let mut doc = standard();
    let mut kind = json!({ "type": "customer_confirmation", "template": "customer_confirmation" });
    for (name, value) in settings.as_object().unwrap() {
        kind[name] = value.clone();
    }
    insert_before(&mut doc, "tell_customer", step("ask_customer", kind));
    insert_before(&mut doc, "tell_customer", review("last_look", "planning", json!({})));
    publish(world, &doc).await;
    let id = world.place("sales1", order_of("PO-K", &[("P-1", "20", "12.50")])).await.order.id;
    assert_eq!(world.status(id), Status::AwaitingCustomer);
    id
}

/// Channel, address and fate of each message to the customer.
fn sent(world: &World, id: Uuid) -> Vec<(String, String, Option<String>)> {
    let case = world.case(id);
    let outside = case.notices.iter().filter(|notice| notice.channel != "in_app");
    outside.map(|notice| (notice.channel.clone(), notice.to.clone(), notice.failed.clone())).collect()
}

fn way(channel: &str, to: &str, failed: Option<&str>) -> (String, String, Option<String>) {
    (channel.into(), to.into(), failed.map(str::to_owned))
}

#[tokio::test]
async fn s036_a_message_goes_by_the_next_way_when_one_fails_for_good() {
    let mut world = World::open().await;
    let fake = carrier(&world).await;
    fake.fails([Failure::Says("{}".into())]);
    contacts(
        &world,
        json!([{ "name": "Li", "email": "li@example.com" },
        { "name": "Wang", "phone": "13900001234", "role": "purchasing" }]),
    )
    .await;
    let id = asked(&world, json!({ "channels": ["mail", "sms"], "contact": "main" })).await;
    assert!(fake.arrived().is_empty(), "nothing leaves before it is due");
    let notice = world.case(id).notices.iter().find(|notice| notice.channel == "mail").unwrap().id;
    let failed = OrderCommand::NoticeDelivered { id: notice, failed: Some("rejected".into()) };
    world.app.order(world.org, Actor::system("deliver_outbox"), Some(id), failed).await.unwrap();
    let expected = [way("mail", "li@example.com", Some("rejected")), way("sms", "13900001234", None)];
    assert_eq!(sent(&world, id), expected);
    assert_eq!(world.call().await.sent, 1);
    let [call] = <[_; 1]>::try_from(fake.arrived()).unwrap();
    let case = world.case(id);
    let notice = case.notices.iter().find(|notice| notice.channel == "sms").unwrap();
    assert_eq!(call.headers["idempotency-key"], notice.id.to_string(), "the same at every attempt");
    assert_eq!(
        (&call.body["to"], &call.body["template"]),
        (&json!("13900001234"), &json!("customer_confirmation"))
    );
    assert!(call.body["text"].as_str().unwrap().contains(&case.order.number), "{}", call.body);
    assert!(notice.sent_ms.is_some());
    world.deliver().await;
    world.end().await;
}

#[tokio::test]
async fn s036_a_way_that_nothing_carries_is_said_and_never_left_out() {
    let world = World::open().await;
    contacts(
        &world,
        json!([{ "name": "Li", "email": "li@example.com", "phone": "138" },
        { "name": "Wang", "phone": "13900001234", "role": "purchasing" }]),
    )
    .await;
    let id = asked(&world, json!({ "channels": ["im", "sms"], "contact": { "role": "purchasing" } })).await;
    let shut = Some("channel_not_set_up");
    assert_eq!(sent(&world, id), [way("im", "13900001234", shut), way("sms", "13900001234", shut)]);
    assert_eq!(crate::times(&world.notices("sales1", id), "notice_failed"), 1);
    world.end().await;
}

/// The last step sends the order back, and its sender changes the quantity.
async fn changed_to(world: &World, id: Uuid, quantity: &str) {
    let task = world.case(id).open_tasks().next().unwrap().1.id;
    let back = OrderCommand::Decide {
        task,
        decision: Decision::Return,
        reason: Some("again".into()),
        accept: BTreeMap::new(),
    };
    world.command("plan1", Some(id), back).await.unwrap();
    let content = Box::new(order_of("PO-K", &[("P-1", quantity, "12.50")]));
    let edit = OrderCommand::Edit { content, submit: true, reasons: BTreeMap::new() };
    world.command("sales1", Some(id), edit).await.unwrap();
}

fn spared(world: &World, id: Uuid) -> Vec<String> {
    let rows = world.app.store.log_of_order(world.org, id.into_bytes(), None, 1_000).unwrap();
    let events = rows.iter().flat_map(|row| serde_json::from_str::<Vec<Event>>(&row.events).unwrap());
    let told = events.filter_map(|event| match event {
        Event::CustomerSpared { departures, .. } => Some(departures),
        _ => None,
    });
    told.flatten().map(|departure| format!("{} {}", departure.what.name(), departure.after)).collect()
}

#[tokio::test]
async fn s046_a_customer_is_not_asked_again_for_what_lies_within_the_tolerance() {
    let world = World::open().await;
    let id = asked(&world, json!({ "tolerance": { "quantity_permille": 100 } })).await;
    let yes = || OrderCommand::RecordAnswer { accepted: true, evidence: "电话".into(), proof: None };
    world.command("sales1", Some(id), yes()).await.unwrap();
    changed_to(&world, id, "18").await;
    assert_eq!(world.open_steps(id), ["last_look"], "two of twenty are a tenth");
    assert_eq!((sent(&world, id).len(), spared(&world, id)), (1, vec!["quantity 18".to_owned()]));
    // What is compared with is what the customer has accepted, not what went through unasked.
    changed_to(&world, id, "17").await;
    assert_eq!((world.status(id), sent(&world, id).len()), (Status::AwaitingCustomer, 2));
    world.command("sales1", Some(id), yes()).await.unwrap();
    changed_to(&world, id, "17").await;
    assert_eq!(world.open_steps(id), ["last_look"]);
    world.approve("plan1", id, "last_look").await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}
