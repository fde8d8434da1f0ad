//! One order becomes two and two become one: nothing is lost, nothing is promised twice, and nothing gets past the
//! approval that the whole needed.

use crate::{findings, insert_before, publish, refused, review, standard};
use ordain_app::case::Case;
use ordain_app::case::decide::{Fulfil, MERGED, OrderCommand, SplitLine};
use ordain_app::case::refusal::Refusal;
use ordain_app::gate::GateError;
use ordain_domain::decimal::{Currency, money_text};
use ordain_domain::order::{Content, Status};
use ordain_flow::run::Decision;
use ordain_testkit::company::decimal;
use ordain_testkit::sim::rng::Rng;
use ordain_testkit::world::{World, order_of};
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

fn of_line(line: u32, quantity: Option<&str>) -> SplitLine {
    SplitLine { line: Some(line), quantity: quantity.and_then(decimal) }
}

async fn split(world: &World, id: Uuid, lines: &[SplitLine]) -> Result<Arc<Case>, GateError> {
    let reason = "分两处收货".to_owned();
    world.command("sales1", Some(id), OrderCommand::Split { lines: lines.to_vec(), reason }).await
}

async fn pay(world: &World, id: Uuid, reference: &str, minor: i64) {
    let (reference, amount) = (reference.to_owned(), decimal(&money_text(minor, Currency::Cny)));
    let act = Fulfil::Pay { reference, amount, on: None, method: None };
    world.command("fin1", Some(id), OrderCommand::Fulfil(Box::new(act))).await.unwrap();
}

async fn merge(world: &World, into: Uuid, from: Uuid) -> Result<Arc<Case>, GateError> {
    world.command("sales1", Some(into), OrderCommand::Merge { from, reason: "一起发".into() }).await
}

/// The order that was split off last.
fn part(world: &World, whole: &Case) -> Arc<Case> {
    let number = whole.order.family.as_ref().unwrap().parts.last().unwrap().clone();
    let row = world.app.store.order_by_number(world.org, &number).unwrap().unwrap();
    Arc::new(serde_json::from_str(&row.body).unwrap())
}

fn total(case: &Case) -> i64 {
    case.order.total_minor()
}

fn reserved(world: &World, product: &str) -> i64 {
    let rows = world.app.store.stock_of_product(world.org, product).unwrap();
    rows.iter().map(|row| row.reserved_milli).sum()
}

fn owed(world: &World) -> i64 {
    world.app.store.customer(world.org, "C001").unwrap().unwrap().exposure_minor
}

fn machines(po: &str, quantity: &str) -> Content {
    order_of(po, &[("M-1", quantity, "500.00"), ("P-1", "8", "12.50")])
}

#[tokio::test]
async fn s023_a_confirmed_order_is_split_in_one_commit_and_the_family_comes_to_the_same() {
    let world = World::open().await;
    let whole = world.place("sales1", machines("PO-1", "4")).await;
    let (id, before) = (whole.order.id, total(&whole));
    let rest = split(&world, id, &[of_line(1, Some("1.5")), of_line(2, None)]).await.unwrap();
    let part = part(&world, &rest);
    assert_eq!((rest.order.status, part.order.status), (Status::Confirmed, Status::Confirmed));
    assert_eq!((rest.order.revision, part.order.revision), (2, 1));
    assert_eq!(total(&rest) + total(&part), before);
    let family = part.order.family.as_ref().unwrap();
    assert_eq!((&family.older, family.others_minor), (&vec![rest.order.number.clone()], total(&rest)));
    assert_eq!(
        part.order.content.customer_po.as_deref(),
        Some("PO-1"),
        "it is the customer's number for both"
    );
    assert!(findings(&part).is_empty(), "and no duplicate");
    assert_eq!((reserved(&world, "M-1"), reserved(&world, "P-1"), owed(&world)), (4_000, 8_000, before));
    let lines: Vec<_> = rest.order.content.lines.iter().map(|l| l.quantity.clone().unwrap()).collect();
    assert_eq!(lines, [decimal("2.5").unwrap()]);
    world.end().await;
}

