//! What a change cannot undo, line by line: goods that have left, goods that were bought, money that was billed. The rest
//! of such an order can be changed, taken up in part, or given up.

use crate::{refused, times};
use ordain_app::admin::{AdminCommand, PurchaseItem};
use ordain_app::case::Case;
use ordain_app::case::decide::{ChangeAsked, Fulfil, OrderCommand, ShipLine};
use ordain_app::case::refusal::Refusal;
use ordain_app::gate::GateError;
use ordain_domain::order::{Content, Origin, Status};
use ordain_testkit::company::decimal;
use ordain_testkit::world::{World, order_of};
use std::collections::BTreeSet;
use std::sync::Arc;
use uuid::Uuid;

fn two(first: &str, second: &str) -> Content {
    order_of("PO-1", &[("P-1", first, "12.50"), ("P-2", second, "12.50")])
}

async fn ask(world: &World, login: &str, id: Uuid, content: Content) -> Result<Arc<Case>, GateError> {
    let direct = login == "sales1";
    let asked = ChangeAsked { content, reason: "客户来电".into(), origin: Origin::Customer, direct };
    world.command(login, Some(id), OrderCommand::RequestChange(Box::new(asked))).await
}

async fn ship(world: &World, id: Uuid, line: u32, quantity: &str) -> Arc<Case> {
    let revision = world.case(id).order.revision;
    let lines = vec![ShipLine { line: Some(line), quantity: decimal(quantity), warehouse: None }];
    let act = Fulfil::Ship { revision, lines, carrier: None, note: None };
    world.command("wh1", Some(id), OrderCommand::Fulfil(Box::new(act))).await.unwrap()
}

fn faults(refusal: Refusal) -> Vec<String> {
    match refusal {
        Refusal::Invalid(faults) => faults.iter().map(|f| format!("{}:{}", f.code, f.path)).collect(),
        other => panic!("{other:?}"),
    }
}

fn reserved(world: &World, product: &str) -> i64 {
    let rows = world.app.store.stock_of_product(world.org, product).unwrap();
    rows.iter().map(|row| row.reserved_milli).sum()
}

#[tokio::test]
async fn s010_s023_an_order_of_which_a_part_has_left_is_changed_in_the_rest() {
    let world = World::open().await;
    let id = world.place("sales1", two("10", "6")).await.order.id;
    ship(&world, id, 1, "4").await;
    let mut less = two("3", "6");
    less.lines[0].unit_price = decimal("11");
    assert_eq!(
        faults(refused(ask(&world, "sales1", id, less).await)),
        ["below_shipped:lines[0].quantity", "line_settled:lines[0].unit_price"]
    );
    let gone = Content { lines: two("4", "6").lines.split_off(1), ..two("4", "6") };
    assert_eq!(faults(refused(ask(&world, "sales1", id, gone).await)), ["below_shipped:lines[0]"]);
    // The other line is as free as it ever was, and so is what has not left of this one.
    let case = ask(&world, "sales1", id, two("5", "9")).await.unwrap();
    assert_eq!((case.order.status, case.order.revision), (Status::InFulfilment, 2));
    assert_eq!((reserved(&world, "P-1"), reserved(&world, "P-2")), (1_000, 9_000));
    ship(&world, id, 2, "9").await;
    // Nothing more is wanted of what is left: the order is done.
    let case = ask(&world, "sales1", id, two("4", "9")).await.unwrap();
    assert_eq!(case.order.status, Status::Completed);
    assert_eq!((reserved(&world, "P-1"), reserved(&world, "P-2")), (0, 0));
    assert_eq!(case.order.fulfilment.shipped_minor(), case.order.total_minor());
    world.end().await;
}

#[tokio::test]
async fn s010_more_of_a_line_of_which_a_part_has_left_takes_only_what_is_still_needed() {
    let world = World::open().await;
    let id = world.place("sales1", two("10", "6")).await.order.id;
    ship(&world, id, 1, "10").await;
    let there = world.app.store.stock_of_product(world.org, "P-1").unwrap();
    let free: i64 = there.iter().map(|row| row.on_hand_milli - row.reserved_milli).sum();
    let most = ordain_domain::decimal::qty_text(10_000 + free);
    let case = ask(&world, "sales1", id, two(&most, "6")).await.unwrap();
    assert!(!case.order.is_changing(), "all that is left of the shelf is enough for it");
    assert_eq!(reserved(&world, "P-1"), free);
    // A day that was confirmed and is over does not keep the rest from being changed.
    world.pass_to(40, 9, 0).await;
    let case = ask(&world, "sales1", id, two(&most, "5")).await.unwrap();
    assert_eq!(case.order.revision, 3);
    world.end().await;
}

