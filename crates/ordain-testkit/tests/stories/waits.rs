//! Waits: for the customer, for an event, and for a time.

use crate::{insert_before, intervene, publish, refused, review, standard, step, times};
use ordain_app::case::ExceptionKind;
use ordain_app::case::decide::{Intervention, OrderCommand};
use ordain_app::case::refusal::Refusal;
use ordain_domain::order::Status;
use ordain_testkit::world::{World, order_of};
use serde_json::{Value, json};
use uuid::Uuid;

async fn asking(world: &World, settings: Value) -> Uuid {
    let mut doc = standard();
    let mut kind = json!({ "type": "customer_confirmation", "template": "customer_confirmation" });
    for (name, value) in settings.as_object().unwrap() {
        kind[name] = value.clone();
    }
    insert_before(&mut doc, "tell_customer", step("ask_customer", kind));
    publish(world, &doc).await;
    let id = world.place("sales1", order_of("PO-K", &[("P-1", "2", "12.50")])).await.order.id;
    assert_eq!(world.status(id), Status::AwaitingCustomer);
    id
}

fn answer(accepted: bool, evidence: &str) -> OrderCommand {
    OrderCommand::RecordAnswer { accepted, evidence: evidence.into() }
}

#[tokio::test]
async fn s036_the_customer_is_asked_by_mail_and_the_answer_is_recorded_with_its_evidence() {
    let mut world = World::open().await;
    let id = asking(&world, json!({})).await;
    world.deliver().await;
    let [mail] = <[String; 1]>::try_from(world.arrived()).unwrap();
    assert!(mail.contains("zhang@example.com"), "{mail}");
    assert_eq!(refused(world.command("sales1", Some(id), answer(true, " ")).await), Refusal::ReasonRequired);
    assert_eq!(refused(world.command("cs1", Some(id), answer(true, "电话")).await), Refusal::NotYourTask);
    let skip = Intervention::Skip { node: "ask_customer".into() };
    assert!(
        matches!(refused(intervene(&world, id, skip).await), Refusal::Flow(_)),
        "nobody answers for the customer"
    );
    world.command("sales1", Some(id), answer(true, "张先生 10:20 来电同意")).await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    assert_eq!(
        refused(world.command("sales1", Some(id), answer(true, "再次")).await),
        Refusal::CustomerNotAsked
    );
    world.end().await;
}

#[tokio::test]
async fn s036_a_customer_who_declines_ends_the_order_and_frees_its_goods() {
    let world = World::open().await;
    let id = asking(&world, json!({ "recorder": { "department": "service" } })).await;
    assert!(!world.case(id).order.held.is_empty());
    assert_eq!(refused(world.command("sales1", Some(id), answer(false, "电话")).await), Refusal::NotYourTask);
    world.command("cs1", Some(id), answer(false, "邮件拒绝")).await.unwrap();
    let case = world.case(id);
    assert_eq!((case.order.status, case.order.held.len()), (Status::Rejected, 0));
    world.end().await;
}

#[tokio::test]
async fn s049_a_silent_customer_is_reminded_and_becomes_somebodys_exception() {
    let world = World::open().await;
    let id = asking(&world, json!({ "deadline_minutes": 120, "remind_before_minutes": 60 })).await;
    assert_eq!(world.outbox(id).len(), 1);
    world.pass_to(0, 11, 0).await;
    assert_eq!(world.outbox(id).len(), 2, "the customer is asked once more");
    assert_eq!(times(&world.notices("sales1", id), "customer_silent"), 1);
    world.pass_to(0, 12, 0).await;
    let case = world.case(id);
    assert_eq!(case.open_exceptions().next().unwrap().kind, ExceptionKind::CustomerSilent);
    assert_eq!(world.status(id), Status::AwaitingCustomer, "silence is no consent");
    world.command("sales1", Some(id), answer(true, "电话同意")).await.unwrap();
    assert_eq!((world.status(id), world.case(id).open_exceptions().count()), (Status::Confirmed, 0));
    world.end().await;
}

#[tokio::test]
async fn s049_an_order_expires_where_the_flow_says_so() {
    let world = World::open().await;
    let id = asking(&world, json!({ "deadline_minutes": 120, "on_lapse": "expire" })).await;
    world.pass_to(0, 12, 0).await;
    let case = world.case(id);
    assert_eq!((case.order.status, case.order.held.len()), (Status::Expired, 0));
    world.end().await;
}

fn waiting_flow() -> Value {
    let mut doc = standard();
    let late = json!({ "id": "late", "name": { "zh": "未到账", "en": "Unpaid" }, "steps": [review("chase_payment", "finance", json!({}))] });
    let wait = json!({ "type": "wait_event", "event": "payment_received", "timeout_minutes": 120, "on_timeout": late });
    insert_before(&mut doc, "tell_customer", step("wait_payment", wait));
    doc
}

#[tokio::test]
async fn s063_an_order_unpaid_in_time_raises_work_for_finance() {
    let world = World::open().await;
    publish(&world, &waiting_flow()).await;
    let id = world.place("sales1", order_of("PO-W", &[("P-1", "2", "12.50")])).await.order.id;
    world.pass_to(0, 11, 59).await;
    assert!(world.open_steps(id).is_empty());
    world.pass_to(0, 12, 0).await;
    assert_eq!(world.open_steps(id), ["chase_payment"]);
    world.approve("fin1", id, "chase_payment").await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s063_an_event_lets_the_order_go_on_and_a_stray_one_is_refused() {
    let world = World::open().await;
    publish(&world, &waiting_flow()).await;
    let id = world.place("sales1", order_of("PO-E", &[("P-1", "2", "12.50")])).await.order.id;
    let signal = |event: &str| OrderCommand::Signal { event: event.into() };
    assert_eq!(
        refused(world.command("sales1", Some(id), signal("goods_arrived")).await),
        Refusal::NobodyWaits("goods_arrived".into())
    );
    world.command("sales1", Some(id), signal("payment_received")).await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    assert_eq!(
        refused(world.command("sales1", Some(id), signal("payment_received")).await),
        Refusal::NobodyWaits("payment_received".into())
    );
    world.end().await;
}

#[tokio::test]
async fn a_delay_asks_nobody_and_counts_working_minutes() {
    let world = World::open().await;
    let mut doc = standard();
    insert_before(
        &mut doc,
        "departments",
        step("cool_off", json!({ "type": "delay", "for": { "minutes": { "minutes": 150 } } })),
    );
    publish(&world, &doc).await;
    let id = world.place("sales1", order_of("PO-D", &[("P-1", "2", "12.50")])).await.order.id;
    world.pass_to(0, 13, 29).await;
    assert_eq!(world.status(id), Status::InReview);
    world.pass_to(0, 13, 30).await;
    assert_eq!(world.status(id), Status::Confirmed, "two hours before lunch and half an hour after it");
    world.end().await;
}
