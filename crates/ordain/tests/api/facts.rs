//! What rules know of an order beside its fields: the customer's history, what can be promised, days, people, tags, and
//! what came of steps.

use super::company::{Company, answer, clean, open_nodes};
use super::flows::Designer;
use reqwest::Method;
use serde_json::{Value, json};

fn review(id: &str) -> Value {
    json!({ "id": id, "name": { "zh": id, "en": id }, "stage": "review", "department": "sales",
        "kind": { "type": "review", "assignee": { "department": "sales" }, "backup": { "role": "management" },
            "deadline_minutes": 60, "sop": { "zh": "核对", "en": "Check" } } })
}

fn lane(id: &str, when: &str) -> Value {
    json!({ "id": id, "name": { "zh": id, "en": id }, "when": { "cel": when }, "steps": [review(id)] })
}

fn block(id: &str, kind: &str, mut lanes: Vec<Value>) -> Value {
    lanes.push(
        json!({ "id": "rest", "name": { "zh": "其他", "en": "Rest" }, "otherwise": true, "steps": [] }),
    );
    json!({ "id": id, "name": { "zh": id, "en": id }, "stage": "review", "kind": { "type": kind, "lanes": lanes } })
}

/// Puts steps before the departments look at the order, and the flow into force.
async fn publish(designer: &Designer, steps: Vec<Value>) {
    let (mut doc, _) = designer.draft("standard").await;
    doc["steps"].as_array_mut().unwrap().splice(2..2, steps);
    designer.save("standard", &doc).await;
    designer.publish("standard").await;
}

async fn put(company: &Company, path: &str, body: Value) {
    let put = match path {
        "/organisation" => company.replace(path, &body).await,
        _ => answer(company.by_token(Method::PUT, path).json(&body)).await,
    };
    assert_eq!(put.status, 200, "{path}: {}", put.text);
}

async fn approve_all(company: &Company, mut order: Value) -> Value {
    let sales = company.sign_in("smgr1").await;
    loop {
        let Some(node) = open_nodes(&order).into_iter().next() else { return order };
        let decided = company.decide(&sales, &order, &node, "approve").await;
        assert_eq!(decided.status, 200, "{node}: {}", decided.text);
        order = decided.body;
    }
}

#[tokio::test]
async fn s095_rules_know_customer_people_days_goods_and_prices() {
    let designer = Designer::open().await;
    let company = &designer.company;
    put(company, "/customers", json!({ "items": [{ "code": "C001", "owner": "sales1" }] })).await;
    put(company, "/products", json!({ "items": [{ "code": "SKU-1", "line": "pumps" }] })).await;
    put(company, "/organisation", json!({ "managers": { "sales1": "smgr1", "smgr1": "boss" } })).await;
    let lanes = vec![
        lane("first", "if_empty(first_order, false)"),
        lane(
            "near",
            "if_empty(workingDaysUntil(requested_date) <= 30, false) && if_empty(promise == \"in_stock\", false)",
        ),
        lane(
            "under",
            "if_empty(salesperson.under(\"boss\"), false) && if_empty(department == \"sales\", false)",
        ),
        lane("region", "if_empty(region.startsWith(\"Road\"), false)"),
        lane("dear", "lines.exists(l, if_empty(deviation(l.unit_price, l.agreed_price) >= 5, false))"),
        lane("pumps", "lines.exists(l, if_empty(l.category == \"pumps\", false))"),
        lane(
            "short",
            "lines.exists(l, if_empty(l.promise == \"not_promisable\", false)) || term_deviations > 0",
        ),
    ];
    publish(&designer, vec![block("facts", "inclusive", lanes)]).await;

    let first = company.place(&clean("F-1")).await;
    assert_eq!(open_nodes(&first), ["first", "near", "pumps", "region", "under"]);
    for (lang, lane, words) in
        [("zh", "under", "客户归属销售 属于 BOSS（含下级）"), ("en", "near", "at most 30 working days away")]
    {
        let told = designer.post(&format!("/flows/standard/inspect?lang={lang}"), json!({})).await.body;
        let said = told["conditions"][format!("facts/{lane}")].as_str().unwrap().to_owned();
        assert!(said.contains(words), "{said}");
    }
    let twin = company.place(&clean("F-2")).await;
    assert!(open_nodes(&twin).contains(&"first".to_owned()), "nothing is confirmed yet");
    assert_eq!(approve_all(company, first).await["status"], "confirmed");
    let mut later = clean("F-3");
    later["ship_to"]["address"] = json!("Lane 2");
    later["lines"][0]["product"] = json!("SKU-2");
    later["lines"][0]["unit_price"] = json!("10.50");
    let later = company.place(&later).await;
    let nodes = open_nodes(&later);
    assert!(["dear", "near", "under"].iter().all(|node| nodes.contains(&(*node).to_owned())), "{nodes:?}");
    assert!(
        ["first", "region", "pumps"].iter().all(|node| !nodes.contains(&(*node).to_owned())),
        "{nodes:?}"
    );
    let mut short = clean("F-4");
    short["lines"][0]["product"] = json!("SKU-3");
    let nodes = open_nodes(&company.place(&short).await);
    assert!(nodes.contains(&"short".to_owned()) && !nodes.contains(&"near".to_owned()), "{nodes:?}");
}

