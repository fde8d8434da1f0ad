//! What the customer hears, and when.

use crate::{mail, times};
use ordain_app::admin::{AdminCommand, CustomerItem};
use ordain_app::outbox::Deliveries;
use ordain_app::reconcile::fire_due_timers;
use ordain_domain::order::{Content, Status};
use ordain_testkit::world::{Left, World, customer, order_of};
use std::collections::BTreeSet;
use uuid::Uuid;

#[tokio::test]
async fn s009_the_customer_is_told_by_mail_and_in_the_app() {
    let mut world = World::open().await;
    let waiting = world.place("sales1", order_of("PO-9", &[("P-1", "10", "11.00")])).await.order.id;
    let refused = world.approve("fin1", waiting, "finance_review").await;
    assert!(refused.is_err(), "a price off the list needs a reason");
    assert!(world.outbox(waiting).is_empty(), "a refused decision sends nothing");
    let reason = [("price_differs:lines[0].unit_price", "促销")];
    world.accept("fin1", waiting, "finance_review", &reason).await.unwrap();
    assert_eq!((world.status(waiting), world.outbox(waiting).len()), (Status::Confirmed, 1));
    // The first mail of this server is answered with 451, the rest is taken.
    world.mail_server(&["--fail-permille=500"], 1);
    let one = world.deliver().await;
    assert_eq!(one, Deliveries { sent: 0, postponed: 1, given_up: 0 });
    assert!(world.arrived().is_empty());
    assert_eq!(world.deliver().await, Deliveries::default(), "it is not tried again at once");
    world.pass_seconds(10).await;
    assert_eq!(world.deliver().await.sent, 1);
    assert_eq!(world.deliver().await, Deliveries::default());
    let arrived = world.arrived();
    assert_eq!(arrived.len(), 1);
    let case = world.case(waiting);
    let notice = case.notices.iter().find(|notice| notice.channel == "mail").unwrap();
    assert_eq!(mail::read(&arrived[0]).id, notice.id.to_string());
    assert_eq!(notice.sent_ms, Some(world.now_ms()), "the order says when the mail left");
    assert_eq!(world.notices("sales1", waiting), ["order_confirmed"]);
    world.end().await;
}

#[tokio::test]
async fn s009_one_mail_per_confirmed_order_and_the_same_id_when_it_is_sent_again() {
    let mut world = World::open().await;
    let mut orders = BTreeSet::new();
    for n in 0..5 {
        orders.insert(
            world.place("sales1", order_of(&format!("PO-9{n}"), &[("P-1", "2", "12.50")])).await.order.id,
        );
    }
    world.place("sales1", order_of("PO-99", &[("P-1", "2", "9.00")])).await;
    // Takes mails and often cuts the line before it says so.
    world.mail_server(&["--reset-permille=600"], 3);
    for _ in 0..6 {
        world.deliver().await;
        world.app.clock.set_ms(world.now_ms() + 3 * 3_600_000);
    }
    fire_due_timers(&world.app).await.unwrap();
    let ids: Vec<String> = world.arrived().iter().map(|raw| mail::read(raw).id).collect();
    let distinct: BTreeSet<String> = ids.iter().cloned().collect();
    assert!(ids.len() > distinct.len(), "no line was cut: the story proves nothing");
    let wanted: BTreeSet<String> = orders
        .iter()
        .flat_map(|id| world.outbox(*id))
        .map(|row| {
            assert_eq!(row.state, "sent");
            Uuid::from_bytes(row.id).to_string()
        })
        .collect();
    assert_eq!((distinct, wanted.len()), (wanted.clone(), 5));
    world.end().await;
}

#[tokio::test]
async fn s009_a_customer_who_cannot_be_reached_becomes_somebodys_work() {
    let mut world = World::open().await;
    let id = world.place("sales1", order_of("PO-98", &[("P-1", "2", "12.50")])).await.order.id;
    world.mail_server(&["--refuse-permille=1000"], 1);
    assert_eq!(world.deliver().await.given_up, 1);
    assert_eq!(world.notices("sales1", id), ["order_confirmed", "notice_failed"]);
    let case = world.case(id);
    let notice = case.notices.iter().find(|notice| notice.channel == "mail").unwrap();
    assert!(
        notice.sent_ms.is_none() && notice.failed.as_deref().is_some_and(|why| why.contains("550")),
        "{notice:?}"
    );
    world.leaves(Left::FailedMail);
    world.end().await;
}

#[tokio::test]
async fn s009_s022_a_customer_without_an_address_is_somebodys_work_and_an_alarm() {
    let world = World::open().await;
    let nobody = CustomerItem { contacts: Some(Vec::new()), ..customer("C002") };
    world.put(AdminCommand::PutCustomers(vec![nobody])).await;
    let content = Content { customer: Some("C002".into()), ..order_of("PO-97", &[("P-1", "2", "12.50")]) };
    let id = world.place("sales1", content).await.order.id;
    assert_eq!((world.status(id), world.outbox(id).len()), (Status::Confirmed, 0));
    assert_eq!(times(&world.notices("sales1", id), "customer_has_no_address"), 1);
    world.pass_to(0, 10, 30).await;
    assert_eq!(times(&world.notices("smgr1", id), "notice_late"), 1);
    world.end().await;
}
