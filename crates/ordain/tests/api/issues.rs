//! Problems that people report: who handles them first and until when is the company's standard, not the reporter's choice.

use crate::company::{Answer, Company, answer, clean, codes};
use ordain_app::clock::Clock;
use ordain_app::reconcile::fire_due_timers;
use reqwest::Method;
use serde_json::{Value, json};

fn monday() -> i64 {
    "2026-11-23T10:00:00+08:00".parse::<jiff::Timestamp>().unwrap().as_millisecond()
}

fn order(po: &str) -> Value {
    let mut body = clean(po);
    body["requested_date"] = json!("2026-12-10");
    body
}

fn kind(code: &str, handler: Value, minutes: u32, applies_to: Value) -> Value {
    let words = json!({ "zh": code, "en": code });
    json!({ "code": code, "name": words, "handler": handler, "answer_minutes": minutes, "guidance": words,
        "applies_to": applies_to })
}

async fn as_person(company: &Company, login: &str, method: Method, path: &str, body: &Value) -> Answer {
    let person = company.sign_in(login).await;
    answer(company.as_person(&person, method, path).json(body)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn s088_a_reported_problem_goes_to_the_first_handler_of_its_type_with_its_answer_time() {
    let company = Company::open_at(Clock::manual(monday())).await;
    let shipped = company.get("/issue-types").await;
    assert!(codes(&shipped.body["items"]).contains(&"goods_missing".to_owned()), "{}", shipped.text);
    let types = json!({ "items": [
        kind("broken", json!({ "department": "warehouse" }), 180, json!([])),
        kind("late", json!({ "user": "plan1" }), 60, json!(["question_to_sales", "nobody_found"])),
    ] });
    assert_eq!(company.replace("/issue-types", &types).await.status, 200);
    assert_eq!(company.get("/issue-types").await.body, types, "it is read as it was put");

    let made = company.place(&order("PO-88")).await;
    assert_eq!(made["status"], "confirmed");
    let path = format!("/orders/{}/issues", made["id"].as_str().unwrap());
    let body = json!({ "type": "broken", "text": "两箱破损" });
    let send = || company.by_token(Method::POST, &path).header("idempotency-key", "once").json(&body);
    let told = answer(send()).await;
    assert_eq!(told.status, 200, "{}", told.text);
    assert!(answer(send()).await.replayed);
    let [found] = told.body["exceptions"].as_array().unwrap().as_slice() else { panic!("{}", told.text) };
    assert_eq!((&found["kind"], &found["issue"]["code"]), (&json!("issue_reported"), &json!("broken")));
    assert_eq!(found["evidence"]["text"], "两箱破损");
    assert_eq!(
        (&found["owner"]["kind"], &found["owner"]["key"]),
        (&json!("department"), &json!("warehouse"))
    );
    // Three working hours from ten, with the hour at noon left out.
    assert!(found["due_at"].as_str().unwrap().starts_with("2026-11-23T14:00"), "{found}");
    assert_eq!(told.body["flags"], json!(["exception"]));
    let notices = as_person(&company, "wh1", Method::GET, "/notices", &json!({})).await;
    assert!(notices.text.contains("issue_reported"), "{}", notices.text);
    assert_eq!(
        company.get(&format!("/orders/{}", made["id"].as_str().unwrap())).await.body["exceptions"]
            .as_array()
            .unwrap()
            .len(),
        1
    );

    let take = format!("/exceptions/{}/take", found["id"].as_str().unwrap());
    let foreign = as_person(&company, "fin1", Method::POST, &take, &json!({})).await;
    assert_eq!((foreign.status, &foreign.body["code"]), (403, &json!("not_your_exception")));
    assert_eq!(as_person(&company, "wh1", Method::POST, &take, &json!({})).await.status, 200);
    // Nobody settled it: it goes up, as every exception does.
    company.app.clock.set_ms(monday() + 4 * 60 * 60_000);
    fire_due_timers(&company.app).await.unwrap();
    let queue = company.get("/exceptions").await;
    assert_eq!(queue.body["items"][0]["owner"]["key"], "management", "{}", queue.text);
    let close = format!("/exceptions/{}/close", found["id"].as_str().unwrap());
    let closed = as_person(&company, "boss", Method::POST, &close, &json!({ "reason": "replaced" })).await;
    assert_eq!(closed.body["exceptions"][0]["state"], "closed", "{}", closed.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn s088_questions_take_their_handler_and_time_from_the_types_too() {
    let company = Company::open_at(Clock::manual(monday())).await;
    let types = json!({ "items": [kind("ask", json!({ "user": "cs1" }), 30, json!(["question_to_sales"]))] });
    assert_eq!(company.replace("/issue-types", &types).await.status, 200);
    let mut body = order("PO-88");
    body["special_requests"] = json!("wooden crates");
    let made = company.place(&body).await;
    let path = format!("/orders/{}/questions", made["id"].as_str().unwrap());
    let asked = company.post(&path, &json!({ "to": "sales", "text": "which crates?" })).await;
    let question = &asked.body["questions"][0];
    assert!(question["due_at"].as_str().unwrap().starts_with("2026-11-23T10:30"), "{}", asked.text);
    let notices = as_person(&company, "cs1", Method::GET, "/notices", &json!({})).await;
    assert!(notices.text.contains("question_to_sales"), "{}", notices.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn s088_what_cannot_be_is_named_at_once_and_nothing_is_kept() {
    let company = Company::open().await;
    let before = company.get("/issue-types").await;
    let types = json!({ "items": [
        kind("a", json!({ "department": "nowhere" }), 0, json!(["question_to_sales", "weather"])),
        kind("a", json!({}), 60, json!(["question_to_sales"])),
        { "code": "", "name": { "zh": "x" }, "handler": { "role": "king" }, "answer_minutes": 30_000 },
    ] });
    let refused = company.replace("/issue-types", &types).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    let mut named: Vec<String> = refused.body["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| format!("{} {}", fault["code"].as_str().unwrap(), fault["path"].as_str().unwrap()))
        .collect();
    named.sort();
    let expected = [
        "duplicate_code items[1].applies_to[0]",
        "duplicate_code items[1].code",
        "missing_field items[2].code",
        "missing_field items[2].name.en",
        "one_party items[1].handler",
        "out_of_range items[0].answer_minutes",
        "out_of_range items[2].answer_minutes",
        "unknown_department items[0].handler.department",
        "unknown_occasion items[0].applies_to[1]",
        "unknown_role items[2].handler.role",
    ];
    assert_eq!(named, expected);
    assert_eq!(company.get("/issue-types").await.body, before.body);
    let made = company.place(&order("PO-88")).await;
    let path = format!("/orders/{}/issues", made["id"].as_str().unwrap());
    let unknown = company.post(&path, &json!({ "type": "weather", "text": "rain" })).await;
    assert_eq!((unknown.status, &unknown.body["code"]), (422, &json!("unknown_issue_type")));
    let empty = company.post(&path, &json!({ "type": "wrong_data", "text": " " })).await;
    assert_eq!((empty.status, &empty.body["code"]), (422, &json!("reason_required")));
}