#[tokio::test]
async fn rules_know_what_came_of_steps_tags_and_how_often_an_order_went_back() {
    let designer = Designer::open().await;
    let company = &designer.company;
    let tag = json!({ "id": "tag", "name": { "zh": "标记", "en": "Tag" }, "stage": "review",
        "kind": { "type": "update_data", "tags": ["vip"] } });
    let lanes = vec![
        lane("again", "returns > 0"),
        lane("after", "if_empty(result(\"look\") == \"approve\", false) && tags.includes(\"vip\")"),
    ];
    publish(&designer, vec![tag, review("look"), block("facts", "inclusive", lanes), review("last")]).await;
    let sales = company.sign_in("smgr1").await;
    let order = company.place(&clean("R-1")).await;
    assert_eq!(open_nodes(&order), ["look"]);
    let order = company.decide(&sales, &order, "look", "approve").await.body;
    assert_eq!(open_nodes(&order), ["after"]);
    let order = company.decide(&sales, &order, "after", "approve").await.body;
    let task = super::company::task(&order, "last");
    let path = format!("/tasks/{}/return", task["id"].as_str().unwrap());
    let back = company.post_as(&sales, &path, &json!({ "to": "look", "reason": "once more" })).await;
    assert_eq!((back.status, open_nodes(&back.body)), (200, vec!["look".to_owned()]), "{}", back.text);
    let order = company.decide(&sales, &back.body, "look", "approve").await.body;
    assert_eq!(open_nodes(&order), ["after", "again"]);
}

#[tokio::test]
async fn a_trial_may_say_on_which_day_it_is_looked_at() {
    let designer = Designer::open().await;
    let (mut doc, _) = designer.draft("standard").await;
    let lanes = vec![lane("near", "if_empty(workingDaysUntil(requested_date) <= 3, false)")];
    doc["steps"].as_array_mut().unwrap().splice(2..2, [block("days", "exclusive", lanes)]);
    let tried = async |today: &str| {
        let facts = json!({ "amount": "10", "requested_date": "2026-11-30" });
        let body = json!({ "doc": doc, "facts": facts, "today": today });
        let found = designer.post("/flows/standard/try", body).await;
        assert_eq!(found.status, 200, "{}", found.text);
        found.body["steps"].as_array().unwrap().iter().any(|step| step["node"] == "near")
    };
    // Thursday, Friday, a weekend, Monday.
    assert!(tried("2026-11-25").await && !tried("2026-11-24").await);
    let fields = designer.get("/flow-vocabulary").await.body["fields"].clone();
    let promise = fields.as_array().unwrap().iter().find(|field| field["name"] == "promise").unwrap().clone();
    assert_eq!(promise["options"], json!(["in_stock", "partly_later", "not_promisable"]));
}
