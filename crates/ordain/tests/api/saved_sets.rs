//! Saved lists that rules name: kept beside the flows, changed without publishing.

use super::company::{clean, open_nodes};
use super::flow_codes::has;
use super::flows::Designer;
use serde_json::{Value, json};

fn key_customers(values: &[&str]) -> Value {
    json!({ "items": [{ "code": "key", "name": { "zh": "重点客户", "en": "Key customers" }, "values": values }] })
}

/// The standard flow in which orders of key customers are looked at first.
async fn draft(designer: &Designer, text: &str) {
    let (mut doc, _) = designer.draft("standard").await;
    let name = json!({ "zh": "重点", "en": "Key" });
    let look = json!({ "id": "key_look", "name": name, "stage": "review", "department": "sales",
        "kind": { "type": "review", "assignee": { "department": "planning" }, "deadline_minutes": 60,
            "backup": { "role": "management" }, "sop": { "zh": "核对", "en": "Check" } } });
    let fork = json!({ "id": "fork", "name": name, "stage": "review", "department": "sales",
        "kind": { "type": "exclusive", "lanes": [
            { "id": "key", "name": name, "when": { "cel": text }, "steps": [look] },
            { "id": "rest", "name": name, "otherwise": true, "steps": [] }] } });
    doc["steps"].as_array_mut().unwrap().splice(2..2, [fork]);
    designer.save("standard", &doc).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s095_s099_a_saved_list_decides_which_way_an_order_goes_and_is_changed_without_publishing() {
    let designer = Designer::open().await;
    let company = &designer.company;
    draft(&designer, "customer in set(\"key\")").await;
    let checked = designer.post("/flows/standard/check", json!({})).await.body;
    assert!(has(&checked, "F-127", "blocker"), "{checked}");
    let told = checked["problems"].as_array().unwrap().iter().find(|each| each["code"] == "F-127").unwrap();
    assert_eq!((&told["node"], &told["params"]["set"]), (&json!("fork"), &json!("key")));

    assert_eq!(company.get("/saved-sets").await.body, json!({ "items": [] }));
    let put = company.replace("/saved-sets", &key_customers(&["C009"])).await;
    assert_eq!(put.status, 200, "{}", put.text);
    designer.publish("standard").await;
    let order = company.place(&clean("PO-1")).await;
    assert!(!open_nodes(&order).contains(&"key_look".to_owned()), "{:?}", open_nodes(&order));

    // What the list holds counts from now on; a draft tried out sees it too.
    let customer = clean("PO-2")["customer"].as_str().unwrap().to_owned();
    let put = company.replace("/saved-sets", &key_customers(&["C009", &customer])).await;
    assert_eq!(put.status, 200, "{}", put.text);
    let order = company.place(&clean("PO-2")).await;
    assert_eq!(open_nodes(&order), ["key_look"]);
    let tried = designer.post("/flows/standard/try", json!({ "facts": { "customer": customer } })).await.body;
    let text = tried.to_string();
    assert!(text.contains("key_look") && text.contains("清单「key」"), "{text}");

    // It reads as people say it, and it cannot go while a flow names it.
    let version = "/flows/standard/versions/2/sop";
    let sop = company.get(&format!("{version}?lang=zh")).await.text;
    assert!(sop.contains("清单「重点客户」"), "{sop}");
    let sop = company.get(&format!("{version}?lang=en")).await.text;
    assert!(sop.contains("the list \"Key customers\""), "{sop}");
    let gone = company.replace("/saved-sets", &json!({ "items": [] })).await;
    assert_eq!(
        (gone.status, &gone.body["findings"][0]["code"]),
        (422, &json!("set_in_use")),
        "{}",
        gone.text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_saved_lists_is_named_at_once_and_nothing_is_written() {
    let designer = Designer::open().await;
    let company = &designer.company;
    let name = json!({ "zh": "甲", "en": "A" });
    let body = json!({ "items": [
        { "code": "", "name": name, "values": ["x"] },
        { "code": "a", "name": { "zh": "", "en": "A" }, "values": ["x", "x", ""] },
        { "code": "a", "name": name, "values": [] } ] });
    let refused = company.replace("/saved-sets", &body).await;
    let mut found: Vec<(String, String)> = refused.body["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| (fault["path"].as_str().unwrap().into(), fault["code"].as_str().unwrap().into()))
        .collect();
    found.sort();
    let expected = [
        ("items[0].code", "missing_field"),
        ("items[1].name.zh", "missing_field"),
        ("items[1].values[1]", "duplicate_code"),
        ("items[1].values[2]", "missing_field"),
        ("items[2].code", "duplicate_code"),
    ];
    assert_eq!(found, expected.map(|(path, code)| (path.to_owned(), code.to_owned())), "{}", refused.text);
    assert_eq!(company.get("/saved-sets").await.body, json!({ "items": [] }));
    // A list of words is no list of numbers, and stands only where a list can.
    for text in ["amount in set(\"key\")", "customer == set(\"key\")", "requested_date in set(\"key\")"] {
        draft(&designer, text).await;
        let checked = designer.post("/flows/standard/check", json!({})).await.body;
        assert!(has(&checked, "F-015", "blocker"), "{text}: {checked}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s104_names_in_a_scope_that_nothing_else_knows_are_told_before_publishing() {
    let designer = Designer::open().await;
    let rules = json!({ "priority_levels": ["A", "B"] });
    let known = designer.company.get("/settings/supply").await;
    let mut all = known.body.clone();
    for (name, value) in rules.as_object().unwrap() {
        all[name] = value.clone();
    }
    let put = designer.company.replace("/settings/supply", &all).await;
    assert_eq!(put.status, 200, "{}", put.text);
    let (mut doc, _) = designer.draft("standard").await;
    doc["key"] = json!("side");
    doc["scope"] = json!({ "channels": ["fax", "form"], "customer_levels": ["A", "AA"],
        "order_types": ["standard", "smaple"] });
    designer.save("side", &doc).await;
    let checked = designer.post("/flows/side/check", json!({})).await.body;
    let told = checked["problems"].as_array().unwrap().iter().filter(|each| each["code"] == "F-128");
    let told: Vec<_> =
        told.map(|each| (&each["params"]["scope"], &each["params"]["found"], &each["severity"])).collect();
    let (warning, hint) = (json!("warning"), json!("hint"));
    let all = [
        ("channels", "fax", &warning),
        ("customer_levels", "AA", &warning),
        ("order_types", "smaple", &hint),
    ];
    let all = all.map(|(scope, found, severity)| (json!(scope), json!(found), severity));
    assert_eq!(told, all.each_ref().map(|(scope, found, severity)| (scope, found, *severity)), "{checked}");
}
