//! Ways in which approval flows of other products fail, tried on this one from outside.

use super::company::{Company, Person, answer, clean, open_nodes, task};
use ordain_app::admin::AdminCommand;
use ordain_app::clock::Clock;
use ordain_app::reconcile::fire_due_timers;
use ordain_domain::actor::Actor;
use reqwest::Method;
use serde_json::{Value, json};

const MINUTE_MS: i64 = 60_000;

fn monday() -> i64 {
    "2026-11-23T10:00:00+08:00".parse::<jiff::Timestamp>().unwrap().as_millisecond()
}

fn step(id: &str, kind: Value) -> Value {
    json!({ "id": id, "name": { "zh": id, "en": id }, "stage": "review", "department": "sales", "kind": kind })
}

fn review(assignee: Value, settings: Value) -> Value {
    let mut kind = json!({ "type": "review", "assignee": assignee, "backup": { "role": "sales_manager" },
        "deadline_minutes": 60, "sop": { "zh": "看", "en": "Look" } });
    for (name, value) in settings.as_object().unwrap() {
        kind[name] = value.clone();
    }
    kind
}

/// A company whose orders go through these steps before the departments look at them.
async fn company_with(steps: Vec<Value>) -> Company {
    let company = Company::open_at(Clock::manual(monday())).await;
    let mut doc: Value = serde_json::from_str(include_str!("../../../../flows/standard.json")).unwrap();
    let known = doc["steps"].as_array_mut().unwrap();
    known.splice(2..2, steps);
    let command = AdminCommand::PublishFlow { key: "standard".into(), doc: doc.to_string() };
    company.app.admin(1, Actor::system("test"), command).await.unwrap();
    company
}

async fn placed(company: &Company) -> Value {
    let mut body = clean("PO-1");
    body["requested_date"] = json!("2026-12-10");
    company.place(&body).await
}

/// The order as it is now.
async fn now(company: &Company, order: &Value) -> Value {
    company.get(&format!("/orders/{}", order["id"].as_str().unwrap())).await.body
}

fn theirs<'a>(order: &'a Value, login: &str) -> &'a Value {
    let tasks = order["tasks"].as_array().unwrap();
    let own = |task: &&Value| task["state"] == "open" && task["assignee"]["key"] == login;
    tasks.iter().find(own).unwrap_or_else(|| panic!("nothing of {login} in {}", order["tasks"]))
}

async fn post(company: &Company, person: &Person, task: &Value, act: &str, body: Value) -> (u16, Value) {
    let path = format!("/tasks/{}/{act}", task["id"].as_str().unwrap());
    let said = answer(company.as_person(person, Method::POST, &path).json(&body)).await;
    (said.status, said.body)
}

/// yudao#1069: ratio voting ended at the first refusal.
#[tokio::test(flavor = "multi_thread")]
async fn a_ratio_vote_is_not_over_with_its_first_refusal() {
    let three = json!([{ "user": "sales1" }, { "user": "fin1" }, { "user": "wh1" }]);
    let settings =
        json!({ "vote": { "percent": 60 }, "reject_when": "all_heard", "same_as_initiator": "allow" });
    let company = company_with(vec![step("board", review(three, settings))]).await;
    let order = placed(&company).await;
    for (login, decision) in [("sales1", "reject"), ("fin1", "approve"), ("wh1", "approve")] {
        let (person, order) = (company.sign_in(login).await, now(&company, &order).await);
        assert_eq!(order["status"], "in_review", "before {login}");
        let body = json!({ "decision": decision, "reason": "as I see it" });
        let (status, said) = post(&company, &person, theirs(&order, login), "decide", body).await;
        assert_eq!(status, 200, "{said}");
    }
    assert_eq!(now(&company, &order).await["status"], "confirmed");
}

/// yudao#1018: the timer was not armed again after a return.
#[tokio::test(flavor = "multi_thread")]
async fn a_returned_step_is_due_anew() {
    let company = company_with(vec![step("look", review(json!({ "department": "sales" }), json!({})))]).await;
    let (order, sales) = (placed(&company).await, company.sign_in("sales1").await);
    let first = task(&order, "look")["due_at"].clone();
    company.app.clock.set_ms(monday() + 30 * MINUTE_MS);
    let back = json!({ "decision": "return", "reason": "address is old" });
    let (status, said) = post(&company, &sales, &task(&order, "look"), "decide", back).await;
    assert_eq!(status, 200, "{said}");
    let path = format!("/orders/{}/submit", order["id"].as_str().unwrap());
    let sent = company.post(&path, &json!({})).await;
    assert_eq!(sent.status, 200, "{}", sent.text);
    let due = task(&now(&company, &order).await, "look")["due_at"].clone();
    assert!(due.as_str() > first.as_str(), "{first} {due}");
    company.app.clock.set_ms(monday() + 100 * MINUTE_MS);
    fire_due_timers(&company.app).await.unwrap();
    let story = company.get(&format!("/orders/{}", order["id"].as_str().unwrap())).await;
    assert!(story.body["flags"].as_array().unwrap().contains(&json!("overdue")), "{}", story.body["flags"]);
}