#[tokio::test]
async fn s021_s023_what_was_paid_goes_with_the_part_but_nothing_that_is_due_of_the_rest() {
    let world = World::open().await;
    let paid = |case: &Case| case.order.fulfilment.paid_minor();
    // All of it is paid: neither is asked for anything.
    let whole = world.place("sales1", machines("PO-1", "4")).await;
    pay(&world, whole.order.id, "B-1", total(&whole)).await;
    let rest = split(&world, whole.order.id, &[of_line(1, Some("1"))]).await.unwrap();
    let part = part(&world, &rest);
    assert_eq!((paid(&rest), paid(&part)), (total(&rest), total(&part)));
    assert_eq!(owed(&world), 0);
    let [payment] = part.order.fulfilment.payments.as_slice() else { panic!("one payment") };
    assert_eq!(payment.reference, format!("{} > {}", rest.order.number, part.order.number));
    // 300.00 of 1,000.00 are paid and 400.00 become a part: each has its share.
    let whole = world.place("sales1", order_of("PO-2", &[("P-1", "80", "12.50")])).await;
    pay(&world, whole.order.id, "B-2", 30_000).await;
    let rest = split(&world, whole.order.id, &[of_line(1, Some("32"))]).await.unwrap();
    assert_eq!((paid(&rest), paid(&self::part(&world, &rest))), (18_000, 12_000));
    world.end().await;
}

#[tokio::test]
async fn s064_s072_a_split_does_not_evade_the_approval_of_the_whole() {
    let world = World::open().await;
    let whole = world.place("sales1", machines("PO-1", "120")).await;
    let id = whole.order.id;
    assert_eq!(world.open_steps(id), ["manager_approval"], "60,000 of them");
    let rest = split(&world, id, &[of_line(1, Some("60"))]).await.unwrap();
    let part = part(&world, &rest);
    for case in [&rest, &part] {
        assert!(total(case) < 5_000_000);
        assert_eq!(case.order.status, Status::InReview);
        assert_eq!(
            world.open_steps(case.order.id),
            ["manager_approval"],
            "each weighs what the whole weighed"
        );
    }
    // Splitting on does not help either.
    let third = split(&world, part.order.id, &[of_line(1, Some("59"))]).await.unwrap();
    assert_eq!(world.open_steps(self::part(&world, &third).order.id), ["manager_approval"]);
    world.approve("smgr1", id, "manager_approval").await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    assert_eq!(world.status(part.order.id), Status::InReview, "a word for one is no word for the other");
    for order in [part.order.id, self::part(&world, &third).order.id] {
        world.answer_by("smgr1", order, "manager_approval", Decision::Reject).await.unwrap();
    }
    world.end().await;
}

#[tokio::test]
async fn s010_what_people_must_look_at_first_is_split_once_they_have() {
    let world = World::open().await;
    let id = world.place("sales1", machines("PO-1", "120")).await.order.id;
    world.approve("smgr1", id, "manager_approval").await.unwrap();
    let before = (reserved(&world, "M-1"), owed(&world));
    let waiting = split(&world, id, &[of_line(1, Some("20"))]).await.unwrap();
    assert!(waiting.order.is_changing() && waiting.order.family.is_none(), "nothing is made yet");
    let again = split(&world, id, &[of_line(1, Some("20"))]).await;
    assert_eq!(refused(again), Refusal::ChangeUnderReview);
    world.answer_by("smgr1", id, "manager_approval", Decision::Reject).await.unwrap();
    assert!(world.case(id).order.family.is_none());
    assert_eq!((reserved(&world, "M-1"), owed(&world)), before);
    split(&world, id, &[of_line(1, Some("20"))]).await.unwrap();
    let rest = world.approve("smgr1", id, "manager_approval").await.unwrap();
    assert_eq!(rest.order.status, Status::Confirmed);
    let part = part(&world, &rest);
    assert_eq!(world.open_steps(part.order.id), ["manager_approval"]);
    assert_eq!((reserved(&world, "M-1"), owed(&world)), before, "the family holds what the order held");
    world.approve("smgr1", part.order.id, "manager_approval").await.unwrap();
    world.end().await;
}

