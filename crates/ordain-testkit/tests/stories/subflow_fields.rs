//! What a flow that runs inside another one knows: the line or warehouse that it is about, and the fields it was given.

use crate::{insert_before, publish, review, standard, step};
use ordain_app::admin::AdminCommand;
use ordain_app::case::decide::OrderCommand;
use ordain_app::gate::GateError;
use ordain_domain::actor::Actor;
use ordain_domain::order::{Content, Status};
use ordain_testkit::world::{World, order_of};
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn field(name: &str, kind: Value, line: bool) -> Value {
    json!({ "field": name, "name": { "zh": name, "en": name }, "type": kind, "line": line })
}

fn plain(id: &str, department: &str) -> Value {
    review(id, department, json!({}))
}

fn lane(id: &str, when: Option<Value>, steps: Value) -> Value {
    let mut lane = json!({ "id": id, "name": { "zh": id, "en": id }, "steps": steps });
    match when {
        Some(when) => lane["when"] = when,
        None => lane["otherwise"] = json!(true),
    }
    lane
}

/// A flow for inside that asks the warehouse where its condition holds, and nobody else.
fn packing(fields: Value, when: Value, steps: Value) -> Value {
    json!({ "key": "packing", "name": { "zh": "包装", "en": "Packing" }, "purpose": "subflow", "fields": fields, "steps": [
        step("start", json!({ "type": "start" })),
        step("which", json!({ "type": "exclusive", "lanes": [lane("asks", Some(when), steps), lane("rest", None, json!([]))] })),
        step("end", json!({ "type": "end", "outcome": "completed" })),
    ] })
}

async fn put_flow(world: &World, doc: &Value) -> Result<(), GateError> {
    let key = doc["key"].as_str().unwrap().to_owned();
    let command = AdminCommand::PublishFlow { key, doc: doc.to_string() };
    world.app.admin(world.org, Actor::system("test"), command).await.map(drop)
}

fn around(fields: Value, settings: Value) -> Value {
    let mut doc = standard();
    doc["fields"] = fields;
    let mut kind = json!({ "type": "subflow", "flow": "packing" });
    for (name, value) in settings.as_object().unwrap() {
        kind[name] = value.clone();
    }
    insert_before(&mut doc, "tell_customer", step("pack", kind));
    doc
}

fn row(field: &str, op: &str, value: Value) -> Value {
    json!({ "row": { "field": field, "op": op, "value": value, "when_empty": false } })
}

const TWO: &[(&str, &str, &str)] = &[("P-1", "2", "12.50"), ("P-2", "1", "12.50")];

