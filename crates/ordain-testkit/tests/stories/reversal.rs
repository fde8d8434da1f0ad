//! Money that is taken out of the books again: what was typed wrong, and what the customer has back.

use crate::{insert_before, publish, refused, review, standard, step};
use ordain_app::admin::{AdminCommand, CustomerItem, recheck_credit};
use ordain_app::case::decide::{Fulfil, OrderCommand};
use ordain_app::case::refusal::Refusal;
use ordain_app::case::{Case, ExceptionKind};
use ordain_app::gate::GateError;
use ordain_domain::order::Status;
use ordain_testkit::company::decimal;
use ordain_testkit::world::{World, customer, order_of};
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

async fn act(world: &World, id: Uuid, act: Fulfil) -> Result<Arc<Case>, GateError> {
    world.command("fin1", Some(id), OrderCommand::Fulfil(Box::new(act))).await
}

async fn pay(world: &World, id: Uuid, reference: &str, amount: &str) -> Result<Arc<Case>, GateError> {
    let (reference, amount) = (reference.to_owned(), decimal(amount));
    act(world, id, Fulfil::Pay { reference, amount, on: None, method: None }).await
}

async fn reverse(
    world: &World,
    id: Uuid,
    of: &str,
    amount: &str,
    kind: &str,
) -> Result<Arc<Case>, GateError> {
    let (reference, amount) = (of.to_owned(), decimal(amount));
    let (kind, reason) = (kind.to_owned(), "as the bank says".to_owned());
    act(world, id, Fulfil::ReversePayment { reference, amount, kind, reason, on: None }).await
}

/// An order of 100.00 of a customer who may owe 1,000.00.
async fn placed(world: &World, po: &str) -> Uuid {
    let item = CustomerItem { credit_limit: Some("1000.00".into()), ..customer("C001") };
    world.put(AdminCommand::PutCustomers(vec![item])).await;
    world.place("sales1", order_of(po, &[("P-1", "8", "12.50")])).await.order.id
}

fn exposure(world: &World) -> i64 {
    world.app.store.customer(world.org, "C001").unwrap().unwrap().exposure_minor
}

fn open(case: &Case, kind: ExceptionKind) -> usize {
    case.open_exceptions().filter(|open| open.kind == kind).count()
}

fn faults(refusal: Refusal) -> Vec<String> {
    let Refusal::Invalid(faults) = refusal else { panic!("{refusal:?}") };
    faults.into_iter().map(|fault| format!("{} {}", fault.code, fault.path)).collect()
}

#[tokio::test]
async fn s029_a_slip_is_taken_back_and_what_is_owed_is_what_it_was() {
    let world = World::open().await;
    let id = placed(&world, "PO-1").await;
    assert_eq!((world.status(id), exposure(&world)), (Status::Confirmed, 10_000));
    let case = pay(&world, id, "B-1", "500").await.unwrap();
    assert_eq!((open(&case, ExceptionKind::Overpaid), exposure(&world)), (1, 0));
    let case = reverse(&world, id, "B-1", "450", "entered_wrong").await.unwrap();
    assert_eq!((open(&case, ExceptionKind::Overpaid), case.order.unpaid_minor()), (0, 5_000));
    assert_eq!(exposure(&world), 5_000);
    let payment = &case.order.fulfilment.payments[0];
    assert_eq!(
        (payment.minor, case.order.fulfilment.paid_minor()),
        (50_000, 5_000),
        "the payment is as it was"
    );
    // Without an amount all that is left goes; then nothing is.
    let rest = Fulfil::ReversePayment {
        reference: "B-1".into(),
        amount: None,
        kind: "refunded".into(),
        reason: "wished".into(),
        on: None,
    };
    let case = act(&world, id, rest).await.unwrap();
    assert_eq!((case.order.fulfilment.paid_minor(), exposure(&world)), (0, 10_000));
    let none = refused(reverse(&world, id, "B-1", "1", "refunded").await);
    assert_eq!(faults(none), ["more_than_paid amount"]);
    let rows = world.app.store.log_of_order(world.org, id.into_bytes(), None, 50).unwrap();
    let reversed: Vec<_> = rows.iter().filter(|row| row.command == "reverse_payment").collect();
    assert_eq!(
        reversed.iter().map(|row| row.reason.as_deref()).collect::<Vec<_>>(),
        [Some("wished"), Some("as the bank says")]
    );
    world.end().await;
}

