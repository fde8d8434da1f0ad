//! Who has a seat at a step, where the rules leave fewer people than it needs: nothing passes by that.

use crate::side_runs::{inside, put_flow};
use crate::{insert_before, publish, refused, review, standard, step};
use ordain_app::admin::{AdminCommand, DelegationItem};
use ordain_app::case::ExceptionKind;
use ordain_app::case::decide::OrderCommand;
use ordain_app::case::refusal::Refusal;
use ordain_app::query::queue::Queue;
use ordain_domain::order::Status;
use ordain_flow::run::Decision;
use ordain_testkit::world::{World, order_of};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The standard flow with a review in front of the others.
async fn looked_at(world: &World, settings: Value) {
    let mut doc = standard();
    insert_before(&mut doc, "departments", review("look", "service", settings));
    publish(world, &doc).await;
}

async fn placed(world: &World) -> Uuid {
    world.place("sales1", order_of("PO-1", &[("P-1", "2", "12.50")])).await.order.id
}

/// Approves the task of a step that lies with somebody.
async fn own(world: &World, login: &str, id: Uuid, node: &str) {
    let task = world.task_of(login, id, node);
    let decide =
        OrderCommand::Decide { task, decision: Decision::Approve, reason: None, accept: BTreeMap::new() };
    world.command(login, Some(id), decide).await.unwrap();
}

fn nobody_found(world: &World, id: Uuid) -> usize {
    world.case(id).open_exceptions().filter(|open| open.kind == ExceptionKind::NobodyFound).count()
}

