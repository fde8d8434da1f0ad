//! What a step has told is not told again when others look at unchanged work once more.

use crate::{insert_before, publish, review, standard, step, times};
use ordain_app::admin::{AdminCommand, CustomerItem, OrganisationItem, ProductItem};
use ordain_app::case::decide::OrderCommand;
use ordain_app::query::queue::Queue;
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

#[tokio::test]
async fn s036_those_who_are_told_are_found_like_those_who_are_asked() {
    let world = World::open().await;
    let item = OrganisationItem {
        heads: BTreeMap::from([("finance".to_owned(), "fin1".to_owned())]),
        product_line_owners: BTreeMap::from([("pumps".to_owned(), vec!["plan1".to_owned()])]),
        ..OrganisationItem::default()
    };
    world.put(AdminCommand::PutOrganisation { item, expected: None }).await;
    let line = ProductItem { code: "P-1".into(), line: Some("pumps".into()), ..ProductItem::default() };
    world.put(AdminCommand::PutProducts(vec![line])).await;
    let owner = CustomerItem { code: "C001".into(), owner: Some("smgr1".into()), ..CustomerItem::default() };
    world.put(AdminCommand::PutCustomers(vec![owner])).await;
    let large = json!({ "when": { "cel": "amount > 1000" }, "then": { "user": "ops1" } });
    let mut doc = standard();
    insert_before(
        &mut doc,
        "departments",
        review(
            "first",
            "service",
            json!({
        "notices": { "done": { "template": "moved", "to": [{ "same_as": "first" }, "product_line"] } } }),
        ),
    );
    let to = json!([{ "head_of": "finance" }, "product_line", "account_owner", { "same_as": "first" },
        { "formula": [large, { "then": { "user": "audit1" } }] }]);
    insert_before(&mut doc, "departments", step("copy", json!({ "type": "cc", "to": to })));
    publish(&world, &doc).await;
    let copied = |id: Uuid| {
        let logins = ["fin1", "plan1", "smgr1", "cs1", "ops1", "audit1", "wh1", "sales1"];
        let told = |login: &&str| times(&world.notices(login, id), "copied") == 1;
        logins.into_iter().filter(|login| told(login)).collect::<Vec<_>>()
    };
    let small = world.place("sales1", order_of("PO-S", &[("P-1", "2", "12.50")])).await.order.id;
    world.approve("cs1", small, "first").await.unwrap();
    assert_eq!(copied(small), ["fin1", "plan1", "smgr1", "cs1", "audit1"]);
    let moved = |login: &str| times(&world.notices(login, small), "moved");
    assert_eq!(["cs1", "plan1", "sales1", "fin1"].map(moved), [1, 1, 1, 0]);
    let large = world.place("sales1", order_of("PO-L", &[("P-2", "90", "12.50")])).await.order.id;
    world.approve("cs1", large, "first").await.unwrap();
    assert_eq!(copied(large), ["fin1", "smgr1", "cs1", "ops1"], "of another line, and large");
    world.end().await;
}

#[tokio::test]
async fn s036_copies_lie_in_a_queue_until_they_are_read() {
    let world = World::open().await;
    let mut doc = standard();
    let to = json!([{ "user": "wh1" }, { "user": "fin1" }]);
    insert_before(&mut doc, "departments", step("copy", json!({ "type": "cc", "to": to })));
    publish(&world, &doc).await;
    assert_eq!(world.orders_of("wh1", Queue::Copied), Vec::<String>::new());
    let one = world.place("sales1", order_of("PO-1", &[("P-1", "2", "12.50")])).await.order.clone();
    let two = world.place("sales1", order_of("PO-2", &[("P-1", "2", "12.50")])).await.order.clone();
    assert_eq!(world.orders_of("wh1", Queue::Copied), [two.number.as_str(), &one.number]);
    assert_eq!(world.orders_of("plan1", Queue::Copied), Vec::<String>::new());
    let wh1 = world.user("wh1").id;
    let copies = world.app.store.unread_copies(world.org, wh1.into_bytes(), one.id.into_bytes()).unwrap();
    let ids = copies.into_iter().map(Uuid::from_bytes).collect();
    world.put(AdminCommand::ReadNotices { user: wh1, ids }).await;
    assert_eq!(world.orders_of("wh1", Queue::Copied), [two.number.as_str()]);
    assert_eq!(
        world.orders_of("fin1", Queue::Copied),
        [two.number.as_str(), &one.number],
        "read by one only"
    );
    world.end().await;
}