#[tokio::test]
async fn s010_an_order_does_not_fall_below_what_was_billed_or_bought() {
    let world = World::open().await;
    let id = world.place("sales1", two("10", "6")).await.order.id;
    let bill = Fulfil::Invoice { number: Some("F-1".into()), amount: decimal("150.00") };
    world.command("fin1", Some(id), OrderCommand::Fulfil(Box::new(bill))).await.unwrap();
    assert_eq!(
        faults(refused(ask(&world, "sales1", id, two("5", "6")).await)),
        ["below_billed:totals.gross"]
    );
    ask(&world, "sales1", id, two("6", "6")).await.unwrap();
    // Short of stock, bought for it, confirmed by what came in.
    let id = world.place("sales1", order_of("PO-2", &[("P-3", "5000", "12.50")])).await.order.id;
    assert_eq!(world.status(id), Status::InReview);
    let request = world.app.store.purchases_of_order(world.org, id.into_bytes()).unwrap().remove(0);
    let item = PurchaseItem {
        number: request.number,
        line: Some(request.line),
        state: Some("ordered".into()),
        supplier: Some("Yongxing".into()),
        ..PurchaseItem::default()
    };
    world.put(AdminCommand::PutPurchases(vec![item])).await;
    let bought = ordain_domain::decimal::qty_text(request.qty_milli - 1);
    let less = ask(&world, "sales1", id, order_of("PO-2", &[("P-3", &bought, "12.50")])).await;
    assert_eq!(faults(refused(less)), ["below_bought:lines[0].quantity"]);
    let other = ask(&world, "sales1", id, order_of("PO-2", &[("P-1", "5000", "12.50")])).await;
    assert_eq!(faults(refused(other)), ["line_settled:lines[0].product"]);
    ask(&world, "sales1", id, order_of("PO-2", &[("P-3", "4999", "12.50")])).await.unwrap();
    world.end().await;
}

#[tokio::test]
async fn s046_a_change_is_taken_up_in_part_and_the_rest_is_answered_with_a_reason() {
    let world = World::open().await;
    let id = world.place("sales1", two("10", "6")).await.order.id;
    let mut wish = two("12", "8");
    wish.ship_to.phone = Some("13911111111".into());
    let case = ask(&world, "wh1", id, wish).await.unwrap();
    let change = case.order.changes[0].id;
    let part = |lines: &[u32], head, reason: &str| OrderCommand::TakePart {
        id: change,
        lines: lines.iter().copied().collect::<BTreeSet<u32>>(),
        head,
        reason: reason.into(),
    };
    let nothing = world.command("sales1", Some(id), part(&[9], false, "不行")).await;
    assert_eq!(refused(nothing), Refusal::NothingChanged);
    let silent = world.command("sales1", Some(id), part(&[2], false, "")).await;
    assert_eq!(refused(silent), Refusal::ReasonRequired);
    let case = world.command("sales1", Some(id), part(&[2], true, "P-1 产能不足")).await.unwrap();
    let known = &case.order.changes[0];
    let paths = |found: &[ordain_domain::order::content::Difference]| {
        found.iter().map(|d| d.path.clone()).collect::<Vec<_>>()
    };
    assert_eq!(known.state.name(), "applied");
    assert_eq!(paths(&known.differences), ["ship_to.phone", "lines[1].quantity"]);
    assert_eq!(paths(&known.left_out), ["lines[0].quantity"]);
    assert_eq!(known.left_out_reason.as_deref(), Some("P-1 产能不足"));
    assert_eq!((reserved(&world, "P-1"), reserved(&world, "P-2")), (10_000, 8_000));
    assert_eq!(times(&world.notices("sales1", id), "change_applied"), 1);
    world.end().await;
}