/// yudao#806: a delay without anybody to approve crashed.
#[tokio::test(flavor = "multi_thread")]
async fn a_delay_has_nobody_and_goes_on_by_itself() {
    let wait = json!({ "type": "delay", "for": { "minutes": { "minutes": 30, "clock": "calendar" } } });
    let company = company_with(vec![step("pause", wait)]).await;
    let order = placed(&company).await;
    assert_eq!((order["status"].as_str(), open_nodes(&order).len()), (Some("in_review"), 0));
    let why = company.get(&format!("/orders/{}/why", order["id"].as_str().unwrap())).await;
    assert_eq!((why.status, why.body["waiting_on"].as_array().unwrap().len()), (200, 1), "{}", why.text);
    company.app.clock.set_ms(monday() + 31 * MINUTE_MS);
    fire_due_timers(&company.app).await.unwrap();
    assert_eq!(now(&company, &order).await["status"], "confirmed");
}

/// yudao#566: somebody refused while a signer whom he had asked before him was still to answer.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_decides_while_a_signer_asked_before_is_to_answer() {
    let company = company_with(vec![step("look", review(json!({ "user": "fin1" }), json!({})))]).await;
    let (order, finance) = (placed(&company).await, company.sign_in("fin1").await);
    let own = theirs(&order, "fin1");
    let (status, said) =
        post(&company, &finance, own, "add-signer", json!({ "login": "boss", "at": "before" })).await;
    assert_eq!(status, 200, "{said}");
    for decision in ["reject", "approve"] {
        let body = json!({ "decision": decision, "reason": "now" });
        let (status, said) = post(&company, &finance, own, "decide", body).await;
        assert_eq!((status, &said["code"]), (409, &json!("signers_pending")), "{said}");
    }
    let boss = company.sign_in("boss").await;
    let asked = now(&company, &order).await;
    let (status, said) =
        post(&company, &boss, theirs(&asked, "boss"), "decide", json!({ "decision": "approve" })).await;
    assert_eq!(status, 200, "{said}");
    let (status, said) = post(&company, &finance, own, "decide", json!({ "decision": "approve" })).await;
    assert_eq!(status, 200, "{said}");
    assert_eq!(now(&company, &order).await["status"], "confirmed");
}

/// Yearning#561: a resubmitted order went to another approver than the one who was chosen.
#[tokio::test(flavor = "multi_thread")]
async fn a_resubmitted_order_comes_back_to_the_chosen_approver() {
    let chosen = json!({ "chosen_by_initiator": { "department": "sales" } });
    let settings = json!({ "same_as_initiator": "allow" });
    let company = company_with(vec![step("look", review(chosen, settings))]).await;
    let mut body = clean("PO-1");
    body["requested_date"] = json!("2026-12-10");
    body["submit"] = json!(false);
    let order = company.place(&body).await;
    let on = |act: &str| format!("/orders/{}/{act}", order["id"].as_str().unwrap());
    let chose = company.post(&on("people"), &json!({ "people": { "look": ["smgr1"] } })).await;
    assert_eq!(chose.status, 200, "{}", chose.text);
    for _ in 0..2 {
        let sent = company.post(&on("submit"), &json!({})).await;
        assert_eq!(sent.status, 200, "{}", sent.text);
        let (asked, manager) = (now(&company, &order).await, company.sign_in("smgr1").await);
        let back = json!({ "decision": "return", "reason": "once more" });
        let (status, said) = post(&company, &manager, theirs(&asked, "smgr1"), "decide", back).await;
        assert_eq!(status, 200, "{said}");
    }
}

/// steedos/workflow#1965: with nobody to be found the flow went on, or stood still, and nobody knew.
#[tokio::test(flavor = "multi_thread")]
async fn a_step_that_finds_nobody_stops_and_tells_the_process_admin() {
    let nobody = json!({ "chosen_by_initiator": { "department": "sales" } });
    let mut kind = review(nobody, json!({}));
    kind.as_object_mut().unwrap().remove("backup");
    let company = company_with(vec![step("look", kind)]).await;
    let order = placed(&company).await;
    assert_eq!((order["status"].as_str(), open_nodes(&order)), (Some("in_review"), vec!["look".to_owned()]));
    let admin = company.sign_in("ops1").await;
    let queue = answer(company.as_person(&admin, Method::GET, "/exceptions?owner=mine")).await;
    assert_eq!(queue.body["items"][0]["kind"], "nobody_found", "{}", queue.text);
}
