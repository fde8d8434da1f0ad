//! The way of one order from receipt to the customer's mail, and the names on it.

use crate::mail;
use ordain_app::query::{person, route, story};
use ordain_domain::order::Status;
use ordain_testkit::world::{World, order_of};

/// 120 motors at a price off the list and ten pieces at list price: 57,725.00.
const LINES: [(&str, &str, &str); 2] = [("M-1", "120", "480.00"), ("P-1", "10", "12.50")];
const PRICE: &str = "price_differs:lines[0].unit_price";

#[tokio::test]
async fn s003_an_order_is_driven_from_receipt_to_the_customers_mail_without_another_tool() {
    let mut world = World::open().await;
    let placed = world.place("sales1", order_of("PO-3", &LINES)).await;
    let (id, number) = (placed.order.id, placed.order.number.clone());
    assert_eq!(
        (placed.order.status, world.open_steps(id)),
        (Status::InReview, vec!["finance_review".into()])
    );
    assert_eq!(world.tasks_of("fin1").len(), 1, "finance sees the order in its queue");
    assert!(world.tasks_of("smgr1").is_empty(), "the manager is not asked before finance has looked");
    world.accept("fin1", id, "finance_review", &[(PRICE, "框架协议价")]).await.unwrap();
    assert_eq!((world.status(id), world.open_steps(id)), (Status::InReview, vec!["manager_approval".into()]));
    world.deliver().await;
    assert!(world.arrived().is_empty(), "nobody is told of an order that is not confirmed");
    world.approve("smgr1", id, "manager_approval").await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    assert_eq!(world.notices("sales1", id), ["order_confirmed"]);
    world.deliver().await;
    let mails: Vec<mail::Mail> = world.arrived().iter().map(|raw| mail::read(raw)).collect();
    let [mail] = &mails[..] else { panic!("one mail, not {}", mails.len()) };
    assert!(mail.to.contains("zhang@example.com"), "{}", mail.to);
    assert!(mail.subject.contains("订单确认") && mail.subject.contains(&number), "{}", mail.subject);
    for part in [
        "华东贸易",
        "东方机电",
        "PO-3",
        "M-1 产品 M-1",
        "数量 120 pcs,单价 480.00,金额 57600.00",
        "数量 10 pcs,单价 12.50,金额 125.00",
        "未税金额:CNY 51084.07",
        "税额:CNY 6640.93",
        "价税合计:CNY 57725.00",
        "承诺交期 2026-12-01",
        "SALES1",
        "sales1@example.com",
        &number,
    ] {
        assert!(mail.text.contains(part), "{part} is not in\n{}", mail.text);
    }
    let told: Vec<String> =
        story::log(&world.app.store, world.org, id).unwrap().into_iter().map(|row| row.command).collect();
    assert_eq!(told.len(), 4, "receipt, two decisions and the delivery stand in the log: {told:?}");
    world.end().await;
}

#[tokio::test]
async fn s082_receiver_and_reviewers_are_named() {
    let world = World::open().await;
    let id = world.place("sales1", order_of("PO-82", &LINES)).await.order.id;
    world.accept("fin1", id, "finance_review", &[(PRICE, "框架协议价")]).await.unwrap();
    world.pass_to(0, 10, 30).await;
    world.approve("smgr1", id, "manager_approval").await.unwrap();
    let (case, house) = (world.case(id), world.house());
    assert_eq!(person::of_actor(&house.people, &case.order.receiver).login, "sales1");
    let flow = house.flow(case.flow.as_ref().unwrap()).unwrap();
    let reviewed = route::reviewers(&case, flow, &house);
    let by = |node: &str| {
        let found = reviewed.iter().find(|of| of.node_id == node).unwrap_or_else(|| panic!("{node}"));
        found.by.map(|actor| person::of_actor(&house.people, actor).login)
    };
    assert_eq!(by("finance_review").as_deref(), Some("fin1"));
    assert_eq!(by("manager_approval").as_deref(), Some("smgr1"));
    // Nobody is named for what the rules let pass.
    assert_eq!((by("sales_review"), by("warehouse_review")), (None, None));
    let at = reviewed.iter().find(|of| of.node_id == "manager_approval").unwrap().at_ms;
    assert_eq!(at, World::instant(0, 10, 30));
    // A name outlives its account.
    world.disable("fin1").await;
    let flow = house.flow(case.flow.as_ref().unwrap()).unwrap();
    let after = world.case(id);
    let finance =
        route::reviewers(&after, flow, &house).into_iter().find(|of| of.node_id == "finance_review").unwrap();
    assert_eq!(person::of_actor(&world.house().people, finance.by.unwrap()).name, "FIN1");
    world.end().await;
}
