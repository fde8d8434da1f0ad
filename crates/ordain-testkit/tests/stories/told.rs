//! What a step has told is not told again when others look at unchanged work once more.

use crate::{insert_before, publish, review, standard, step, times};
use ordain_app::admin::AdminCommand;
use ordain_app::case::decide::OrderCommand;
use ordain_domain::actor::Actor;
use ordain_domain::order::Status;
use ordain_testkit::world::{World, order_of};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A flow in which a copy, a notice and a flow of its own go out between two reviews.
async fn telling(world: &World) {
    let mut inner = json!({ "key": "plan", "name": { "zh": "排产", "en": "Plan" }, "purpose": "subflow", "steps": [
        step("start", json!({ "type": "start" })),
        review("make_plan", "planning", json!({})),
        step("end", json!({ "type": "end", "outcome": "completed" })),
    ] });
    inner["steps"][0]["stage"] = json!("receive");
    let command = AdminCommand::PublishFlow { key: "plan".into(), doc: inner.to_string() };
    world.app.admin(world.org, Actor::system("admin"), command).await.unwrap();
    let mut doc = standard();
    let edits = json!({ "fields": { "special_requests": "edit" } });
    for node in [
        review("first", "service", edits),
        step("copy", json!({ "type": "cc", "to": [{ "user": "wh1" }] })),
        step("note", json!({ "type": "notify", "template": "moved", "to": [{ "user": "plan1" }] })),
        step("aside", json!({ "type": "subflow", "flow": "plan", "detached": true })),
        review("second", "warehouse", json!({})),
    ] {
        insert_before(&mut doc, "departments", node);
    }
    publish(world, &doc).await;
}

/// How often the copy, the notice and the flow went out.
fn gone_out(world: &World, id: Uuid) -> [usize; 3] {
    let told = |login: &str, kind: &str| times(&world.notices(login, id), kind);
    [told("wh1", "copied"), told("plan1", "moved"), world.case(id).side_runs.len()]
}

async fn send_back(world: &World, id: Uuid) {
    let (task, to, reason) = (world.task(id, "second"), "first".to_owned(), "再看一眼".to_owned());
    let command = OrderCommand::ReturnTo { task, to, direct: false, reason };
    world.command("wh1", Some(id), command).await.unwrap();
}

async fn write(world: &World, id: Uuid, value: Value) {
    let values = BTreeMap::from([("special_requests".to_owned(), value)]);
    let command = OrderCommand::WriteFields { task: world.task(id, "first"), values };
    world.command("cs1", Some(id), command).await.unwrap();
}

#[tokio::test]
async fn s036_a_step_that_is_passed_again_tells_only_what_is_new() {
    let world = World::open().await;
    telling(&world).await;
    let id = world.place("sales1", order_of("PO-T", &[("P-1", "2", "12.50")])).await.order.id;
    world.approve("cs1", id, "first").await.unwrap();
    assert_eq!(gone_out(&world, id), [1, 1, 1]);

    send_back(&world, id).await;
    world.approve("cs1", id, "first").await.unwrap();
    assert_eq!(gone_out(&world, id), [1, 1, 1], "nothing has changed, so nobody is told again");

    send_back(&world, id).await;
    write(&world, id, json!("请贴标签")).await;
    world.approve("cs1", id, "first").await.unwrap();
    assert_eq!(gone_out(&world, id), [2, 2, 1], "what was begun is still under way");

    world.approve("plan1", id, "plan/make_plan").await.unwrap();
    send_back(&world, id).await;
    write(&world, id, json!("请贴两张标签")).await;
    world.approve("cs1", id, "first").await.unwrap();
    assert_eq!(gone_out(&world, id), [3, 3, 2], "what was done is done again for what has changed");

    world.approve("wh1", id, "second").await.unwrap();
    if world.status(id) != Status::Confirmed {
        world
            .accept("sales1", id, "sales_review", &[("special_request:special_requests", "可以")])
            .await
            .unwrap();
    }
    world.approve("plan1", id, "plan/make_plan").await.unwrap();
    world.end().await;
}
