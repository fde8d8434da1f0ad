//! Roles that a company makes for itself: what they allow, whom they reach, and what is not let through.

use super::company::{Company, answer, clean};
use super::flow_codes::has;
use super::flows::Designer;
use reqwest::Method;
use serde_json::{Value, json};

fn junior(rights: &[&str]) -> Value {
    let name = json!({ "zh": "销售助理", "en": "Junior sales" });
    json!({ "items": [{ "role": "sales_junior", "name": name, "rights": rights }] })
}

async fn give(company: &Company, login: &str, roles: &[&str]) -> Value {
    let body = json!({ "items": [{ "login": login, "roles": roles }] });
    answer(company.request(Method::PUT, "/users").bearer_auth(&company.token).json(&body)).await.body
}

fn role<'a>(roles: &'a Value, code: &str) -> &'a Value {
    roles["items"].as_array().unwrap().iter().find(|role| role["role"] == code).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn s059_a_role_of_ones_own_allows_what_it_says_and_nothing_else() {
    let company = Company::open().await;
    let sales = company.sign_in("sales1").await;
    let enters = async |po: &str| {
        answer(company.as_person(&sales, Method::POST, "/orders").json(&clean(po))).await.status
    };
    assert_eq!(enters("PO-1").await, 201);

    let put = company.replace("/roles", &junior(&["read_orders", "read_tasks"])).await;
    assert_eq!(put.status, 200, "{}", put.text);
    give(&company, "sales1", &["sales_junior"]).await;
    let me = answer(company.as_person(&sales, Method::GET, "/me")).await.body;
    assert_eq!(me["may"], json!(["read_orders", "read_tasks"]));
    assert_eq!(me["role_names"], json!([{ "zh": "销售助理", "en": "Junior sales" }]));
    assert_eq!(enters("PO-2").await, 403, "from the next request on");

    // What the role allows is what it says now, for everybody who has it.
    let more = junior(&["read_orders", "read_tasks", "write_orders"]);
    assert_eq!(company.replace("/roles", &more).await.status, 200);
    assert_eq!(enters("PO-2").await, 201);
    let roles = company.get("/roles").await.body;
    let own = role(&roles, "sales_junior");
    assert_eq!((&own["own"], &own["members"]), (&json!(true), &json!(1)));
    assert_eq!(role(&roles, "sales")["own"], json!(false));

    // With finance beside it, the same person sells and books.
    give(&company, "sales1", &["sales_junior", "finance"]).await;
    let roles = company.get("/roles").await.body;
    let found = roles["conflicts"].as_array().unwrap().iter().find(|of| of["login"] == "sales1").unwrap();
    assert_eq!(found["roles"], json!(["finance", "sales_junior"]), "{found}");
}

#[tokio::test(flavor = "multi_thread")]
async fn s059_every_fault_of_own_roles_is_named_and_a_role_that_is_held_stays() {
    let company = Company::open().await;
    let name = json!({ "zh": "甲", "en": "A" });
    let items = json!({ "items": [
        { "role": "sales", "name": name, "rights": ["read_orders"] },
        { "role": "finance", "name": name, "rights": ["read_orders"] },
        { "role": "a", "name": { "zh": "", "en": "A" }, "rights": [] },
        { "role": "a", "name": name, "rights": ["fly"] },
        { "role": "b", "name": name, "rights": ["write_users", "decide_tasks"] } ] });
    let refused = company.replace("/roles", &items).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    let faults = refused.body["findings"].as_array().unwrap();
    let found: Vec<(&str, &str)> = faults
        .iter()
        .map(|fault| (fault["path"].as_str().unwrap(), fault["code"].as_str().unwrap()))
        .collect();
    let expected = [
        ("items[0].role", "code_taken"),
        ("items[1].role", "code_taken"),
        ("items[2].name.zh", "missing_field"),
        ("items[2].rights", "missing"),
        ("items[3].role", "duplicate_code"),
        ("items[3].rights[0]", "unknown_right"),
        ("items[4].rights", "rights_apart"),
    ];
    assert_eq!(found, expected, "{}", refused.text);
    let said = faults.last().unwrap()["message"]["zh"].as_str().unwrap();
    assert!(said.contains("维护用户"), "{said}");

    assert_eq!(company.replace("/roles", &junior(&["read_orders"])).await.status, 200);
    give(&company, "sales1", &["sales_junior"]).await;
    let refused = company.replace("/roles", &json!({ "items": [] })).await;
    assert_eq!((refused.status, &refused.body["findings"][0]["code"]), (422, &json!("role_in_use")));
    give(&company, "sales1", &["sales"]).await;
    assert_eq!(company.replace("/roles", &json!({ "items": [] })).await.status, 200);
    let refused = give(&company, "sales1", &["sales_junior"]).await;
    assert_eq!(refused["findings"][0]["code"], "unknown_role", "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn s059_a_step_whose_owners_may_not_decide_is_found_before_publishing() {
    let designer = Designer::open().await;
    let company = &designer.company;
    let (mut doc, _) = designer.draft("standard").await;
    let name = json!({ "zh": "核对", "en": "Check" });
    let step = json!({ "id": "juniors", "name": name, "stage": "review", "department": "sales",
        "kind": { "type": "review", "assignee": { "role": "sales_junior" }, "deadline_minutes": 60,
            "backup": { "role": "management" }, "sop": name } });
    doc["steps"].as_array_mut().unwrap().insert(2, step);
    designer.save("standard", &doc).await;
    let check = async || designer.post("/flows/standard/check", json!({})).await.body;
    assert_eq!(company.replace("/roles", &junior(&["read_orders", "read_tasks"])).await.status, 200);
    give(company, "sales1", &["sales_junior"]).await;
    let checked = check().await;
    assert!(has(&checked, "F-129", "blocker"), "{checked}");
    assert_eq!(company.replace("/roles", &junior(&["read_tasks", "decide_tasks"])).await.status, 200);
    assert!(!has(&check().await, "F-129", "blocker"));
    let words = company.get("/flow-vocabulary?lang=zh").await.body;
    assert_eq!(words["names"]["role.sales_junior"], "销售助理");
    assert_eq!(words["members"]["role.sales_junior"].as_array().map(Vec::len), Some(1));
}