#[tokio::test]
async fn s046_of_what_is_under_review_a_part_is_looked_at_anew() {
    let world = World::open().await;
    let id = world
        .place("sales1", order_of("PO-1", &[("M-1", "90", "500.00"), ("P-2", "6", "12.50")]))
        .await
        .order
        .id;
    let wish = order_of("PO-1", &[("M-1", "120", "500.00"), ("P-2", "9", "12.50")]);
    let case = ask(&world, "sales1", id, wish).await.unwrap();
    assert_eq!(world.open_steps(id), ["manager_approval"]);
    let take = OrderCommand::TakePart {
        id: case.order.changes[0].id,
        lines: BTreeSet::from([2]),
        head: false,
        reason: "大额部分另议".into(),
    };
    let case = world.command("sales1", Some(id), take).await.unwrap();
    let states: Vec<&str> = case.order.changes.iter().map(|change| change.state.name()).collect();
    assert_eq!(states, ["withdrawn", "applied"], "what is left needs no approval");
    assert_eq!((reserved(&world, "M-1"), reserved(&world, "P-2")), (90_000, 9_000));
    assert!(case.open_tasks().next().is_none());
    world.end().await;
}

#[tokio::test]
async fn s010_of_what_has_left_in_part_the_rest_is_cancelled_for_a_reason() {
    let world = World::open().await;
    let id = world.place("sales1", two("10", "6")).await.order.id;
    let ship = Fulfil::Ship {
        revision: 1,
        lines: vec![ShipLine { line: Some(1), quantity: decimal("4"), warehouse: None }],
        carrier: None,
        note: None,
    };
    world.command("wh1", Some(id), OrderCommand::Fulfil(Box::new(ship))).await.unwrap();
    let cancel =
        |code: Option<&str>| OrderCommand::Cancel { reason: " ".into(), code: code.map(str::to_owned) };
    assert_eq!(refused(world.command("sales1", Some(id), cancel(None)).await), Refusal::ReasonRequired);
    let case = world.command("sales1", Some(id), cancel(Some("price_or_terms"))).await.unwrap();
    let change = case.order.changes.last().unwrap();
    assert_eq!((change.state.name(), change.cancel_code.as_deref()), ("applied", Some("price_or_terms")));
    let lines = case.order.content.lines.iter();
    let lines: Vec<_> = lines.map(|line| (line.id, line.quantity.clone().unwrap())).collect();
    assert_eq!(lines, [(1, decimal("4").unwrap())], "what has left stays sold");
    assert_eq!(case.order.status, Status::Completed);
    assert_eq!((reserved(&world, "P-1"), reserved(&world, "P-2")), (0, 0));
    world.end().await;
}

#[tokio::test]
async fn s010_an_order_is_cancelled_for_a_reason_of_the_list() {
    let world = World::open().await;
    let id = world.place("sales1", two("10", "6")).await.order.id;
    let cancel = |code: Option<&str>, reason: &str| OrderCommand::Cancel {
        reason: reason.into(),
        code: code.map(str::to_owned),
    };
    let unknown = world.command("sales1", Some(id), cancel(Some("mood"), "x")).await;
    assert_eq!(refused(unknown), Refusal::UnknownCancelReason("mood".into()));
    for blank in [cancel(None, " "), cancel(Some("other"), "")] {
        assert_eq!(refused(world.command("sales1", Some(id), blank).await), Refusal::ReasonRequired);
    }
    let case = world.command("sales1", Some(id), cancel(Some("lost_to_competitor"), "")).await.unwrap();
    assert_eq!(case.order.cancel_code.as_deref(), Some("lost_to_competitor"));
    let owed = world.app.store.customer(world.org, "C001").unwrap().unwrap().exposure_minor;
    assert_eq!((reserved(&world, "P-1"), reserved(&world, "P-2"), owed), (0, 0, 0));
    // Also one that people are looking at.
    let id = world.place("sales1", order_of("PO-2", &[("P-1", "1", "11.00")])).await.order.id;
    let case = world.command("sales1", Some(id), cancel(Some("price_or_terms"), "谈不拢")).await.unwrap();
    assert_eq!(
        (case.order.status, case.order.cancel_code.as_deref()),
        (Status::Cancelled, Some("price_or_terms"))
    );
    world.end().await;
}