#[tokio::test]
async fn s029_a_payment_of_another_order_is_booked_where_it_belongs() {
    let world = World::open().await;
    let (wrong, right) = (placed(&world, "PO-1").await, placed(&world, "PO-2").await);
    pay(&world, wrong, "B-1", "100").await.unwrap();
    let known = |refusal: Refusal| matches!(refusal, Refusal::PaymentKnown { .. });
    assert!(known(refused(pay(&world, right, "B-1", "100").await)));
    reverse(&world, wrong, "B-1", "40", "entered_wrong").await.unwrap();
    assert!(known(refused(pay(&world, right, "B-1", "100").await)), "a part of it is still there");
    reverse(&world, wrong, "B-1", "60", "entered_wrong").await.unwrap();
    let case = pay(&world, right, "B-1", "100").await.unwrap();
    assert_eq!((case.order.unpaid_minor(), exposure(&world)), (0, 10_000));
    assert!(known(refused(pay(&world, wrong, "B-1", "100").await)), "and there it is known");
    // Money that was there and went back keeps its reference.
    reverse(&world, right, "B-1", "100", "refunded").await.unwrap();
    assert!(known(refused(pay(&world, wrong, "B-1", "100").await)));
    world.end().await;
}

#[tokio::test]
async fn s014_money_that_goes_back_while_an_order_is_reviewed_takes_its_credit_along() {
    let world = World::open().await;
    let id = placed(&world, "PO-1").await;
    let limit = CustomerItem { credit_limit: Some("140.00".into()), ..customer("C001") };
    world.put(AdminCommand::PutCustomers(vec![limit])).await;
    // A price below the list is looked at, and fits only with what was paid.
    let second = world.place("sales1", order_of("PO-2", &[("P-1", "8", "10.00")])).await.order.id;
    assert_eq!(world.status(second), Status::InReview);
    pay(&world, second, "B-1", "50").await.unwrap();
    recheck_credit(&world.app, world.org, "C001").await.unwrap();
    assert_eq!((exposure(&world), world.case(second).order.waits_for_credit()), (13_000, false));
    reverse(&world, second, "B-1", "50", "refunded").await.unwrap();
    assert_eq!((exposure(&world), world.case(second).order.waits_for_credit()), (10_000, true));
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s029_what_a_cancelled_order_had_paid_goes_back() {
    let world = World::open().await;
    let id = placed(&world, "PO-1").await;
    pay(&world, id, "B-1", "60").await.unwrap();
    let cancel = OrderCommand::Cancel { reason: "gave up".into(), code: None };
    let case = world.command("sales1", Some(id), cancel).await.unwrap();
    assert_eq!(open(&case, ExceptionKind::Overpaid), 1);
    let case = reverse(&world, id, "B-1", "60", "refunded").await.unwrap();
    assert_eq!(
        (open(&case, ExceptionKind::Overpaid), exposure(&world)),
        (0, 0),
        "what is cancelled owes nothing"
    );
    assert_eq!(case.order.credit_held, None);
    world.end().await;
}

#[tokio::test]
async fn s041_a_reversal_that_cannot_be_names_every_fault_and_changes_nothing() {
    let world = World::open().await;
    crate::publish(&world, &standard()).await;
    let id = placed(&world, "PO-1").await;
    pay(&world, id, "B-1", "60").await.unwrap();
    let before = world.case(id);
    let tomorrow = world.house().calendar.date_at(world.now_ms()).tomorrow().unwrap();
    let asked = Fulfil::ReversePayment {
        reference: "B-9".into(),
        amount: decimal("-1"),
        kind: "gone".into(),
        reason: " ".into(),
        on: Some(tomorrow),
    };
    let found = faults(refused(act(&world, id, asked).await));
    for expected in ["unknown_payment reference", "unknown_value kind", "in_future date"] {
        assert!(found.iter().any(|fault| fault == expected), "{expected} in {found:?}");
    }
    assert!(found.iter().any(|fault| fault.ends_with(" reason")), "{found:?}");
    assert!(found.iter().any(|fault| fault.ends_with(" amount")), "{found:?}");
    let more = faults(refused(reverse(&world, id, "B-1", "60.01", "refunded").await));
    assert_eq!(more, ["more_than_paid amount"]);
    assert_eq!(world.case(id), before);
    world.end().await;
}

#[tokio::test]
async fn s019_a_payment_that_went_back_lets_no_step_go_on() {
    let world = World::open().await;
    let late = json!({ "id": "late", "name": { "zh": "晚", "en": "Late" }, "steps": [] });
    let mut doc = standard();
    insert_before(&mut doc, "departments", review("first", "service", json!({})));
    let wait = json!({ "type": "wait_event", "event": "payment_received", "timeout_minutes": 6000, "on_timeout": late });
    insert_before(&mut doc, "departments", step("wait", wait));
    publish(&world, &doc).await;
    let id = placed(&world, "PO-1").await;
    pay(&world, id, "B-1", "60").await.unwrap();
    reverse(&world, id, "B-1", "60", "entered_wrong").await.unwrap();
    world.approve("cs1", id, "first").await.unwrap();
    let waits = || {
        world.case(id).run.as_ref().is_some_and(|run| run.open_visits().any(|visit| &*visit.node == "wait"))
    };
    assert!(waits(), "nothing was paid");
    pay(&world, id, "B-2", "60").await.unwrap();
    assert!(!waits());
    world.end().await;
}
