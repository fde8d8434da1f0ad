//! Goods leave: what may, how much of it, and what the order and the warehouse say of it afterwards.

use crate::refused;
use ordain_app::admin::{AdminCommand, CustomerItem};
use ordain_app::case::Case;
use ordain_app::case::decide::{ChangeAsked, Fulfil, OrderCommand, ShipLine};
use ordain_app::case::refusal::Refusal;
use ordain_app::gate::GateError;
use ordain_domain::order::fulfilment::ReleaseObstacle;
use ordain_domain::order::{Origin, Status};
use ordain_testkit::company::decimal;
use ordain_testkit::world::{World, customer, order_of};
use std::sync::Arc;
use uuid::Uuid;

fn line(line: u32, quantity: &str) -> ShipLine {
    ShipLine { line: Some(line), quantity: decimal(quantity), warehouse: None }
}

fn shipment(revision: u32, lines: &[ShipLine]) -> OrderCommand {
    let (lines, carrier) = (lines.to_vec(), Some("顺丰".to_owned()));
    OrderCommand::Fulfil(Box::new(Fulfil::Ship { revision, lines, carrier, note: None }))
}

async fn ship(world: &World, id: Uuid, lines: &[ShipLine]) -> Result<Arc<Case>, GateError> {
    let revision = world.case(id).order.revision;
    world.command("wh1", Some(id), shipment(revision, lines)).await
}

/// On hand and reserved, over all warehouses.
fn shelf(world: &World, product: &str) -> (i64, i64) {
    let rows = world.app.store.stock_of_product(world.org, product).unwrap();
    rows.iter().fold((0, 0), |(there, kept), row| (there + row.on_hand_milli, kept + row.reserved_milli))
}

async fn confirmed(world: &World, po: &str) -> Uuid {
    let case = world.place("sales1", order_of(po, &[("P-1", "10", "12.50"), ("M-1", "3", "500.00")])).await;
    assert_eq!(case.order.status, Status::Confirmed, "{:?}", case.order.checked.findings);
    case.order.id
}

