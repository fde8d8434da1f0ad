//! What customers may owe: who waits for a payment, what a payment lets go, and limits for a time.

use crate::findings;
use ordain_app::admin::{AdminCommand, CustomerItem, recheck_credit};
use ordain_app::case::decide::{Fulfil, OrderCommand, ShipLine};
use ordain_app::query::credit::{Credit, credit};
use ordain_domain::order::Status;
use ordain_testkit::company::decimal;
use ordain_testkit::world::{World, customer, order_of};
use uuid::Uuid;

const OVER: &str = "credit_exceeded:totals.gross";

fn asked(world: &World, payment: &str) -> Credit {
    let house = world.house();
    let today = house.calendar.date_at(world.now_ms());
    let minor = decimal(payment).unwrap().scaled(2, i64::MAX / 2).unwrap();
    credit(&world.app.store, world.org, &house, "C001", today, minor).unwrap()
}

async fn limit(world: &World, change: impl FnOnce(&mut CustomerItem)) {
    let mut item = CustomerItem { credit_limit: Some("1000.00".into()), ..customer("C001") };
    change(&mut item);
    world.put(AdminCommand::PutCustomers(vec![item])).await;
}

/// An order for so many pieces at 12.50.
async fn order(world: &World, po: &str, pieces: &str) -> Uuid {
    world.place("sales1", order_of(po, &[("P-1", pieces, "12.50")])).await.order.id
}

async fn pay(world: &World, id: Uuid, reference: &str, amount: &str) {
    let (reference, amount) = (reference.to_owned(), decimal(amount));
    let act = Fulfil::Pay { reference, amount, on: None, method: None };
    world.command("fin1", Some(id), OrderCommand::Fulfil(Box::new(act))).await.unwrap();
    recheck_credit(&world.app, world.org, "C001").await.unwrap();
}

#[tokio::test]
async fn pay_so_much_and_these_orders_go() {
    let world = World::open().await;
    limit(&world, |_| {}).await;
    let first = order(&world, "K-1", "64").await;
    assert_eq!(world.status(first), Status::Confirmed, "800.00 of 1,000.00");
    let mut waiting = Vec::new();
    for (po, pieces) in [("K-2", "24"), ("K-3", "32"), ("K-4", "20")] {
        waiting.push(order(&world, po, pieces).await);
    }
    let fits = order(&world, "K-5", "4").await;
    assert_eq!(world.status(fits), Status::Confirmed, "what does not fit stands in nobody's way");
    for id in &waiting {
        assert_eq!(
            (world.status(*id), findings(&world.case(*id))),
            (Status::InReview, vec![OVER.to_owned()])
        );
    }
    let now = asked(&world, "0");
    assert_eq!((now.exposure_minor, now.ordered_minor, now.limit_minor), (85_000, 85_000, Some(100_000)));
    let needs: Vec<(i64, i64)> = now.waiting.iter().map(|of| (of.minor, of.needs_minor.unwrap())).collect();
    assert_eq!(needs, [(30_000, 15_000), (40_000, 55_000), (25_000, 80_000)]);
    let goes = |payment: &str| asked(&world, payment).waiting.iter().map(|of| of.goes).collect::<Vec<_>>();
    assert_eq!(goes("99.99"), [false; 3]);
    assert_eq!(goes("100"), [false, false, true], "the last is the smallest");
    assert_eq!(goes("549.99"), [true, false, true]);
    assert_eq!(goes("550"), [true, true, false], "pay 550 and the first two orders go");
    assert_eq!(goes("800"), [true; 3], "pay 800 and these three orders go");
    let statuses = |world: &World| waiting.iter().map(|id| world.status(*id)).collect::<Vec<_>>();
    pay(&world, first, "B-1", "99.99").await;
    assert_eq!(statuses(&world), [Status::InReview; 3], "a cent is missing");
    pay(&world, first, "B-2", "450.01").await;
    assert_eq!(
        statuses(&world),
        [Status::Confirmed, Status::Confirmed, Status::InReview],
        "the oldest first"
    );
    pay(&world, first, "B-3", "250").await;
    assert_eq!(statuses(&world), [Status::Confirmed; 3]);
    assert_eq!(asked(&world, "0").exposure_minor, 100_000);
    world.end().await;
}

#[tokio::test]
async fn a_special_release_is_remembered_with_its_reason() {
    let world = World::open().await;
    limit(&world, |_| {}).await;
    let id = order(&world, "K-5", "100").await;
    assert_eq!((world.status(id), asked(&world, "0").exposure_minor), (Status::InReview, 0));
    world.accept("fin1", id, "finance_review", &[(OVER, "总经理特批")]).await.unwrap();
    assert_eq!((world.status(id), asked(&world, "0").exposure_minor), (Status::Confirmed, 125_000));
    let accepted = &world.case(id).order.accepted[OVER];
    assert_eq!((accepted.by.name(), accepted.reason.as_str()), ("FIN1", "总经理特批"));
    world.end().await;
}

#[tokio::test]
async fn limits_hold_for_their_time() {
    let world = World::open().await;
    limit(&world, |item| item.credit_limit_until = Some("2026-11-22".into())).await;
    let id = order(&world, "K-6", "1").await;
    assert_eq!(findings(&world.case(id)), [OVER], "the limit ended yesterday");
    let raise = |until: &str| {
        let until = until.to_owned();
        move |item: &mut CustomerItem| {
            (item.temporary_limit, item.temporary_limit_until) = (Some("50".into()), Some(until));
        }
    };
    limit(&world, raise("2026-11-22")).await;
    assert_eq!(world.status(id), Status::InReview, "it was raised for a time that is over");
    limit(&world, raise("2026-11-23")).await;
    assert_eq!(world.status(id), Status::Confirmed, "raised limits let waiting orders go by themselves");
    world.end().await;
}

#[tokio::test]
async fn exposure_is_told_by_stage() {
    let world = World::open().await;
    limit(&world, |_| {}).await;
    let id = order(&world, "K-7", "40").await;
    let act = |act: Fulfil| OrderCommand::Fulfil(Box::new(act));
    let stages = |world: &World| {
        let credit = asked(world, "0");
        assert_eq!(credit.exposure_minor, credit.ordered_minor + credit.shipped_minor + credit.billed_minor);
        (credit.ordered_minor, credit.shipped_minor, credit.billed_minor, credit.overdue_minor)
    };
    assert_eq!(stages(&world), (50_000, 0, 0, 0));
    let lines = vec![ShipLine { line: Some(1), quantity: decimal("24"), warehouse: None }];
    let ship = Fulfil::Ship { revision: 1, lines, carrier: None, note: None };
    world.command("wh1", Some(id), act(ship)).await.unwrap();
    assert_eq!(stages(&world), (20_000, 30_000, 0, 0));
    let invoice = Fulfil::Invoice { number: Some("F-1".into()), amount: decimal("100.00") };
    world.command("fin1", Some(id), act(invoice)).await.unwrap();
    assert_eq!(stages(&world), (20_000, 20_000, 10_000, 0));
    pay(&world, id, "B-9", "150.00").await;
    assert_eq!(stages(&world), (20_000, 15_000, 0, 0));
    // Thirty days later, and one.
    world.pass_to(30, 10, 0).await;
    assert_eq!(stages(&world), (20_000, 15_000, 0, 0));
    world.pass_to(31, 10, 0).await;
    assert_eq!(stages(&world), (20_000, 15_000, 0, 15_000));
    world.end().await;
}
