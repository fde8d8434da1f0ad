//! Custom fields in the rules of a flow: declared with their type, checked, written, and told with their values.

use super::company::{answer, clean, open_nodes, task};
use super::flows::{Designer, codes};
use reqwest::Method;
use serde_json::{Value, json};

fn field(name: &str, kind: Value, line: bool) -> Value {
    json!({ "field": name, "name": { "zh": format!("字段{name}"), "en": format!("Field {name}") }, "type": kind,
        "line": line })
}

/// The standard flow with a quality check of red goods that are heavy, and what it asks for there.
async fn with_inspection(designer: &Designer) -> Value {
    let (mut doc, _) = designer.draft("standard").await;
    doc["fields"] = json!([
        field("color", json!({ "choice": ["red", "blue"] }), false),
        field("weight", json!("number"), true),
        field("inspected_on", json!("date"), false),
    ]);
    let inspect = json!({ "id": "inspect", "name": { "zh": "质检", "en": "Inspect" }, "stage": "review",
        "kind": { "type": "task", "assignee": { "department": "sales" }, "backup": { "role": "sales_manager" },
            "deadline_minutes": 60, "sop": { "zh": "验货", "en": "Look at the goods" },
            "outputs": ["inspected_on"] } });
    let text = "color == \"red\" && lines.exists(l, l.weight > 20)";
    let branch = json!({ "id": "quality", "name": { "zh": "质检分支", "en": "Quality" }, "stage": "review",
        "kind": { "type": "exclusive", "lanes": [
            { "id": "heavy", "name": { "zh": "重货", "en": "Heavy" }, "when": { "cel": text }, "steps": [inspect] },
            { "id": "rest", "name": { "zh": "其他", "en": "Otherwise" }, "otherwise": true, "steps": [] } ] } });
    doc["steps"].as_array_mut().unwrap().insert(2, branch);
    doc
}

fn order(po: &str, color: &str, weight: Value) -> Value {
    let mut order = clean(po);
    order["extra"] = json!({ "color": color });
    order["lines"][0]["extra"] = json!({ "weight": weight });
    order
}

#[tokio::test]
async fn s095_rules_read_the_custom_fields_of_orders_and_lines_and_tell_their_values() {
    let designer = Designer::open().await;
    let doc = with_inspection(&designer).await;
    designer.save("standard", &doc).await;
    let stored = designer.draft("standard").await.0;
    let rows = &stored["steps"][2]["kind"]["lanes"][0]["when"]["all"];
    assert_eq!(rows[0]["row"]["field"], "color", "the text became the tree that the builder shows: {rows}");
    assert_eq!(rows[1]["lines"]["matching"]["row"]["field"], "weight");
    designer.publish("standard").await;

    let company = &designer.company;
    for (po, color, weight) in [
        ("PO-1", "blue", json!("30")),
        ("PO-2", "red", json!("20")),
        ("PO-3", "red", json!("thirty")),
        ("PO-4", "green", json!(30)),
    ] {
        let placed = company.place(&order(po, color, weight)).await;
        assert_eq!(placed["status"], "confirmed", "{po}: no condition holds");
    }
    let asked = company.place(&order("PO-5", "red", json!(20.5))).await;
    assert_eq!(
        (open_nodes(&asked), &asked["lines"][0]["extra"]["weight"]),
        (vec!["inspect".into()], &json!(20.5))
    );
    let why = company.get(&format!("/orders/{}/why", asked["id"].as_str().unwrap())).await;
    let rows = why.body["decisions"][0]["rows"].as_array().unwrap();
    assert_eq!((rows[0]["field"].as_str(), rows[0]["value"].as_str()), (Some("color"), Some("red")));
    let said = rows[0]["text"]["zh"].as_str().unwrap();
    assert!(said.contains("字段color"), "{said}");
    assert!(rows[1]["text"]["en"].as_str().unwrap().contains("Field weight"), "{}", rows[1]);

    // What the step must leave filled takes values of its type alone.
    let sales = company.sign_in("sales1").await;
    let path = format!("/tasks/{}/fields", task(&asked, "inspect")["id"].as_str().unwrap());
    let write = |value: &str| {
        let body = json!({ "values": { "extra.inspected_on": value } });
        answer(company.as_person(&sales, Method::PUT, &path).json(&body))
    };
    let refused = write("soon").await;
    assert_eq!(
        (refused.status, refused.body["code"].as_str()),
        (422, Some("fields_unreadable")),
        "{}",
        refused.text
    );
    assert_eq!(write("2026-12-01").await.status, 200);
    let done = company.decide(&sales, &asked, "inspect", "approve").await;
    assert_eq!((done.status, done.body["status"].as_str()), (200, Some("confirmed")), "{}", done.text);
}

#[tokio::test]
async fn s100_a_rule_over_a_field_that_nobody_declared_or_of_another_type_cannot_be_published() {
    let designer = Designer::open().await;
    let good = with_inspection(&designer).await;
    let refused = async |doc: &Value| {
        designer.save("standard", doc).await;
        let refused = designer.post("/flows/standard/publish", json!({ "note": "not like this" })).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        codes(&refused)
    };
    let mut undeclared = good.clone();
    undeclared["fields"].as_array_mut().unwrap().remove(0);
    assert!(refused(&undeclared).await.contains(&"F-011".to_owned()));
    let mut typed = good.clone();
    typed["fields"][0]["type"] = json!("number");
    assert!(refused(&typed).await.contains(&"F-015".to_owned()));
    for (name, line) in [
        ("amount", false),
        ("two words", false),
        ("special_requests", false),
        ("lines", false),
        ("color", false),
    ] {
        let mut named = good.clone();
        named["fields"].as_array_mut().unwrap().push(field(name, json!("text"), line));
        assert!(refused(&named).await.contains(&"F-100".to_owned()), "{name}");
    }
    let mut written = good.clone();
    let set = json!({ "id": "set", "name": { "zh": "设", "en": "Set" }, "stage": "review", "kind": { "type": "update_data",
        "assign": [{ "field": "color", "value": { "text": "green" } }] } });
    written["steps"].as_array_mut().unwrap().insert(2, set);
    assert!(refused(&written).await.contains(&"F-101".to_owned()));
    // A cap that the sender writes is none.
    let mut capped = good;
    capped["fields"].as_array_mut().unwrap().push(field("worth", json!("money"), false));
    let when = json!({ "row": { "field": "worth", "op": "lt", "value": { "number": "10" } } });
    let review = json!({ "id": "look", "name": { "zh": "看", "en": "Look" }, "stage": "review", "kind": { "type": "review",
        "assignee": { "department": "sales" }, "deadline_minutes": 60, "sop": { "zh": "看", "en": "Look" },
        "skip_when": when } });
    let steps = capped["steps"].as_array_mut().unwrap();
    steps.retain(|step| {
        !["departments", "quality", "large_or_special"].contains(&step["id"].as_str().unwrap())
    });
    steps.insert(2, review);
    let found = refused(&capped).await;
    assert!(found.contains(&"F-020".to_owned()), "{found:?}");
}
