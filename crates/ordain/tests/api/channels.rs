//! What carries messages other than mail, what flows may say of it, and what else of a step cannot be carried out.

use crate::company::{Company, answer};
use crate::connectors::erp;
use crate::step_settings::{company_of, review, step};
use reqwest::Method;
use serde_json::{Value, json};

fn named(problems: &Value) -> Vec<String> {
    let one = |problem: &Value| {
        let (code, node) = (problem["code"].as_str().unwrap(), problem["node"].as_str().unwrap_or("-"));
        format!("{code} {node}")
    };
    let mut found: Vec<String> = problems.as_array().unwrap().iter().map(one).collect();
    found.sort();
    found
}

/// What is wrong with the shipped flow when it has these steps too, beside what is always said of it.
async fn problems(company: &Company, steps: &[Value]) -> (Vec<String>, String) {
    let mut doc: Value = serde_json::from_str(include_str!("../../../../flows/standard.json")).unwrap();
    let inspect = |doc: &Value| {
        let body = json!({ "doc": doc });
        answer(company.by_token(Method::POST, "/flows/standard/inspect").json(&body))
    };
    let usual = named(&inspect(&doc).await.body["problems"]);
    for (at, step) in steps.iter().enumerate() {
        doc["steps"].as_array_mut().unwrap().insert(2 + at, step.clone());
    }
    let said = inspect(&doc).await;
    let mut found = named(&said.body["problems"]);
    for known in usual {
        if let Some(at) = found.iter().position(|code| *code == known) {
            found.remove(at);
        }
    }
    (found, said.text)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_carries_messages_is_put_as_a_whole_after_every_fault_is_named() {
    let company = Company::open().await;
    assert_eq!(company.replace("/connectors/erp", &erp()).await.status, 200);
    let wrong = json!({ "items": [
        { "channel": "pigeon", "connector": "erp", "operation": "push" },
        { "channel": "mail", "connector": "erp", "operation": "push" },
        { "channel": "sms", "connector": "erp", "operation": "shout" },
        { "channel": "sms", "connector": "", "operation": "push" },
    ] });
    let refused = company.replace("/settings/channels", &wrong).await;
    let faults = refused.body["findings"].as_array().unwrap();
    let mut found: Vec<String> = faults
        .iter()
        .map(|fault| format!("{} {}", fault["code"].as_str().unwrap(), fault["path"].as_str().unwrap()))
        .collect();
    found.sort();
    let expected = [
        "duplicate_code items[3].channel",
        "missing_field items[3].connector",
        "unknown_channel items[0].channel",
        "unknown_channel items[1].channel",
        "unknown_operation items[2].operation",
    ];
    assert_eq!((refused.status, found), (422, expected.map(str::to_owned).to_vec()), "{}", refused.text);
    let ask = step(
        "ask",
        json!({}),
        json!({ "type": "customer_confirmation", "template": "customer_confirmation", "deadline_minutes": 60, "channels": ["mail", "sms", "mail"] }),
    );
    let (found, text) = problems(&company, std::slice::from_ref(&ask)).await;
    assert_eq!(found, ["F-053 ask", "F-112 ask"], "{text}");
    let right = json!({ "items": [{ "channel": "sms", "connector": "erp", "operation": "push" }] });
    assert_eq!(company.replace("/settings/channels", &right).await.status, 200);
    assert_eq!(company.get("/settings/channels").await.body, right);
    assert_eq!(problems(&company, &[ask]).await.0, ["F-112 ask"]);
    let sales = company.sign_in("sales1").await;
    assert_eq!(answer(company.as_person(&sales, Method::GET, "/settings/channels")).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_step_names_and_nobody_knows_is_said_before_it_is_published() {
    let company = Company::open().await;
    let (found, text) = problems(
        &company,
        &[
            step("tell", json!({}), json!({ "type": "notify", "template": "nosuch", "to": ["customer"] })),
            step("copy", json!({}), json!({ "type": "cc", "to": [{ "role": "ghosts" }] })),
            step("none", json!({}), json!({ "type": "cc", "to": [] })),
            step(
                "ask",
                json!({}),
                json!({ "type": "customer_confirmation", "template": "nosuch", "deadline_minutes": 60, "recorder": { "user": "ghost" } }),
            ),
            step(
                "set",
                json!({}),
                json!({ "type": "update_data", "assign": [
                    { "field": "status", "value": { "text": "confirmed" } },
                    { "field": "totals.gross", "value": { "number": "5" } },
                    { "field": "customer", "value": { "text": "C9" } },
                    { "field": "payment_terms", "value": { "number": "5" } },
                    { "field": "special_requests", "value": { "field": "nosuch" } },
                    { "field": "mark", "value": { "text": "fine" } },
                ] }),
            ),
        ],
    )
    .await;
    let expected = [
        "F-009 ask",
        "F-009 copy",
        "F-054 ask",
        "F-054 tell",
        "F-101 set",
        "F-103 set",
        "F-103 set",
        "F-103 set",
        "F-103 set",
        "F-112 none",
    ];
    assert_eq!(found, expected, "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_that_has_no_length_or_no_end_is_not_published() {
    let company = Company::open().await;
    let far = 4_294_967_295_u32;
    let late = json!({ "id": "late", "name": { "zh": "迟", "en": "Late" }, "steps": [] });
    let rules =
        json!([{ "at_minutes": -2_000_000_000, "do": "remind", "repeat_minutes": 1, "repeat_max": far }]);
    let timed = review(json!({ "deadline_minutes": null,
        "deadline": { "from": { "after": { "minutes": 120 } }, "rules": rules } }));
    let (found, text) = problems(
        &company,
        &[
            step("long", json!({}), review(json!({ "deadline_minutes": far }))),
            step("rule", json!({}), timed),
            step(
                "wait",
                json!({}),
                json!({ "type": "wait_event", "event": " ", "timeout_minutes": 0, "on_timeout": late }),
            ),
            step(
                "sleep",
                json!({}),
                json!({ "type": "delay", "for": { "minutes": { "minutes": far } }, "max_minutes": 0 }),
            ),
        ],
    )
    .await;
    let expected =
        ["F-092 long", "F-092 rule", "F-092 rule", "F-092 sleep", "F-092 sleep", "F-092 wait", "F-092 wait"];
    let bounds: Vec<&String> = found.iter().filter(|code| code.starts_with("F-092")).collect();
    assert_eq!(bounds, expected.iter().collect::<Vec<_>>(), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_whose_date_nobody_has_given_goes_by_the_companys_table() {
    let from = json!({ "from": { "field": { "field": "ready_on" } } });
    let dated = review(json!({ "deadline_minutes": null, "deadline": from }));
    let company = company_of(|steps| steps.insert(2, step("look", json!({}), dated))).await;
    let table = json!({ "items": [{ "minutes": 60 }] });
    assert_eq!(company.replace("/settings/sla", &table).await.status, 200);
    let order = crate::step_settings::placed(&company, "PO-1").await;
    assert!(crate::company::task(&order, "look")["due_at"].is_string(), "{order}");
}
