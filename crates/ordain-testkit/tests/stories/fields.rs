//! A step writes the fields that are its own and none of the others, and a return loses nothing.

use crate::{insert_before, publish, refused, review, standard};
use ordain_app::case::Case;
use ordain_app::case::decide::OrderCommand;
use ordain_app::case::refusal::Refusal;
use ordain_app::query::story;
use ordain_domain::order::{Content, Status};
use ordain_testkit::world::{World, order_of};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

fn write(task: Uuid, values: &[(&str, Value)]) -> OrderCommand {
    let values = values.iter().map(|(path, value)| ((*path).to_owned(), value.clone())).collect();
    OrderCommand::WriteFields { task, values }
}

/// The content as text, without some of its fields.
fn all_but(case: &Case, fields: &[&str]) -> String {
    let mut content = serde_json::to_value(&case.order.content).unwrap();
    for field in fields {
        let (at, name) = field.rsplit_once('/').unwrap();
        content.pointer_mut(at).unwrap().as_object_mut().unwrap().remove(name);
    }
    content.to_string()
}

fn full(po: &str) -> Content {
    let extra = serde_json::from_value(json!({ "colour": "red", "batch": { "no": 7 } })).unwrap();
    Content { special_requests: Some("木箱包装".into()), extra, ..order_of(po, &[("P-1", "3", "12.50")]) }
}

/// Finance and warehouse look at every order, and each may write fields of its own.
async fn with_duties(world: &World) {
    let mut doc = standard();
    let lanes = doc["steps"][2]["kind"]["lanes"].as_array_mut().unwrap();
    for (lane, field) in [(1, "invoice.title"), (2, "ship_to.address")] {
        let kind = &mut lanes[lane]["steps"][0]["kind"];
        kind["auto_when_clear"] = json!(false);
        kind["fields"] = json!({ field: "edit" });
        kind["looks_at"] = json!([field]);
    }
    publish(world, &doc).await;
}

