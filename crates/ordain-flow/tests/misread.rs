//! Documents that cannot be read: everything wrong in them is named at once, with its step and its path.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail like tests")]

mod common;

use common::*;
use ordain_flow::FlowDoc;
use ordain_flow::doc::{Misread, read};
use serde_json::{Value as Json, json};

fn misread(doc: &Json) -> Vec<Misread> {
    read::<FlowDoc>(doc).err().unwrap_or_default()
}

fn told(doc: &Json) -> Vec<(String, String, &'static str)> {
    let found = misread(doc).into_iter();
    found.map(|misread| (misread.node.unwrap_or_default(), misread.path, misread.code)).collect()
}

fn standard_json() -> Json {
    serde_json::from_str(STANDARD).unwrap()
}

#[test]
fn every_fault_is_named_with_its_step_and_its_path() {
    let mut doc = standard_json();
    doc["priority"] = json!(3);
    doc["scope"] = json!({ "amount_from": 50000, "regions": "华东" });
    let steps = doc["steps"].as_array_mut().unwrap();
    steps[0]["colour"] = json!("red");
    steps[1]["stage"] = json!("dreaming");
    steps[1]["kind"]["checks"][0]["on_fail"] = json!("explode");
    let review = steps[2].pointer_mut("/kind/lanes/1/steps/0").unwrap();
    let id = review["id"].as_str().unwrap().to_owned();
    review["kind"]["deadline_minutes"] = json!(-5);
    review["kind"]["vote"] = json!({ "half": 1 });
    review["kind"]["batch"] = json!({ "max_amount": "much" });
    review["name"].as_object_mut().unwrap().remove("zh");
    steps[3]["kind"]["type"] = json!("miracle");
    let (start, check, last) = ("start", doc["steps"][1]["id"].clone(), doc["steps"][3]["id"].clone());
    let (check, last) = (check.as_str().unwrap(), last.as_str().unwrap());
    let of_review = |field: &str| format!("steps[2].kind.lanes[1].steps[0].{field}");
    let mut expected = vec![
        (String::new(), "priority".to_owned(), "unknown_setting"),
        (String::new(), "scope.amount_from".to_owned(), "wrong_type"),
        (String::new(), "scope.regions".to_owned(), "wrong_type"),
        (start.to_owned(), "steps[0].colour".to_owned(), "unknown_setting"),
        (check.to_owned(), "steps[1].stage".to_owned(), "invalid_value"),
        (check.to_owned(), "steps[1].kind.checks[0].on_fail".to_owned(), "invalid_value"),
        (id.clone(), of_review("kind.deadline_minutes"), "not_in_range"),
        (id.clone(), of_review("kind.vote"), "invalid_value"),
        (id.clone(), of_review("kind.batch.max_amount"), "invalid_number"),
        (id, of_review("name.zh"), "missing"),
        (last.to_owned(), "steps[3].kind.type".to_owned(), "invalid_value"),
    ];
    let mut found = told(&doc);
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
}

#[test]
fn what_is_no_document_at_all_is_said_so() {
    assert_eq!(told(&json!([])), [(String::new(), String::new(), "wrong_type")]);
    assert_eq!(told(&Json::Null), [(String::new(), String::new(), "wrong_type")]);
    let missing = told(&json!({}));
    assert_eq!(
        missing.iter().map(|(_, path, _)| path.as_str()).collect::<Vec<_>>(),
        ["key", "name", "steps"]
    );
}

/// Every part of a document replaced by something else in turn: whatever the document's types refuse has a name.
#[test]
fn nothing_is_refused_without_a_name() {
    let every: Json = serde_json::from_str(include_str!("../../../flows/large-and-special.json")).unwrap();
    let (mut tried, mut refused) = (0, 0);
    for doc in [standard_json(), every, rich()] {
        for path in paths(&doc) {
            for other in
                [json!(null), json!(true), json!(-1), json!(1.5), json!("?"), json!([]), json!({ "?": 1 })]
            {
                let mut changed = doc.clone();
                *changed.pointer_mut(&path).unwrap() = other.clone();
                tried += 1;
                let found = misread(&changed);
                refused += usize::from(!found.is_empty());
                assert!(found.iter().all(|one| one.code != "unreadable_flow"), "{path} = {other}");
            }
        }
    }
    assert!(refused > tried / 3, "{refused} of {tried}");
}

/// A step with most of the settings that are no plain words.
fn rich() -> Json {
    let when = json!({ "any": [
        { "row": { "field": "amount", "op": "gt", "value": { "number": "5" }, "when_empty": false } },
        { "row": { "field": "amount", "op": "gt", "value": { "formula": { "field": "revision", "times": "2" } } } },
        { "lines": { "quantifier": "sum", "field": "amount", "op": "ge", "value": "3" } },
    ] });
    let review = json!({ "type": "review", "assignee": [{ "role": "finance" }, "initiator",
            { "formula": [{ "when": when, "then": { "user": "x" } }] }],
        "vote": { "percent": 50 }, "skip_when": when, "exclude": ["initiator", { "deciders_of": "a" }],
        "deadline": { "from": { "after": { "minutes": 30 } }, "rules": [
            { "at_minutes": -30, "do": "remind", "repeat_minutes": 5 },
            { "at_minutes": 0, "do": { "auto_pass": { "max_amount": "5" } } }] },
        "reading": { "from_amount": "5" }, "batch": { "max_amount": "1" } });
    let delay = json!({ "type": "delay", "for": { "at": { "date": "2026-12-01", "time": "09:00" } } });
    let update = json!({ "type": "update_data", "assign": [{ "field": "extra.a", "value": { "date": "2026-12-01" } }] });
    let doc = json!({ "key": "t", "name": { "zh": "测", "en": "t" },
        "fields": [{ "field": "a", "name": { "zh": "甲" }, "type": { "choice": ["x"] } }],
        "sensitive": { "extra.a": { "visible_to": [{ "user": "x" }] } },
        "steps": [start(), node("a", review), node("b", delay), node("c", update), end()] });
    read::<FlowDoc>(&doc).unwrap_or_else(|found| panic!("{found:#?}"));
    doc
}

fn paths(doc: &Json) -> Vec<String> {
    let (mut found, mut pending) = (Vec::new(), vec![(String::new(), doc)]);
    while let Some((at, value)) = pending.pop() {
        match value {
            Json::Object(map) => {
                pending.extend(map.iter().map(|(name, inner)| (format!("{at}/{name}"), inner)))
            }
            Json::Array(items) => {
                pending.extend(items.iter().enumerate().map(|(n, inner)| (format!("{at}/{n}"), inner)));
            }
            _ => {}
        }
        found.push(at);
    }
    found
}