#[tokio::test]
async fn s041_a_split_that_cannot_be_is_refused_with_every_fault_and_nothing_moves() {
    let world = World::open().await;
    let id = world.place("sales1", machines("PO-1", "4")).await.order.id;
    let before = world.case(id);
    let faults = |refusal: Refusal| match refusal {
        Refusal::Invalid(faults) => {
            faults.iter().map(|f| format!("{}:{}", f.code, f.path)).collect::<Vec<_>>()
        }
        other => panic!("{other:?}"),
    };
    let wrong = [
        of_line(9, None),
        of_line(1, Some("5")),
        of_line(2, Some("0")),
        of_line(2, None),
        SplitLine::default(),
    ];
    assert_eq!(
        faults(refused(split(&world, id, &wrong).await)),
        [
            "unknown_line:lines[0].line",
            "more_than_line:lines[1].quantity",
            "more_than_line:lines[2].quantity",
            "line_id_twice:lines[3].line",
            "missing_field:lines[4].line"
        ]
    );
    let all = [of_line(1, None), of_line(2, None)];
    assert_eq!(faults(refused(split(&world, id, &all).await)), ["nothing_stays:lines"]);
    let silent = OrderCommand::Split { lines: vec![of_line(1, None)], reason: " ".into() };
    assert_eq!(refused(world.command("sales1", Some(id), silent).await), Refusal::ReasonRequired);
    assert_eq!(world.case(id), before);
    // A cent that rounding would make or lose keeps an order together.
    let id = world
        .place("sales1", order_of("PO-2", &[("P-1", "0.1", "12.50"), ("P-2", "1", "12.50")]))
        .await
        .order
        .id;
    let cent = split(&world, id, &[of_line(1, Some("0.05"))]).await;
    assert_eq!(faults(refused(cent)), ["split_changes_total:lines"], "0.63 twice is not 1.25");
    world.end().await;
}

#[tokio::test]
async fn s023_random_splits_keep_the_total_of_the_family_to_the_cent() {
    let world = World::open().await;
    world.goods("P-1", "SH", "100000").await;
    let mut rng = Rng::new(23);
    let mut made = 0;
    for n in 0..25 {
        let lines: Vec<(&str, String, &str)> = ["P-1", "P-2", "P-3"]
            .iter()
            .take(1 + rng.below(3))
            .map(|product| (*product, ["1", "2.5", "7", "12"][rng.below(4)].to_owned(), "12.50"))
            .collect();
        let lines: Vec<(&str, &str, &str)> =
            lines.iter().map(|(p, q, price)| (*p, q.as_str(), *price)).collect();
        let first = world.place("sales1", order_of(&format!("PO-{n}"), &lines)).await;
        let (before, mut family) = (total(&first), vec![first.order.id]);
        let paid = [0, before / 3, before][rng.below(3)];
        if paid > 0 {
            pay(&world, first.order.id, &format!("B-{n}"), paid).await;
        }
        for _ in 0..3 {
            let id = family[rng.below(family.len())];
            let line = world.case(id).order.content.lines[0].id;
            let quantity = ["0.5", "1", "2"][rng.below(3)];
            let whole = rng.chance(30);
            if let Ok(rest) = split(&world, id, &[of_line(line, (!whole).then_some(quantity))]).await {
                family.push(part(&world, &rest).order.id);
                made += 1;
            }
            assert_eq!(family.iter().map(|id| total(&world.case(*id))).sum::<i64>(), before);
            assert_eq!(owed(&world), before - paid, "what the family owes is what the order owed");
        }
        for id in family {
            assert_eq!(world.status(id), Status::Confirmed);
            let reason = "结束".to_owned();
            world.command("sales1", Some(id), OrderCommand::Cancel { reason, code: None }).await.unwrap();
        }
        let all: i64 = ["P-1", "P-2", "P-3"].iter().map(|product| reserved(&world, product)).sum();
        assert_eq!((all, owed(&world)), (0, 0), "a cancel gives everything back");
    }
    assert!(made >= 30, "{made}");
    world.end().await;
}

