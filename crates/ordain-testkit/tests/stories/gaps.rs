//! Gaps stop an order, are chased, and close.

use crate::{findings, times};
use ordain_app::case::decide::{OrderCommand, Place};
use ordain_app::case::refusal::Refusal;
use ordain_app::gate::GateError;
use ordain_domain::actor::Actor;
use ordain_domain::order::{Content, Status};
use ordain_testkit::world::{World, order_of};
use std::collections::BTreeMap;

fn without_address(po: &str) -> Content {
    let mut content = order_of(po, &[("P-1", "1", "12.50")]);
    content.ship_to.address = None;
    content
}

#[tokio::test]
async fn s048_whoever_can_fill_a_gap_is_reminded() {
    let world = World::open().await;
    let id = world.place("sales1", without_address("PO-48")).await.order.id;
    let mended = world.place("sales1", without_address("PO-49")).await.order.id;
    let told = |id| times(&world.notices("sales1", id), "order_incomplete");
    world.pass_to(0, 10, 59).await;
    assert_eq!(told(id), 0);
    world.pass_to(0, 11, 0).await;
    assert_eq!((told(id), told(mended)), (1, 1));
    world.edit("sales1", mended, order_of("PO-49", &[("P-1", "1", "12.50")])).await.unwrap();
    assert_eq!(world.status(mended), Status::Confirmed);
    world.pass_to(0, 12, 0).await;
    assert_eq!((told(id), told(mended)), (2, 1), "what is complete is not chased");
    world.pass_to(0, 13, 59).await;
    assert_eq!(told(id), 2, "nobody works at noon");
    world.pass_to(0, 14, 0).await;
    assert_eq!(told(id), 3);
    world.pass_to(9, 18, 0).await;
    assert_eq!((told(id), told(mended)), (3, 1), "three times is enough");
    assert!(world.notices("fin1", id).is_empty(), "only who can fill the gap is told");
    assert_eq!(world.returned_to("sales1"), [world.case(id).order.number], "and it stays in the queue");
    world.end().await;
}

#[tokio::test]
async fn s048_what_no_person_received_is_completed_by_sales() {
    let world = World::open().await;
    let place = Place {
        channel: "api".into(),
        source: None,
        content: without_address("PO-50"),
        submit: true,
        reasons: BTreeMap::new(),
        entered_later: None,
    };
    let shop = Actor::system("shop");
    let placed = world.app.order(world.org, shop, None, OrderCommand::Place(Box::new(place))).await.unwrap();
    world.pass_to(0, 11, 0).await;
    for login in ["sales1", "smgr1"] {
        assert_eq!(world.notices(login, placed.order.id), ["order_incomplete"], "{login}");
        assert_eq!(world.returned_to(login), std::slice::from_ref(&placed.order.number), "{login}");
    }
    world.end().await;
}

#[tokio::test]
async fn s048_who_sent_an_order_in_is_reminded_of_what_a_reviewer_sent_back() {
    let world = World::open().await;
    let id = world.place("sales1", order_of("PO-51", &[("P-1", "1", "11.00")])).await.order.id;
    world.pass_to(0, 10, 30).await;
    world.send_back("fin1", id, "finance_review", "请附报价单").await;
    let told = || times(&world.notices("sales1", id), "order_incomplete");
    world.pass_to(0, 11, 29).await;
    assert_eq!(told(), 0);
    world.pass_to(0, 11, 30).await;
    assert_eq!(told(), 1);
    assert_eq!(times(&world.notices("fin1", id), "order_incomplete"), 0);
    world.end().await;
}

#[tokio::test]
async fn s048_an_outage_does_not_end_in_a_burst_of_reminders() {
    let world = World::open().await;
    let id = world.place("sales1", without_address("PO-52")).await.order.id;
    // Nothing ran from Monday ten o'clock to Tuesday nine.
    world.pass_to(1, 9, 0).await;
    assert_eq!(times(&world.notices("sales1", id), "order_incomplete"), 1);
    world.end().await;
}

#[tokio::test]
async fn s012_short_stock_stops_the_order_until_goods_come() {
    let world = World::open().await;
    let id = world.place("sales1", order_of("PO-12", &[("M-1", "201", "500.00")])).await.order.id;
    assert_eq!((world.status(id), world.open_steps(id)), (Status::InReview, vec!["warehouse_review".into()]));
    assert_eq!(world.tasks_of("wh1").len(), 1);
    for reasons in [vec![], vec![("stock_short:lines[0].quantity", "下周到货")]] {
        let refused = world.accept("wh1", id, "warehouse_review", &reasons).await.unwrap_err();
        assert!(matches!(&refused, GateError::Refused(Refusal::PromiseNotBacked(_))), "{refused:?}");
    }
    // Goods for somebody else do not help.
    assert_eq!(world.goods("P-1", "SH", "500").await, 0);
    assert_eq!(world.open_steps(id), ["warehouse_review"]);
    assert_eq!(world.goods("M-1", "NB", "101").await, 1, "the order is looked at by itself");
    assert_eq!(world.open_steps(id), ["manager_approval"], "100,500.00 still need the manager");
    assert!(world.tasks_of("wh1").is_empty());
    world.approve("smgr1", id, "manager_approval").await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s012_unclear_terms_stop_the_order_and_other_terms_flag_it() {
    let world = World::open().await;
    for (po, terms, finding) in [
        ("PO-13", None, "missing_field:payment_terms"),
        ("PO-14", Some("随便"), "unknown_payment_terms:payment_terms"),
    ] {
        let mut content = order_of(po, &[("P-1", "1", "12.50")]);
        content.payment_terms = terms.map(str::to_owned);
        let placed = world.place("sales1", content).await;
        assert_eq!((placed.order.status, findings(&placed)), (Status::Incomplete, vec![finding.to_owned()]));
    }
    let mut content = order_of("PO-15", &[("P-1", "1", "12.50")]);
    content.payment_terms = Some("NET60".into());
    let id = world.place("sales1", content).await.order.id;
    assert_eq!((world.status(id), world.open_steps(id)), (Status::InReview, vec!["sales_review".into()]));
    world.accept("sales1", id, "sales_review", &[("terms_differ:payment_terms", "老客户")]).await.unwrap();
    assert_eq!(world.open_steps(id), ["manager_approval"], "special terms go to the manager");
    world.end().await;
}