#[tokio::test]
async fn s035_parallel_reviews_write_their_own_fields_and_lose_none_of_the_others() {
    let world = World::open().await;
    with_duties(&world).await;
    let id = world.place("sales1", full("PO-35")).await.order.id;
    assert_eq!(world.open_steps(id), ["sales_review", "finance_review", "warehouse_review"]);
    let (finance, warehouse) = (world.task(id, "finance_review"), world.task(id, "warehouse_review"));
    let before = world.case(id);
    let foreign = write(finance, &[("ship_to.address", json!("北京")), ("invoice.title", json!("新抬头"))]);
    assert_eq!(
        refused(world.command("fin1", Some(id), foreign).await),
        Refusal::FieldsNotWritable(vec!["ship_to.address".into()])
    );
    assert_eq!(world.case(id), before, "nothing of a refused write is kept");
    let others = write(warehouse, &[("ship_to.address", json!("北京"))]);
    assert_eq!(refused(world.command("fin1", Some(id), others).await), Refusal::NotYourTask);
    let own = write(finance, &[("invoice.title", json!("华东贸易(上海)"))]);
    world.command("fin1", Some(id), own).await.unwrap();
    let own = write(warehouse, &[("ship_to.address", json!("宁波"))]);
    let after = world.command("wh1", Some(id), own).await.unwrap();
    let written = ["/invoice/title", "/ship_to/address"];
    assert_eq!(all_but(&before, &written), all_but(&after, &written), "byte for byte");
    assert_eq!(after.order.content.invoice.title.as_deref(), Some("华东贸易(上海)"));
    assert_eq!(after.order.content.ship_to.address.as_deref(), Some("宁波"));
    // A decision carries no fields, so it loses none.
    world
        .accept("sales1", id, "sales_review", &[("special_request:special_requests", "可以做")])
        .await
        .unwrap();
    world.approve("fin1", id, "finance_review").await.unwrap();
    let guarded = write(warehouse, &[("ship_to.address", json!("杭州"))]);
    world.command("wh1", Some(id), guarded).await.unwrap();
    let done = world.approve("wh1", id, "warehouse_review").await.unwrap();
    assert_eq!(all_but(&before, &written), all_but(&done, &written));
    assert_eq!(done.order.status, Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s092_wrong_data_is_corrected_with_a_trace_of_both_values() {
    let world = World::open().await;
    with_duties(&world).await;
    let id = world.place("sales1", order_of("PO-92", &[("P-1", "3", "12.50")])).await.order.id;
    let task = world.task(id, "warehouse_review");
    world.command("wh1", Some(id), write(task, &[("ship_to.address", json!("宁波"))])).await.unwrap();
    let items = story::items(&world.app.store, world.org, id).unwrap();
    let last = items.last().unwrap();
    let [change] = last.changes.as_slice() else { panic!("{:?}", last.changes) };
    assert_eq!(
        (change.path.as_str(), &change.before, &change.after),
        ("ship_to.address", &json!("Shanghai"), &json!("宁波"))
    );
    assert_eq!(last.actor.name(), "WH1");
    for (login, node) in [("fin1", "finance_review"), ("wh1", "warehouse_review")] {
        world.approve(login, id, node).await.unwrap();
    }
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

/// Sales, then finance, then the warehouse, of whom sales may write the note and the quantities.
async fn in_a_row(world: &World) {
    let mut doc = standard();
    let steps = doc["steps"].as_array_mut().unwrap();
    steps.retain(|step| step["id"] != "departments");
    let sales = json!({ "fields": { "special_requests": "edit", "lines.quantity": "edit" } });
    let finance = json!({ "looks_at": ["totals.gross", "payment_terms"], "owns": ["price", "credit"] });
    let warehouse = json!({ "looks_at": ["requested_date"], "owns": ["stock", "special_request"], "fields": { "requested_date": "read" } });
    let rest = [
        ("sales_review", "sales", sales),
        ("finance_review", "finance", finance),
        ("warehouse_review", "warehouse", warehouse),
    ];
    for (id, department, settings) in rest {
        insert_before(&mut doc, "large_or_special", review(id, department, settings));
    }
    publish(world, &doc).await;
}

async fn returned_directly(world: &World, po: &str) -> Uuid {
    in_a_row(world).await;
    let id = world.place("sales1", full(po)).await.order.id;
    world.approve("sales1", id, "sales_review").await.unwrap();
    world.approve("fin1", id, "finance_review").await.unwrap();
    let task = world.task(id, "warehouse_review");
    let to =
        OrderCommand::ReturnTo {
            task, to: "sales_review".into(), direct: true, reason: "箱唛写清楚".into()
        };
    world.command("wh1", Some(id), to).await.unwrap();
    assert_eq!(world.open_steps(id), ["sales_review"]);
    id
}

#[tokio::test]
async fn s035_a_direct_return_that_changes_a_note_keeps_the_decision_of_finance_and_every_field() {
    let world = World::open().await;
    let id = returned_directly(&world, "PO-T08").await;
    let before = world.case(id);
    let note = write(world.task(id, "sales_review"), &[("special_requests", json!("木箱包装,箱唛 A"))]);
    world.command("sales1", Some(id), note).await.unwrap();
    world.approve("sales1", id, "sales_review").await.unwrap();
    assert_eq!(world.open_steps(id), ["warehouse_review"], "straight back, finance is not asked again");
    let after = world.case(id);
    assert_eq!(all_but(&before, &["/special_requests"]), all_but(&after, &["/special_requests"]));
    let finance = after.tasks.values().filter(|task| task.node == "finance_review").count();
    assert_eq!(finance, 1, "the decision of finance stands");
    world
        .accept("wh1", id, "warehouse_review", &[("special_request:special_requests", "可以")])
        .await
        .unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s035_a_direct_return_that_changes_a_quantity_asks_finance_again() {
    let world = World::open().await;
    let id = returned_directly(&world, "PO-T08").await;
    let before = world.case(id);
    let more = write(world.task(id, "sales_review"), &[("lines[0].quantity", json!("5"))]);
    world.command("sales1", Some(id), more).await.unwrap();
    world.approve("sales1", id, "sales_review").await.unwrap();
    assert_eq!(world.open_steps(id), ["finance_review"], "it has approved another total");
    world.approve("fin1", id, "finance_review").await.unwrap();
    assert_eq!(world.open_steps(id), ["warehouse_review"]);
    assert_eq!(all_but(&before, &["/lines/0/quantity"]), all_but(&world.case(id), &["/lines/0/quantity"]));
    world
        .accept("wh1", id, "warehouse_review", &[("special_request:special_requests", "可以")])
        .await
        .unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s063_the_deadline_runs_anew_after_a_return() {
    let world = World::open().await;
    in_a_row(&world).await;
    let id = world.place("sales1", order_of("PO-63", &[("P-1", "3", "12.50")])).await.order.id;
    world.approve("sales1", id, "sales_review").await.unwrap();
    world.pass_to(0, 11, 0).await;
    assert_eq!(crate::times(&world.notices("fin1", id), "task_overdue"), 1, "60 minutes are over");
    let task = world.task(id, "finance_review");
    let back =
        OrderCommand::ReturnTo { task, to: "sales_review".into(), direct: false, reason: "单价?".into() };
    world.command("fin1", Some(id), back).await.unwrap();
    world.pass_to(0, 14, 0).await;
    assert_eq!(crate::times(&world.notices("sales1", id), "task_overdue"), 1, "an hour, lunch not counted");
    world.approve("sales1", id, "sales_review").await.unwrap();
    world.pass_to(0, 14, 59).await;
    assert_eq!(crate::times(&world.notices("fin1", id), "task_overdue"), 1);
    world.pass_to(0, 15, 0).await;
    assert_eq!(crate::times(&world.notices("fin1", id), "task_overdue"), 2, "its clock was set anew");
    world.approve("fin1", id, "finance_review").await.unwrap();
    world.approve("wh1", id, "warehouse_review").await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s056_a_resubmitted_order_goes_to_the_approver_who_was_chosen() {
    let world = World::open().await;
    let mut doc = standard();
    let chosen = json!({ "assignee": { "chosen_by_initiator": { "department": "finance" } }, "auto_when_clear": false });
    let kind = &mut doc["steps"][2]["kind"]["lanes"][1]["steps"][0]["kind"];
    for (name, value) in chosen.as_object().unwrap() {
        kind[name] = value.clone();
    }
    publish(&world, &doc).await;
    let clerk = |login: &str| ordain_app::admin::UserItem {
        login: login.into(),
        name: Some(login.to_uppercase()),
        department: Some("finance".into()),
        roles: Some(vec!["finance".into()]),
        ..Default::default()
    };
    world.put(ordain_app::admin::AdminCommand::PutUsers(vec![clerk("fin2"), clerk("fin3")])).await;
    let id = world
        .receive("sales1", "manual", None, order_of("PO-C", &[("P-1", "3", "12.50")]), false)
        .await
        .order
        .id;
    let people = |node: &str, login: &str| OrderCommand::ChoosePeople {
        people: BTreeMap::from([(node.to_owned(), vec![login.to_owned()])]),
    };
    assert_eq!(
        refused(world.command("sales1", Some(id), people("nowhere", "fin2")).await),
        Refusal::UnknownStep("nowhere".into())
    );
    assert_eq!(
        refused(world.command("sales1", Some(id), people("finance_review", "ghost")).await),
        Refusal::UnknownPerson("ghost".into())
    );
    world.command("sales1", Some(id), people("finance_review", "fin2")).await.unwrap();
    world.command("sales1", Some(id), OrderCommand::Submit { reasons: BTreeMap::new() }).await.unwrap();
    assert_eq!(world.holders(id, "finance_review"), ["fin2"]);
    world.send_back("fin2", id, "finance_review", "付款条件?").await;
    world.edit("sales1", id, order_of("PO-C", &[("P-1", "4", "12.50")])).await.unwrap();
    assert_eq!(world.holders(id, "finance_review"), ["fin2"], "not whoever comes first");
    world.answer("fin2", id, "finance_review", ordain_flow::run::Decision::Approve).await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

/// Sales, then finance in two steps beside the warehouse, which looks at the quantities.
async fn beside_each_other(world: &World, po: &str) -> Uuid {
    let mut doc = standard();
    let steps = doc["steps"].as_array_mut().unwrap();
    steps.retain(|step| step["id"] != "departments");
    let writes = json!({ "fields": { "lines.quantity": "edit" } });
    let seen = json!({ "looks_at": ["lines.quantity"] });
    let lane = |id: &str, steps: Value| json!({ "id": id, "name": { "zh": id, "en": id }, "steps": steps });
    let lanes = [
        lane("w", json!([review("stock_look", "warehouse", seen)])),
        lane(
            "f",
            json!([review("books", "finance", writes.clone()), review("credit_look", "finance", json!({}))]),
        ),
    ];
    let both = json!({ "id": "both", "name": { "zh": "同时", "en": "Both" }, "stage": "review",
        "kind": { "type": "parallel", "lanes": lanes } });
    insert_before(&mut doc, "large_or_special", review("sales_review", "sales", writes));
    insert_before(&mut doc, "large_or_special", both);
    publish(world, &doc).await;
    let id = world.place("sales1", order_of(po, &[("P-1", "1", "12.50")])).await.order.id;
    for (login, node) in [("sales1", "sales_review"), ("wh1", "stock_look"), ("fin1", "books")] {
        world.approve(login, id, node).await.unwrap();
    }
    id
}

#[tokio::test]
async fn s035_a_direct_return_asks_a_lane_beside_again_whose_fields_have_changed() {
    for (po, to, login) in [("PO-A", "sales_review", "sales1"), ("PO-B", "books", "fin1")] {
        let world = World::open().await;
        let id = beside_each_other(&world, po).await;
        let task = world.task(id, "credit_look");
        let back = OrderCommand::ReturnTo { task, to: to.into(), direct: true, reason: "数量?".into() };
        world.command("fin1", Some(id), back).await.unwrap();
        assert_eq!(world.open_steps(id), [to]);
        let more = write(world.task(id, to), &[("lines[0].quantity", json!("60"))]);
        world.command(login, Some(id), more).await.unwrap();
        world.approve(login, id, to).await.unwrap();
        assert_eq!(world.open_steps(id), ["stock_look"], "it has approved one piece");
        world.approve("wh1", id, "stock_look").await.unwrap();
        if to == "sales_review" {
            assert_eq!(world.open_steps(id), ["books"], "what a step may write it answers for");
            world.approve("fin1", id, "books").await.unwrap();
        }
        assert_eq!(world.open_steps(id), ["credit_look"]);
        world.approve("fin1", id, "credit_look").await.unwrap();
        assert_eq!(world.status(id), Status::Confirmed);
        world.end().await;
    }
}
