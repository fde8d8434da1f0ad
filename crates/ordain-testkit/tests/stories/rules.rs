//! Rules that an admin changes by configuration alone; the next order follows them.

use crate::{insert_before, publish, review, standard, step, times};
use ordain_domain::order::{Content, Status};
use ordain_testkit::world::{World, order_of};
use serde_json::{Value, json};

fn is_true(field: &str) -> Value {
    json!({ "row": { "field": field, "op": "eq", "value": { "bool": true } } })
}

fn otherwise() -> Value {
    json!({ "id": "no", "name": { "zh": "其他", "en": "Otherwise" }, "otherwise": true, "steps": [] })
}

#[tokio::test]
async fn s016_special_requests_route_to_service_by_themselves() {
    let world = World::open().await;
    let mut doc = standard();
    let lane = json!({ "id": "special", "name": { "zh": "特殊要求", "en": "Special" }, "when": is_true("special_request"),
        "steps": [review("service_review", "service", json!({}))] });
    insert_before(
        &mut doc,
        "departments",
        step("special", json!({ "type": "exclusive", "lanes": [lane, otherwise()] })),
    );
    publish(&world, &doc).await;
    let plain = world.place("sales1", order_of("PO-16", &[("P-1", "1", "12.50")])).await;
    assert_eq!(plain.order.status, Status::Confirmed, "service is not bothered with it");
    let content = Content {
        special_requests: Some("周六送货".into()),
        ..order_of("PO-17", &[("P-1", "1", "12.50")])
    };
    let id = world.place("sales1", content).await.order.id;
    assert_eq!(
        (world.open_steps(id), world.holders(id, "service_review")),
        (vec!["service_review".into()], vec!["service".into()])
    );
    world.approve("cs1", id, "service_review").await.unwrap();
    world
        .accept("sales1", id, "sales_review", &[("special_request:special_requests", "可以")])
        .await
        .unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s034_who_is_told_is_a_rule_that_admins_edit() {
    let world = World::open().await;
    let before = world.place("sales1", order_of("PO-34", &[("P-1", "1", "12.50")])).await.order.id;
    assert_eq!(times(&world.notices("wh1", before), "order_confirmed"), 0);
    let mut doc = standard();
    insert_before(
        &mut doc,
        "departments",
        step(
            "copy",
            json!({ "type": "cc", "to": [{ "department": "planning" }, { "user": "boss1" }, { "role": "planning" }] }),
        ),
    );
    let at = doc["steps"].as_array().unwrap().iter().position(|step| step["id"] == "tell_customer").unwrap();
    doc["steps"][at]["kind"]["to"] = json!(["customer", { "department": "warehouse" }]);
    publish(&world, &doc).await;
    let after = world.place("sales1", order_of("PO-35", &[("P-1", "1", "12.50")])).await.order.id;
    assert_eq!(times(&world.notices("wh1", after), "order_confirmed"), 1);
    assert_eq!(times(&world.notices("sales1", after), "order_confirmed"), 0, "no longer on the list");
    assert_eq!(times(&world.notices("plan1", after), "copied"), 1, "named twice, told once");
    assert_eq!(times(&world.notices("boss1", after), "copied"), 1);
    assert_eq!(world.outbox(after).len(), 1, "the customer has a mail as before");
    world.end().await;
}

#[tokio::test]
async fn s095_a_new_review_rule_is_configuration() {
    let world = World::open().await;
    let running = world.place("sales1", order_of("PO-95", &[("P-1", "1", "11.00")])).await.order.id;
    let mut doc = standard();
    let when = json!({ "all": [
        { "row": { "field": "customer_level", "op": "eq", "value": { "text": "A" } } },
        { "row": { "field": "line_count", "op": "ge", "value": { "number": "2" } } } ] });
    let lane = json!({ "id": "many", "name": { "zh": "多行", "en": "Many" }, "when": when, "steps": [review("planning_review", "planning", json!({}))] });
    insert_before(
        &mut doc,
        "departments",
        step("many_lines", json!({ "type": "exclusive", "lanes": [lane, otherwise()] })),
    );
    publish(&world, &doc).await;
    let one = world.place("sales1", order_of("PO-96", &[("P-1", "1", "12.50")])).await;
    assert_eq!(one.order.status, Status::Confirmed);
    let two = world
        .place("sales1", order_of("PO-97", &[("P-1", "1", "12.50"), ("P-2", "1", "12.50")]))
        .await
        .order
        .id;
    assert_eq!(world.open_steps(two), ["planning_review"]);
    world.approve("plan1", two, "planning_review").await.unwrap();
    assert_eq!(world.status(two), Status::Confirmed);
    world
        .accept("fin1", running, "finance_review", &[("price_differs:lines[0].unit_price", "协议价")])
        .await
        .unwrap();
    assert_eq!(world.status(running), Status::Confirmed, "an order under way keeps its version");
    world.end().await;
}

#[tokio::test]
async fn s096_s063_a_special_request_and_short_stock_prompt_at_once() {
    let world = World::open().await;
    let content = Content {
        special_requests: Some("周六送货".into()),
        ..order_of("PO-96", &[("P-1", "500", "12.50")])
    };
    let case = world.place("sales1", content).await;
    let id = case.order.id;
    assert_eq!(world.open_steps(id), ["sales_review", "warehouse_review"], "in the same commit");
    assert_eq!(world.tasks_of("sales1").len() + world.tasks_of("wh1").len(), 2);
    let found = crate::findings(&case);
    assert!(
        found.contains(&"special_request:special_requests".to_owned())
            && found.iter().any(|id| id.starts_with("stock_short:")),
        "{found:?}"
    );
    world
        .accept("sales1", id, "sales_review", &[("special_request:special_requests", "可以")])
        .await
        .unwrap();
    let task = world.task(id, "warehouse_review");
    // Nobody has to look at it any more once the goods are there.
    world.goods("P-1", "SH", "1000").await;
    assert_eq!(world.status(id), Status::Confirmed);
    assert!(!world.case(id).task(task).unwrap().1.is_open());
    world.end().await;
}

#[tokio::test]
async fn s063_three_alerts_are_built_in_and_a_rule_adds_a_fourth() {
    let world = World::open().await;
    let mut doc = standard();
    let lane = json!({ "id": "short", "name": { "zh": "缺货", "en": "Short" }, "when": is_true("stock_short"),
        "steps": [step("warn", json!({ "type": "notify", "template": "copied", "to": [{ "department": "planning" }] }))] });
    insert_before(
        &mut doc,
        "departments",
        step("warn_short", json!({ "type": "exclusive", "lanes": [lane, otherwise()] })),
    );
    publish(&world, &doc).await;
    let id = world.place("sales1", order_of("PO-63", &[("P-1", "500", "12.50")])).await.order.id;
    assert_eq!(times(&world.notices("plan1", id), "copied"), 1, "stock short: planning is told at once");
    world.pass_to(0, 11, 30).await;
    assert_eq!(times(&world.notices("wh1", id), "task_due_soon"), 1, "before the review is late");
    world.pass_to(0, 12, 0).await;
    assert_eq!(times(&world.notices("wh1", id), "task_overdue"), 1, "review late");
    world
        .command(
            "sales1",
            Some(id),
            ordain_app::case::decide::OrderCommand::Cancel { reason: "客户撤单".into(), code: None },
        )
        .await
        .unwrap();
    world.end().await;
}