#[tokio::test]
async fn s104_a_flow_for_each_line_sees_the_order_as_if_it_had_that_line_alone() {
    let world = World::open().await;
    let two = json!({ "all": [row("amount", "ge", json!({ "number": "25" })), row("line_count", "eq", json!({ "number": "1" })),
        { "lines": { "quantifier": "all", "matching": row("quantity", "eq", json!({ "number": "2" })) } }] });
    put_flow(&world, &packing(json!([]), two, json!([plain("check", "warehouse")]))).await.unwrap();
    publish(&world, &around(json!([]), json!({ "per": "line" }))).await;
    let id = world.place("sales1", order_of("PO-1", TWO)).await.order.id;
    let case = world.case(id);
    assert_eq!((case.side_runs.len(), case.open_tasks().count()), (2, 1), "of two lines one is large");
    assert!(!case.side_runs[0].is_over() && case.side_runs[1].is_over());
    world.approve("wh1", id, "packing/check").await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s104_a_flow_for_each_warehouse_sees_what_that_warehouse_gives() {
    let world = World::open().await;
    // Of P-3 one warehouse alone has not enough.
    world.goods("P-3", "BJ", "4").await;
    world.goods("P-3", "SH", "6").await;
    let six = json!({ "lines": { "quantifier": "any", "matching": row("quantity", "eq", json!({ "number": "6" })) } });
    put_flow(&world, &packing(json!([]), six, json!([plain("check", "warehouse")]))).await.unwrap();
    publish(&world, &around(json!([]), json!({ "per": "warehouse" }))).await;
    let id = world.place("sales1", order_of("PO-1", &[("P-3", "10", "12.50")])).await.order.id;
    let case = world.case(id);
    let held: Vec<i64> = case.order.held.iter().map(|held| held.qty_milli).collect();
    assert_eq!((held.len(), case.side_runs.len()), (2, 2), "{held:?}");
    assert_eq!(case.open_tasks().count(), 1, "the one that gives six");
    world.approve("wh1", id, "packing/check").await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s104_a_flow_inside_reads_what_it_is_given_and_gives_back_what_it_found() {
    let world = World::open().await;
    let inner = json!([
        field("kind", json!("text"), false),
        field("limit", json!("number"), false),
        field("box_no", json!("text"), false)
    ]);
    let when = json!({ "all": [row("kind", "eq", json!({ "text": "fragile" })), row("limit", "eq", json!({ "number": "7" }))] });
    let mut check = plain("check", "warehouse");
    check["kind"]["type"] = json!("task");
    check["kind"]["outputs"] = json!(["box_no"]);
    put_flow(&world, &packing(inner, when, json!([check]))).await.unwrap();
    let outer = json!([field("goods", json!("text"), false), field("parcel", json!("text"), true)]);
    let mapped = json!({ "per": "line", "input": { "kind": { "field": "goods" }, "limit": { "number": "7" } },
        "output": { "box_no": "parcel" } });
    publish(&world, &around(outer.clone(), mapped)).await;
    let content =
        Content { extra: BTreeMap::from([("goods".to_owned(), json!("fragile"))]), ..order_of("PO-1", TWO) };
    let id = world.place("sales1", content).await.order.id;
    let tasks: Vec<_> = world.case(id).open_tasks().map(|(_, task)| task.id).collect();
    assert_eq!(tasks.len(), 2);
    for (task, no) in tasks.into_iter().zip(["B-1", "B-2"]) {
        let approve = || OrderCommand::Decide {
            task,
            decision: ordain_flow::run::Decision::Approve,
            reason: None,
            accept: BTreeMap::new(),
        };
        assert!(world.command("wh1", Some(id), approve()).await.is_err(), "its number is still missing");
        let values = BTreeMap::from([("extra.box_no".to_owned(), json!(no))]);
        world.command("wh1", Some(id), OrderCommand::WriteFields { task, values }).await.unwrap();
        world.command("wh1", Some(id), approve()).await.unwrap();
    }
    let case = world.case(id);
    assert_eq!(case.order.status, Status::Confirmed);
    let parcels: Vec<&Value> = case.order.content.lines.iter().map(|line| &line.extra["parcel"]).collect();
    assert_eq!(parcels, ["B-1", "B-2"], "each in its own line, under the name of the flow around");
    assert!(!case.order.content.extra.contains_key("box_no"));

    // What is matched wrongly is named before an order meets it.
    let codes = |error: GateError| match error {
        GateError::Invalid(faults) => faults.into_iter().map(|fault| fault.code).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    for wrong in [
        json!({ "input": { "nothing": { "number": "1" } } }),
        json!({ "input": { "kind": { "field": "nothing" } } }),
        json!({ "output": { "box_no": "nothing" } }),
    ] {
        let refused = put_flow(&world, &around(outer.clone(), wrong)).await.unwrap_err();
        assert_eq!(codes(refused), ["F-102"]);
    }
    world.end().await;
}

#[tokio::test]
async fn s104_a_flow_about_a_line_is_given_the_field_of_that_line() {
    let world = World::open().await;
    let by = json!({ "assignee": [{ "field": "who" }] });
    let when = row("who", "not_empty", Value::Null);
    let inner = json!([field("who", json!("text"), false)]);
    put_flow(&world, &packing(inner, when, json!([review("check", "warehouse", by)]))).await.unwrap();
    let outer = json!([field("keeper", json!("text"), true)]);
    publish(&world, &around(outer, json!({ "per": "line", "input": { "who": { "field": "keeper" } } })))
        .await;
    let mut content = order_of("PO-1", TWO);
    for (line, keeper) in content.lines.iter_mut().zip(["wh1", "fin1"]) {
        line.extra.insert("keeper".into(), json!(keeper));
    }
    let id = world.place("sales1", content).await.order.id;
    let holders: Vec<String> =
        world.case(id).open_tasks().map(|(_, task)| task.holder.key().to_owned()).collect();
    assert_eq!(holders, ["wh1", "fin1"]);
    world.end().await;
}