/// The codes of everything that was wrong with it.
fn faults(done: Result<Arc<Case>, GateError>) -> Vec<String> {
    match refused(done) {
        Refusal::Invalid(faults) => {
            faults.into_iter().map(|fault| format!("{}:{}", fault.code, fault.path)).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn s047_goods_that_a_count_took_away_are_not_shipped() {
    let world = World::open().await;
    let id = confirmed(&world, "PO-S0").await;
    let held = world.case(id).order.held.clone();
    let place = held.iter().find(|part| part.line == 1).unwrap();
    world.goods("P-1", &place.warehouse, "3").await;
    assert_eq!(faults(ship(&world, id, &[line(1, "4")]).await), ["more_than_promised:lines[0].quantity"]);
    let case = ship(&world, id, &[line(1, "3")]).await.unwrap();
    assert_eq!(
        (case.order.status, shelf(&world, "P-1").0),
        (Status::InFulfilment, 100_000),
        "what the other warehouse has"
    );
    world.goods("P-1", &place.warehouse, "100").await;
    world.end().await;
}

#[tokio::test]
async fn s029_s082_an_order_is_shipped_in_parts_until_nothing_is_left() {
    let world = World::open().await;
    let id = confirmed(&world, "PO-S1").await;
    let (there, kept) = shelf(&world, "P-1");
    let case = ship(&world, id, &[line(1, "4")]).await.unwrap();
    assert_eq!(case.order.status, Status::InFulfilment);
    assert_eq!(shelf(&world, "P-1"), (there - 4_000, kept - 4_000), "both shrink together");
    // 4 of 10 at 12.50, net 30 days.
    let rows = world.app.store.receivables_of_order(world.org, id.into_bytes()).unwrap();
    let owed: Vec<_> = rows.iter().map(|row| (row.due_on.as_str(), row.minor)).collect();
    assert_eq!(owed, [("2026-12-23", 5_000)]);
    assert_eq!(faults(ship(&world, id, &[line(1, "6.001")]).await), ["more_than_promised:lines[0].quantity"]);
    assert_eq!(shelf(&world, "P-1"), (there - 4_000, kept - 4_000), "nothing of it was done");
    let case = ship(&world, id, &[line(1, "6"), line(2, "3")]).await.unwrap();
    assert_eq!(case.order.status, Status::Completed);
    let shippers: Vec<&str> = case.order.fulfilment.shipments.iter().map(|of| of.by.name()).collect();
    assert_eq!((shippers, case.order.held.len()), (vec!["WH1", "WH1"], 0));
    assert_eq!(shelf(&world, "P-1"), (there - 10_000, kept - 10_000));
    assert_eq!(
        case.order.fulfilment.shipped_minor(),
        case.order.total_minor(),
        "the parts come to the whole"
    );
    assert!(matches!(
        refused(ship(&world, id, &[line(1, "1")]).await),
        Refusal::WrongStatus(Status::Completed)
    ));
    world.end().await;
}

#[tokio::test]
async fn s047_a_superseded_or_unknown_revision_is_not_shipped_and_both_are_named() {
    let world = World::open().await;
    let id = confirmed(&world, "PO-S2").await;
    let (there, kept) = shelf(&world, "P-1");
    let other = refused(world.command("wh1", Some(id), shipment(2, &[line(1, "1")])).await);
    assert_eq!(other, Refusal::RevisionSuperseded { asked: 2, current: 1 });
    assert_eq!(shelf(&world, "P-1"), (there, kept));
    // The customer changes his mind; what was picked for the first revision stays here.
    let content = order_of("PO-S2", &[("P-1", "6", "12.50"), ("M-1", "3", "500.00")]);
    let asked =
        ChangeAsked { content, reason: "客户来电".into(), origin: Origin::Customer, direct: true };
    let case = world.command("sales1", Some(id), OrderCommand::RequestChange(Box::new(asked))).await.unwrap();
    assert_eq!((case.order.revision, case.order.status), (2, Status::Confirmed));
    let old = refused(world.command("wh1", Some(id), shipment(1, &[line(1, "10")])).await);
    assert_eq!(old, Refusal::RevisionSuperseded { asked: 1, current: 2 });
    assert_eq!(shelf(&world, "P-1"), (there, kept - 4_000), "only the promise has moved");
    ship(&world, id, &[line(1, "6")]).await.unwrap();
    world.end().await;
}

#[tokio::test]
async fn s021_s012_nothing_leaves_before_the_deposit_is_there() {
    let world = World::open().await;
    let item = CustomerItem { payment_terms: Some("DEPOSIT30".into()), ..customer("C001") };
    world.put(AdminCommand::PutCustomers(vec![item])).await;
    let mut content = order_of("PO-S3", &[("P-1", "100", "12.50")]);
    content.payment_terms = Some("DEPOSIT30".into());
    let id = world.place("sales1", content).await.order.id;
    let Refusal::NotReleased { obstacles, .. } = refused(ship(&world, id, &[line(1, "1")]).await) else {
        panic!()
    };
    assert_eq!(obstacles, [ReleaseObstacle::DepositMissing { due_minor: 37_500, paid_minor: 0 }]);
    let pay = |reference: &str, amount: &str| {
        let (reference, amount) = (reference.to_owned(), decimal(amount));
        OrderCommand::Fulfil(Box::new(Fulfil::Pay { reference, amount, on: None, method: None }))
    };
    world.command("fin1", Some(id), pay("B-1", "374.99")).await.unwrap();
    assert!(matches!(refused(ship(&world, id, &[line(1, "1")]).await), Refusal::NotReleased { .. }));
    world.command("fin1", Some(id), pay("B-2", "0.01")).await.unwrap();
    ship(&world, id, &[line(1, "1")]).await.unwrap();
    world.end().await;
}

#[tokio::test]
async fn s041_every_fault_of_a_shipment_is_named_at_once() {
    let world = World::open().await;
    let id = confirmed(&world, "PO-S4").await;
    let wrong = [line(9, "1"), line(1, "0"), line(2, "4"), ShipLine::default()];
    assert_eq!(
        faults(ship(&world, id, &wrong).await),
        [
            "unknown_line:lines[0].line",
            "not_positive:lines[1].quantity",
            "more_than_promised:lines[2].quantity",
            "missing_field:lines[3].quantity",
            "missing_field:lines[3].line"
        ]
    );
    assert_eq!(faults(ship(&world, id, &[]).await), ["missing_field:lines"]);
    let twice = [line(1, "1"), line(1, "1")];
    assert_eq!(faults(ship(&world, id, &twice).await), ["line_id_twice:lines[1].line"]);
    let elsewhere = ShipLine { warehouse: Some("NOWHERE".into()), ..line(1, "1") };
    assert_eq!(faults(ship(&world, id, &[elsewhere]).await), ["more_than_promised:lines[0].quantity"]);
    let draft =
        world.receive("sales1", "manual", None, order_of("PO-S5", &[("P-1", "1", "12.50")]), false).await;
    assert!(matches!(refused(ship(&world, draft.order.id, &[line(1, "1")]).await), Refusal::WrongStatus(_)));
    world.end().await;
}

#[tokio::test]
async fn s001_a_late_delivery_stands_on_the_order() {
    let world = World::open().await;
    let id = confirmed(&world, "PO-S6").await;
    // Asked for on 2026-12-01, eight days after the Monday.
    world.pass_to(8, 10, 0).await;
    ship(&world, id, &[line(1, "4")]).await.unwrap();
    world.pass_to(10, 10, 0).await;
    let case = ship(&world, id, &[line(1, "6"), line(2, "3")]).await.unwrap();
    let late: Vec<_> =
        case.order.fulfilment.shipments.iter().flat_map(|of| &of.lines).map(|of| of.late_days).collect();
    assert_eq!(late, [None, Some(2), Some(2)]);
    world.end().await;
}

#[tokio::test]
async fn two_at_the_same_moment_never_ship_more_than_was_promised() {
    let world = World::open().await;
    let id = confirmed(&world, "PO-S7").await;
    let six = [line(1, "6")];
    let (left, right) = tokio::join!(ship(&world, id, &six), ship(&world, id, &six));
    assert_eq!(usize::from(left.is_ok()) + usize::from(right.is_ok()), 1, "{left:?} {right:?}");
    assert_eq!(world.case(id).order.fulfilment.shipped_milli()[&1], 6_000);
    world.end().await;
}
