//! Shipments, invoices, payments and complaints in lists over the whole company.

use ordain_app::audit::{ProblemKind, verify};
use ordain_app::case::decide::{Fulfil, OrderCommand, ShipLine, SplitLine};
use ordain_app::figures::follow;
use ordain_store::{OrderRecordRow, RecordFilter, RecordKind};
use ordain_testkit::company::decimal;
use ordain_testkit::world::{World, order_of};
use uuid::Uuid;

async fn act(world: &World, login: &str, id: Uuid, act: Fulfil) {
    world.command(login, Some(id), OrderCommand::Fulfil(Box::new(act))).await.unwrap();
}

fn payment(reference: &str, amount: &str) -> Fulfil {
    Fulfil::Pay { reference: reference.into(), amount: decimal(amount), on: None, method: None }
}

fn wrong(reference: &str, amount: &str) -> Fulfil {
    let (kind, reason) = ("entered_wrong".to_owned(), "typed wrong".to_owned());
    Fulfil::ReversePayment { reference: reference.into(), amount: decimal(amount), kind, reason, on: None }
}

fn listed(world: &World, kind: RecordKind) -> Vec<OrderRecordRow> {
    let filter = RecordFilter { kind, ..RecordFilter::default() };
    world.app.store.list_records(world.org, &filter, None, 50).unwrap()
}

/// Reference, state, amount and what is left of it, oldest first.
fn money(world: &World) -> Vec<(String, String, i64, i64)> {
    let rows = listed(world, RecordKind::Payment).into_iter().rev();
    let of = |row: OrderRecordRow| {
        (row.reference.unwrap(), row.state, row.minor.unwrap(), row.left_minor.unwrap())
    };
    rows.map(of).collect()
}

fn damage(world: &World) -> Option<(ProblemKind, &'static str)> {
    let report = verify(&world.app.store, world.org, false, None, &mut |_| {}).unwrap();
    report.first_problem.map(|problem| (problem.kind, problem.detail))
}

/// An order with a shipment, an invoice, a payment and a complaint.
async fn with_records(world: &World, po: &str) -> Uuid {
    let id = world.place("sales1", order_of(po, &[("P-1", "8", "12.50")])).await.order.id;
    let line = ShipLine { line: Some(1), quantity: decimal("2"), warehouse: None };
    let ship = Fulfil::Ship { revision: 1, lines: vec![line], carrier: Some("顺丰".into()), note: None };
    act(world, "wh1", id, ship).await;
    act(world, "fin1", id, Fulfil::Invoice { number: None, amount: decimal("40") }).await;
    act(world, "fin1", id, payment("B-1", "30")).await;
    let complaint = Fulfil::Complain { kind: "damage".into(), text: "受潮".into(), from: None };
    act(world, "cs1", id, complaint).await;
    id
}

#[tokio::test]
async fn s029_records_are_listed_as_their_orders_say_and_follow_what_becomes_of_them() {
    let world = World::open().await;
    let id = with_records(&world, "PO-1").await;
    let number = world.case(id).order.number.clone();
    let [shipment] = listed(&world, RecordKind::Shipment).try_into().unwrap();
    assert_eq!((shipment.reference, shipment.minor), (Some(format!("{number}/1")), Some(2_500)));
    let states = |kind| listed(&world, kind).into_iter().map(|row| row.state).collect::<Vec<_>>();
    assert_eq!(
        (states(RecordKind::Invoice), states(RecordKind::Complaint)),
        (vec!["requested".into()], vec!["open".into()])
    );
    let issued = Fulfil::Invoice { number: Some("F-1".into()), amount: decimal("40") };
    act(&world, "fin1", id, issued).await;
    act(&world, "cs1", id, Fulfil::CloseComplaint { id: 1, outcome: "sent anew".into() }).await;
    assert_eq!(
        (states(RecordKind::Invoice), states(RecordKind::Complaint)),
        (vec!["issued".into()], vec!["closed".into()])
    );
    assert_eq!(listed(&world, RecordKind::Invoice)[0].reference.as_deref(), Some("F-1"));
    world.end().await;
}

#[tokio::test]
async fn s029_a_payment_is_listed_with_what_is_left_and_once_for_what_came_in() {
    let world = World::open().await;
    let id = world.place("sales1", order_of("PO-1", &[("P-1", "8", "12.50")])).await.order.id;
    let of =
        |reference: &str, state: &str, minor, left| (reference.to_owned(), state.to_owned(), minor, left);
    act(&world, "fin1", id, payment("B-1", "40")).await;
    act(&world, "fin1", id, wrong("B-1", "10")).await;
    assert_eq!(money(&world), [of("B-1", "received", 4_000, 3_000)]);
    // A reference that was given back may come again: both are listed.
    act(&world, "fin1", id, wrong("B-1", "30")).await;
    act(&world, "fin1", id, payment("B-1", "50")).await;
    assert_eq!(money(&world), [of("B-1", "received", 4_000, 0), of("B-1", "received", 5_000, 5_000)]);
    // What goes with a part is no money that came in anew.
    let half = SplitLine { line: Some(1), quantity: decimal("4") };
    let split = OrderCommand::Split { lines: vec![half], reason: "later".into() };
    let whole = world.command("sales1", Some(id), split).await.unwrap();
    let part = &whole.order.family.as_ref().unwrap().parts[0];
    let carried: Vec<_> = money(&world).into_iter().filter(|(_, state, ..)| state == "carried").collect();
    assert_eq!(carried, [of(&format!("{} > {part}", whole.order.number), "carried", 2_500, 2_500)]);
    world.end().await;
}

#[tokio::test]
async fn s029_records_of_an_older_log_are_made_after_the_start_and_recounted_by_the_audit() {
    let world = World::open().await;
    with_records(&world, "PO-1").await;
    follow(&world.app).await.unwrap();
    let kinds = [RecordKind::Shipment, RecordKind::Invoice, RecordKind::Payment, RecordKind::Complaint];
    let before = kinds.map(|kind| listed(&world, kind));
    assert_eq!(world.home.tamper("DELETE FROM order_record RETURNING 1"), 4);
    assert_eq!(damage(&world), Some((ProblemKind::RecordsDiffer, "row_is_gone")));
    // As a database that had no lists is left by its migration.
    assert_eq!(world.home.tamper("DELETE FROM counter WHERE name = 'facts_boards' RETURNING 1"), 1);
    assert_eq!(damage(&world), None, "they are on their way");
    follow(&world.app).await.unwrap();
    for (kind, before) in kinds.into_iter().zip(before) {
        let after = listed(&world, kind);
        let same = after.iter().zip(&before).all(|(after, before)| after.says_the_same(before));
        assert!(same && after.len() == before.len(), "{after:?}");
    }
    let less = "UPDATE order_record SET left_minor = 1 WHERE kind = 'payment' RETURNING 1";
    assert_eq!(world.home.tamper(less), 1);
    assert_eq!(damage(&world), Some((ProblemKind::RecordsDiffer, "row_differs")));
    assert_eq!(world.home.tamper(&less.replace("= 1 ", "= 3000 ")), 1);
    world.end().await;
}
