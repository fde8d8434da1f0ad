//! The drill: somebody whom much depends on is gone, and no order stands still.

use ordain_app::admin::{AdminCommand, LeaveItem, UserItem};
use ordain_app::case::HandOverWhy;
use ordain_app::case::decide::OrderCommand;
use ordain_domain::order::Status;
use ordain_testkit::world::{World, order_of};
use serde_json::json;

const STEP: &str = "finance_review";
const ORDERS: usize = 200;

#[tokio::test]
async fn s061_two_hundred_orders_go_on_when_their_key_person_is_disabled() {
    let world = World::open().await;
    let mut ids = Vec::new();
    for n in 0..ORDERS {
        if n == ORDERS / 2 {
            world.disable("fin1").await;
        }
        let case = world.place("sales1", order_of(&format!("PO-{n}"), &[("F-1", "1", "3.00")])).await;
        ids.push(case.order.id);
        if n % 20 == 0 {
            world.goods("F-1", "SH", "1000").await;
        }
    }
    for id in &ids {
        assert_eq!(world.open_steps(*id), [STEP]);
        world.accept("boss1", *id, STEP, &[("price_differs:lines[0].unit_price", "代批")]).await.unwrap();
        assert_eq!(world.status(*id), Status::Confirmed);
    }
    world.end().await;
}

#[tokio::test]
async fn s061_s082_what_somebody_decided_stays_theirs_after_they_have_left() {
    let world = World::open().await;
    let id = world.place("sales1", order_of("PO-1", &[("P-1", "1", "11.00")])).await.order.id;
    let fin1 = world.user("fin1").id;
    world.accept("fin1", id, STEP, &[("price_differs:lines[0].unit_price", "协议价")]).await.unwrap();
    let before = world.case(id);
    world.disable("fin1").await;
    let after = world.case(id);
    assert_eq!(before, after, "the history is not rewritten");
    let decided = after.tasks.values().find(|task| task.node == STEP).unwrap();
    assert_eq!(decided.decider(), Some(fin1));
    world.end().await;
}

#[tokio::test]
async fn s062_the_backup_takes_over_on_absence_and_on_leaving() {
    let world = World::open().await;
    let one = json!({ "assignee": { "user": "fin1" }, "auto_when_clear": false });
    world.change_step(STEP, one).await;
    let leave = LeaveItem {
        login: "fin1".into(),
        from: "2026-11-23".into(),
        until: "2026-11-24".into(),
        ..LeaveItem::default()
    };
    world.put(AdminCommand::RecordLeave(leave)).await;
    let away = world.place("sales1", order_of("PO-A", &[("P-1", "1", "12.50")])).await.order.id;
    assert_eq!(world.holders(away, STEP), ["management"]);
    let case = world.case(away);
    assert_eq!(case.open_tasks().next().unwrap().1.hand_overs[0].why, HandOverWhy::Absent);
    world.approve("boss1", away, STEP).await.unwrap();
    world.pass_to(2, 10, 0).await;
    let back = world.place("sales1", order_of("PO-B", &[("P-1", "1", "12.50")])).await.order.id;
    assert_eq!(world.holders(back, STEP), ["fin1"], "back at work");
    world
        .put(AdminCommand::PutUsers(vec![UserItem {
            login: "fin1".into(),
            disabled: Some(true),
            ..UserItem::default()
        }]))
        .await;
    // What fin1 held can be decided by the backup at once, and new work goes there.
    let task = world.task(back, STEP);
    let decide = OrderCommand::Decide {
        task,
        decision: ordain_flow::run::Decision::Approve,
        reason: None,
        accept: Default::default(),
    };
    world.command("boss1", Some(back), decide).await.unwrap();
    let gone = world.place("sales1", order_of("PO-C", &[("P-1", "1", "12.50")])).await.order.id;
    assert_eq!(world.holders(gone, STEP), ["management"]);
    world.approve("boss1", gone, STEP).await.unwrap();
    world.end().await;
}