#[tokio::test]
async fn s072_two_have_to_agree_although_four_eyes_leave_only_one() {
    let world = World::open().await;
    let two = json!({ "assignee": [{ "user": "sales1" }, { "user": "smgr1" }], "vote": { "count": 2 }, "exclude": ["initiator"] });
    looked_at(&world, two).await;
    let id = placed(&world).await;
    assert_eq!(world.holders(id, "look"), ["smgr1", "admin"]);
    assert_eq!(nobody_found(&world, id), 1);
    world.approve("smgr1", id, "look").await.unwrap();
    assert_eq!(world.status(id), Status::InReview, "one voice is not two");
    world.approve("admin", id, "look").await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s072_two_have_to_agree_although_nobody_is_left() {
    let world = World::open().await;
    let two = json!({ "assignee": [{ "user": "sales1" }, { "user": "smgr1" }], "vote": { "count": 2 },
        "exclude": ["initiator", { "deciders_of": "before" }], "backup": { "user": "plan1" } });
    let mut doc = standard();
    insert_before(
        &mut doc,
        "departments",
        review("before", "sales", json!({ "assignee": { "user": "smgr1" } })),
    );
    insert_before(&mut doc, "departments", review("look", "service", two));
    publish(&world, &doc).await;
    let id = placed(&world).await;
    world.approve("smgr1", id, "before").await.unwrap();
    assert_eq!(
        (world.holders(id, "look"), nobody_found(&world, id)),
        (vec!["plan1".into(), "admin".into()], 1)
    );
    world.approve("plan1", id, "look").await.unwrap();
    assert_eq!(world.status(id), Status::InReview, "one who takes over is one voice");
    world.approve("admin", id, "look").await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s016_a_step_for_whoever_entered_the_order_is_skipped_where_it_says_so() {
    let world = World::open().await;
    looked_at(&world, json!({ "assignee": { "user": "sales1" }, "same_as_initiator": "skip" })).await;
    let id = placed(&world).await;
    assert_eq!((world.status(id), nobody_found(&world, id)), (Status::Confirmed, 0));
    let other = world.place("smgr1", order_of("PO-2", &[("P-1", "2", "12.50")])).await.order.id;
    assert_eq!(world.holders(other, "look"), ["sales1"]);
    world.approve("sales1", other, "look").await.unwrap();
    // It is not skipped where somebody else was asked, too, and is kept out.
    let two = json!({ "assignee": [{ "user": "sales1" }, { "user": "smgr1" }], "same_as_initiator": "skip",
        "exclude": ["initiator", { "deciders_of": "before" }] });
    let mut doc = standard();
    insert_before(
        &mut doc,
        "departments",
        review("before", "sales", json!({ "assignee": { "user": "smgr1" } })),
    );
    insert_before(&mut doc, "departments", review("look", "service", two));
    publish(&world, &doc).await;
    let third = world.place("sales1", order_of("PO-3", &[("P-1", "2", "12.50")])).await.order.id;
    world.approve("smgr1", third, "before").await.unwrap();
    assert_eq!((world.status(third), nobody_found(&world, third)), (Status::InReview, 1));
    world.approve("ops1", third, "look").await.unwrap();
    world.end().await;
}

#[tokio::test]
async fn s085_whoever_looked_at_a_line_is_asked_again_about_that_line() {
    let world = World::open().await;
    let mut doc = inside(
        "packing",
        review("check", "service", json!({ "assignee": [{ "user": "cs1" }, { "user": "plan1" }] })),
    );
    let mut again = review("again", "service", json!({ "assignee": { "same_as": "check" } }));
    again["kind"].as_object_mut().unwrap().remove("guarded");
    doc["steps"].as_array_mut().unwrap().insert(2, again);
    put_flow(&world, &doc).await.unwrap();
    let mut around = standard();
    let kind = json!({ "type": "subflow", "flow": "packing", "per": "line" });
    insert_before(&mut around, "tell_customer", step("pack", kind));
    publish(&world, &around).await;
    let two = [("P-1", "2", "12.50"), ("P-2", "1", "12.50")];
    let id = world.place("sales1", order_of("PO-1", &two)).await.order.id;
    own(&world, "plan1", id, "packing/check").await;
    assert_eq!(world.holders(id, "packing/again"), ["plan1"], "the other line is still looked at");
    own(&world, "cs1", id, "packing/check").await;
    assert_eq!(world.holders(id, "packing/again"), ["plan1", "cs1"]);
    assert_eq!(nobody_found(&world, id), 0);
    own(&world, "plan1", id, "packing/again").await;
    own(&world, "cs1", id, "packing/again").await;
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s062_a_delegation_for_a_flow_covers_what_runs_inside_of_it_too() {
    let world = World::open().await;
    put_flow(
        &world,
        &inside("packing", review("check", "finance", json!({ "assignee": { "user": "fin1" } }))),
    )
    .await
    .unwrap();
    let mut around = standard();
    insert_before(
        &mut around,
        "tell_customer",
        step("pack", json!({ "type": "subflow", "flow": "packing" })),
    );
    publish(&world, &around).await;
    let away = DelegationItem {
        from: "fin1".into(),
        to: "smgr1".into(),
        starts_at: None,
        ends_at: Some("2026-11-27".into()),
        flow: Some("packing".into()),
        amount_up_to: None,
        include_open: false,
    };
    world.put(AdminCommand::Delegate(away)).await;
    let id = placed(&world).await;
    assert_eq!(world.holders(id, "packing/check"), ["smgr1"]);
    world.approve("smgr1", id, "packing/check").await.unwrap();
    world.end().await;
}

#[tokio::test]
async fn s062_a_backup_steps_in_where_any_one_of_several_answers_and_finds_only_that() {
    let world = World::open().await;
    let any = json!({ "assignee": [{ "user": "cs1" }, { "user": "plan1" }], "backup": { "user": "smgr1" } });
    looked_at(&world, any).await;
    let id = placed(&world).await;
    world.pass_to(0, 14, 0).await;
    let nodes = |login: &str| {
        world.queue_of(login, Queue::Standby).into_iter().map(|row| row.node).collect::<Vec<_>>()
    };
    assert_eq!(nodes("smgr1"), ["look", "look"], "a seat each");
    world.approve("smgr1", id, "look").await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    // Whom four eyes keep out finds nothing that they could not decide.
    let kept_out =
        json!({ "assignee": { "user": "cs1" }, "backup": { "user": "sales1" }, "exclude": ["initiator"] });
    looked_at(&world, kept_out).await;
    let own = world.place("sales1", order_of("PO-2", &[("P-1", "2", "12.50")])).await.order.id;
    world.pass_to(0, 17, 0).await;
    assert_eq!(nodes("sales1"), Vec::<String>::new());
    assert_eq!(refused(world.approve("sales1", own, "look").await), Refusal::FourEyes);
    world.approve("cs1", own, "look").await.unwrap();
    world.end().await;
}
