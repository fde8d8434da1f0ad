//! Connectors as they are maintained: secrets go in and never come out.

use crate::company::{Company, Person, answer, clean, task};
use crate::flows::Designer;
use crate::step_settings::{act, review, step};
use reqwest::Method;
use serde_json::{Value, json};

pub fn erp() -> Value {
    json!({
        "name": { "zh": "财务系统", "en": "ERP" }, "base_url": "https://erp.example.com/api",
        "headers": [{ "name": "Authorization", "secret": "Bearer geheim" }, { "name": "X-App", "value": "7" }],
        "operations": { "push": { "method": "POST", "path": "/orders/{no}",
            "success": { "at": "code", "is": "0" }, "sample": { "code": 0, "id": "E-1" } } },
        "expires_at": "2099-12-31",
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn s058_a_secret_goes_in_and_never_comes_out() {
    let company = Company::open().await;
    let put = company.replace("/connectors/erp", &erp()).await;
    assert_eq!(put.status, 200, "{}", put.text);
    let shown = company.get("/connectors/erp").await;
    let headers = json!([{ "name": "authorization", "value": null }, { "name": "x-app", "value": "7" }]);
    assert_eq!((&shown.body["headers"], &shown.body["state"]), (&headers, &json!("ready")));
    assert_eq!(shown.body["operations"]["push"]["path"], "/orders/{no}");
    assert!(shown.body["secrets_at"].is_string(), "{}", shown.text);
    let list = company.get("/connectors").await;
    let log = company.get("/audit").await;
    for text in [&put.text, &shown.text, &list.text, &log.text] {
        assert!(!text.contains("geheim"), "{text}");
    }
    assert!(log.text.contains("put_connector"), "{}", log.text);

    // What is left out stays; another one is a change that the log tells of without telling it.
    let mut item = erp();
    item["headers"] = json!([{ "name": "authorization" }]);
    assert_eq!(company.replace("/connectors/erp", &item).await.status, 200);
    let kept = company.get("/connectors/erp").await;
    assert_eq!(kept.body["secrets_at"], shown.body["secrets_at"]);
    item["headers"] = json!([{ "name": "authorization", "secret": "Bearer anders" }]);
    assert_eq!(company.replace("/connectors/erp", &item).await.status, 200);
    assert_ne!(company.get("/connectors/erp").await.etag, kept.etag);
    let row = company.app.store.setting(1, "connector_secrets").unwrap().unwrap();
    assert_eq!(row.value, r#"{"erp":{"authorization":"Bearer anders"}}"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn s058_every_fault_of_a_connector_is_named_at_once_and_nothing_is_written() {
    let company = Company::open().await;
    let body = json!({
        "name": { "zh": "", "en": "ERP" }, "base_url": "https://user:pass@erp.example.com",
        "headers": [{ "name": "Idempotency-Key", "value": "1" }, { "name": "x-a", "value": "1", "secret": "2" },
            { "name": "x-b" }, { "name": "x-c", "value": "gra\u{df}" }],
        "operations": { "push": { "method": "POST", "path": "orders/{no" } },
        "expires_at": "soon",
    });
    let refused = company.replace("/connectors/erp", &body).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    let mut found: Vec<(String, String)> = refused.body["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| (fault["code"].as_str().unwrap().into(), fault["path"].as_str().unwrap().into()))
        .collect();
    found.sort();
    let expected = [
        ("bad_base_url", "base_url"),
        ("bad_character", "headers[3].value"),
        ("bad_header", "headers[0].name"),
        ("bad_path", "operations.push.path"),
        ("missing_field", "headers[2].secret"),
        ("missing_field", "name.zh"),
        ("not_a_moment", "expires_at"),
        ("value_or_secret", "headers[1].value"),
    ];
    assert_eq!(found, expected.map(|(code, path)| (code.to_owned(), path.to_owned())));
    assert_eq!(company.get("/connectors").await.body, json!({ "items": [] }));
    let stale = company.by_token(Method::PUT, "/connectors/erp").header("if-match", "\"7\"").json(&erp());
    assert_eq!(answer(stale).await.status, 412);
    assert_eq!(answer(company.by_token(Method::PUT, "/connectors/erp").json(&erp())).await.status, 428);
}

/// The warnings of a draft about the mappings of its call.
async fn warned(designer: &Designer, call: Value) -> Vec<String> {
    let (mut doc, _) = designer.draft("standard").await;
    let name = json!({ "zh": "值", "en": "value" });
    doc["fields"] = json!([{ "field": "erp_no", "name": name, "type": "text" },
        { "field": "erp_on", "name": name, "type": "date" }]);
    let steps = doc["steps"].as_array_mut().unwrap();
    steps.retain(|step| step["id"] != "call_erp");
    steps.insert(1, json!({ "id": "call_erp", "name": name, "stage": "review", "kind": call }));
    designer.save("standard", &doc).await;
    let checked = designer.post("/flows/standard/check", json!({})).await;
    let problems = checked.body["problems"].as_array().unwrap().clone();
    let of_call = problems.iter().filter(|problem| problem["node"] == "call_erp");
    of_call
        .map(|problem| {
            assert_eq!((&problem["code"], &problem["severity"]), (&json!("F-051"), &json!("warning")));
            problem["params"]["field"].as_str().unwrap().to_owned()
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn s058_mappings_are_tried_on_the_sample_before_a_flow_is_published() {
    let designer = Designer::open().await;
    assert_eq!(designer.company.replace("/connectors/erp", &erp()).await.status, 200);
    let call = |request: Value, response: Value| {
        json!({ "type": "connector_call", "connector": "erp", "operation": "push", "request": request,
            "response": response })
    };
    let good = call(
        json!({ "no": "number", "sum": "amount", "to": "ship_to.address", "erp": "erp_no" }),
        json!({ "erp_no": "id" }),
    );
    assert_eq!(warned(&designer, good).await, Vec::<String>::new());
    let bad = call(json!({ "no": "nummer" }), json!({ "erp_no": "gone", "erp_on": "id" }));
    assert_eq!(warned(&designer, bad).await, ["nummer", "erp_no", "erp_on"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn s058_a_button_of_a_step_is_shown_with_its_task_and_pressed() {
    let designer = Designer::open().await;
    let company = &designer.company;
    assert_eq!(company.replace("/connectors/erp", &erp()).await.status, 200);
    let button = |zh: &str| {
        json!({ "id": "label", "name": { "zh": zh, "en": "" }, "confirm": { "zh": "现在打印？", "en": "Print now?" },
            "call": { "connector": "erp", "operation": "push", "request": { "no": "number" } } })
    };
    let with = |buttons: Value| step("look", json!({}), review(json!({ "buttons": buttons })));
    let (mut doc, _) = designer.draft("standard").await;
    doc["steps"].as_array_mut().unwrap().insert(2, with(json!([button("打印标签"), button("")])));
    designer.save("standard", &doc).await;
    let checked = designer.post("/flows/standard/check", json!({})).await;
    let problems = checked.body["problems"].as_array().unwrap();
    let twice = problems.iter().filter(|problem| problem["code"] == "F-130").count();
    assert_eq!(twice, 2, "one has no name, and both have one id: {}", checked.text);
    doc["steps"][2] = with(json!([button("打印标签")]));
    designer.save("standard", &doc).await;
    designer.publish("standard").await;

    let order = company.place(&clean("PO-B")).await;
    let sales = company.sign_in("sales1").await;
    let look = task(&order, "look");
    let shown =
        |task: &Value| (task["buttons"][0]["allowed"].clone(), task["buttons"][0]["reason_code"].clone());
    let path = format!("/tasks/{}", look["id"].as_str().unwrap());
    let seen_by = async |person: &Person| answer(company.as_person(person, Method::GET, &path)).await.body;
    let own = seen_by(&sales).await;
    assert_eq!(shown(&own), (json!(true), Value::Null), "{own}");
    assert_eq!(own["buttons"][0]["confirm"]["zh"], "现在打印？");
    let boss = company.sign_in("boss").await;
    assert_eq!(shown(&seen_by(&boss).await), (json!(false), json!("not_your_task")));

    let (status, said) = act(company, &sales, &look, "press", json!({})).await;
    assert_eq!((status, &said["code"]), (422, &json!("bad_body")), "{said}");
    let (status, said) = act(company, &sales, &look, "press", json!({ "button": "fax" })).await;
    assert_eq!((status, &said["code"]), (409, &json!("unknown_button")), "{said}");
    let (status, said) = act(company, &sales, &look, "press", json!({ "button": "label" })).await;
    assert_eq!(status, 200, "{said}");
    assert_eq!(shown(&seen_by(&sales).await), (json!(false), json!("still_told")));
    let (status, said) = act(company, &sales, &look, "press", json!({ "button": "label" })).await;
    assert_eq!((status, &said["code"]), (409, &json!("still_told")), "{said}");
    let told = company.get(&format!("/orders/{}/timeline", order["id"].as_str().unwrap())).await;
    assert!(told.text.contains("打印标签"), "{}", told.text);
}