#[tokio::test]
async fn s023_two_orders_of_a_customer_become_one_and_hold_what_both_held() {
    let world = World::open().await;
    // Both wait for finance; together they are large.
    let place =
        async |po: &str| world.place("sales1", order_of(po, &[("M-1", "60", "480.00")])).await.order.id;
    let (into, from) = (place("PO-1").await, place("PO-2").await);
    let before = (reserved(&world, "M-1"), owed(&world), total(&world.case(into)) + total(&world.case(from)));
    assert_eq!(before.0, 120_000);
    let whole = merge(&world, into, from).await.unwrap();
    assert_eq!((whole.order.revision, whole.order.content.lines.len()), (2, 2));
    assert_eq!((reserved(&world, "M-1"), owed(&world), total(&whole)), before);
    let gone = world.case(from);
    assert_eq!((gone.order.status, gone.order.cancel_code.as_deref()), (Status::Cancelled, Some(MERGED)));
    assert!(gone.open_tasks().next().is_none());
    let reasons =
        [("price_differs:lines[0].unit_price", "大客户"), ("price_differs:lines[1].unit_price", "大客户")];
    world.accept("fin1", into, "finance_review", &reasons).await.unwrap();
    assert_eq!(world.open_steps(into), ["manager_approval"], "each was small, the whole is not");
    world.approve("smgr1", into, "manager_approval").await.unwrap();
    assert_eq!(world.status(into), Status::Confirmed);
    let late = merge(&world, into, place("PO-3").await).await;
    assert_eq!(refused(late), Refusal::WrongStatus(Status::Confirmed));
    world.end().await;
}

#[tokio::test]
async fn s023_orders_that_differ_in_what_one_order_can_say_once_are_not_merged() {
    let world = World::open().await;
    let place = async |content| world.place("sales1", content).await.order.id;
    let lines = [("P-1", "1", "11.00")];
    let into = place(order_of("PO-1", &lines)).await;
    let mut other = order_of("PO-2", &lines);
    other.ship_to.address = Some("宁波".into());
    other.payment_terms = Some("NET60".into());
    let from = place(other).await;
    let before = (world.case(into), world.case(from));
    let differs = Refusal::NotAlike(vec!["payment_terms".into(), "ship_to".into()]);
    assert_eq!(refused(merge(&world, into, from).await), differs);
    assert_eq!(refused(merge(&world, into, into).await), Refusal::NotAlike(vec!["lines".into()]));
    assert_eq!(refused(merge(&world, into, Uuid::from_u128(1)).await), Refusal::NotFound);
    assert_eq!((world.case(into), world.case(from)), before);
    world.end().await;
}

#[tokio::test]
async fn s064_a_split_and_a_merge_keep_who_entered_what() {
    let world = World::open().await;
    let mut doc = standard();
    let settings = json!({ "assignee": [{ "user": "cs1" }, { "user": "smgr1" }], "auto_when_clear": false,
        "exclude": ["initiator"] });
    insert_before(&mut doc, "tell_customer", review("look", "sales", settings));
    publish(&world, &doc).await;
    let lines = [("P-1", "2", "12.50"), ("P-2", "1", "12.50")];
    let id = world.place("sales1", order_of("PO-1", &lines)).await.order.id;
    world.command("sales1", Some(id), OrderCommand::Recall { reason: "改".into() }).await.unwrap();
    world.edit("cs1", id, order_of("PO-1", &[("P-1", "4", "12.50"), ("P-2", "1", "12.50")])).await.unwrap();
    assert_eq!(world.holders(id, "look"), ["smgr1"]);
    split(&world, id, &[of_line(1, Some("1"))]).await.unwrap();
    let part = part(&world, &world.case(id)).order.id;
    assert_eq!(world.holders(part, "look"), ["smgr1"], "cs1 has entered what it holds");
    let other = world.place("cs1", order_of("PO-8", &[("P-1", "3", "12.50")])).await.order.id;
    let into = world.place("sales1", order_of("PO-9", &[("P-2", "3", "12.50")])).await.order.id;
    let mut holders = world.holders(into, "look");
    holders.sort();
    assert_eq!(holders, ["cs1", "smgr1"]);
    merge(&world, into, other).await.unwrap();
    assert_eq!(world.holders(into, "look"), ["smgr1"], "now half of it is theirs");
    world.end().await;
}
