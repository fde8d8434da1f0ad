//! Work goes from hand to hand: when it was sent, received and taken on, and what happens where nobody moves.

use crate::company::{Company, answer, clean, task};
use crate::step_settings::{act, company_of, monday, review, step};
use axum::http::Method;
use ordain_app::clock::Clock;
use ordain_app::figures::follow;
use ordain_app::reconcile::fire_due_timers;
use serde_json::{Value, json};

const HOUR_MS: i64 = 3_600_000;

/// An order that finance is asked about.
async fn cheap(company: &Company, po: &str) -> Value {
    let mut body = clean(po);
    body["lines"][0]["unit_price"] = json!("11.00");
    company.place(&body).await
}

async fn order(company: &Company, order: &Value) -> Value {
    company.get(&format!("/orders/{}", order["id"].as_str().unwrap())).await.body
}

fn passages(order: &Value, node: &str) -> Vec<Value> {
    let tasks = order["tasks"].as_array().unwrap();
    let task = tasks.iter().find(|task| task["node_id"] == node).unwrap();
    task["passages"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn s076_every_hand_over_says_when_it_was_sent_received_and_taken_on() {
    let company = Company::open().await;
    let placed = cheap(&company, "H-1").await;
    let first = passages(&placed, "finance_review");
    assert_eq!(first.len(), 1);
    assert!(first[0]["sent_at"].is_string() && first[0]["received_at"].is_null(), "{first:?}");
    // Opened, then given to somebody else, who decides it.
    let finance = company.sign_in("fin1").await;
    let id = task(&placed, "finance_review")["id"].as_str().unwrap().to_owned();
    let seen = company.post_as(&finance, &format!("/tasks/{id}/seen"), &json!({ "fields": [] })).await;
    assert_eq!(seen.status, 200, "{}", seen.text);
    let opened = passages(&order(&company, &placed).await, "finance_review");
    assert!(opened[0]["received_at"].is_string() && opened[0]["taken_at"].is_null(), "{opened:?}");
    let admin = company.sign_in("ops1").await;
    let to = json!({ "user": "boss", "reason": "finance is away" });
    let given = company.post_as(&admin, &format!("/tasks/{id}/reassign"), &to).await;
    assert_eq!(given.status, 200, "{}", given.text);
    let boss = company.sign_in("boss").await;
    let now = order(&company, &placed).await;
    let done = company.decide(&boss, &now, "finance_review", "approve").await;
    assert_eq!(done.body["status"], "confirmed", "{}", done.text);
    let all = passages(&done.body, "finance_review");
    assert_eq!(all.len(), 2, "{all:?}");
    assert!(all[0]["received_at"].is_string() && all[0]["taken_at"].is_null(), "{all:?}");
    assert_eq!(all[1]["why"], "reassigned");
    assert!(all[1]["received_at"].is_string() && all[1]["taken_at"].is_string(), "{all:?}");

    // The figures count both, the list shows them, and so does the file.
    follow(&company.app).await.unwrap();
    let figures = company.get("/reports/hand-overs").await.body;
    let departments = figures["departments"].as_array().unwrap();
    let sum = |name: &str| departments.iter().map(|each| each[name].as_i64().unwrap()).sum::<i64>();
    assert_eq!((sum("sent"), sum("received"), sum("taken"), sum("waiting")), (2, 2, 1, 0), "{figures}");
    for (set, rows) in [("sent", 2), ("received", 2), ("waiting", 0)] {
        let list = company.get(&format!("/reports/hand-over-list?set={set}&limit=1")).await.body;
        let next = list["next_cursor"].as_str().unwrap_or_default();
        let more =
            company.get(&format!("/reports/hand-over-list?set={set}&limit=1&cursor={next}")).await.body;
        let length = |page: &Value| page["items"].as_array().unwrap().len();
        let found = length(&list) + if next.is_empty() { 0 } else { length(&more) };
        assert_eq!(found, rows, "{set}");
        let file = company.get(&format!("/reports/hand-over-list.csv?set={set}")).await;
        assert_eq!(file.text.lines().count(), rows + 1, "{set}: {}", file.text);
    }
    let bad = company.get("/reports/hand-over-list?set=lost").await;
    assert_eq!(bad.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn s076_what_nobody_receives_raises_an_alarm_and_what_nobody_moves_is_suspected_lost() {
    let clock = Clock::manual(monday());
    let company = Company::open_at(clock.clone()).await;
    let mut rules = company.get("/settings/figures").await.body;
    rules["unreceived_minutes"] = json!(60);
    rules["stall_minutes"] = json!(480);
    assert_eq!(company.replace("/settings/figures", &rules).await.status, 200);
    let placed = cheap(&company, "H-2").await;
    let kinds = |order: &Value| -> Vec<String> {
        let open = order["exceptions"].as_array().unwrap().iter().filter(|each| each["closed_at"].is_null());
        open.map(|each| each["kind"].as_str().unwrap().to_owned()).collect()
    };
    clock.set_ms(clock.now_ms() + 30 * 60_000);
    fire_due_timers(&company.app).await.unwrap();
    assert!(kinds(&order(&company, &placed).await).is_empty(), "half an hour is not too long");
    clock.set_ms(clock.now_ms() + HOUR_MS);
    fire_due_timers(&company.app).await.unwrap();
    assert_eq!(kinds(&order(&company, &placed).await), ["not_received"]);
    // Opening it settles that.
    let finance = company.sign_in("fin1").await;
    let id = task(&placed, "finance_review")["id"].as_str().unwrap().to_owned();
    company.post_as(&finance, &format!("/tasks/{id}/seen"), &json!({ "fields": [] })).await;
    assert!(kinds(&order(&company, &placed).await).is_empty());

    // Days later still nobody has done anything.
    clock.set_ms(clock.now_ms() + 10 * 24 * HOUR_MS);
    fire_due_timers(&company.app).await.unwrap();
    let stuck = order(&company, &placed).await;
    assert!(kinds(&stuck).contains(&"suspected_lost".to_owned()), "{}", stuck["exceptions"]);
    let all = stuck["exceptions"].as_array().unwrap();
    let suspected = all.iter().find(|each| each["kind"] == "suspected_lost").unwrap();
    assert!(suspected["owner"]["name"]["zh"].is_string(), "somebody owns it: {suspected}");
    follow(&company.app).await.unwrap();
    let period = "from=2026-11-01&to=2026-12-31";
    let figures = company.get(&format!("/reports/overview?{period}")).await.body["figures"].clone();
    assert_eq!((&figures["suspected"], &figures["recovered"]), (&json!(1), &json!(0)), "{figures}");
    // Whoever decides it has saved the order.
    let finance = company.sign_in("fin1").await;
    let saved = company.decide(&finance, &stuck, "finance_review", "approve").await;
    assert_eq!(saved.body["status"], "confirmed", "{}", saved.text);
    follow(&company.app).await.unwrap();
    let figures = company.get(&format!("/reports/overview?{period}")).await.body["figures"].clone();
    assert_eq!((&figures["suspected"], &figures["recovered"]), (&json!(0), &json!(1)), "{figures}");
    let list = company.get(&format!("/reports/orders?set=recovered&{period}")).await.body;
    assert_eq!(list["items"][0]["suspicion"], "recovered");
    assert_eq!(
        answer(company.by_token(Method::GET, "/reports/overview?from=2020-01-01&to=2020-02-01")).await.body["figures"]
            ["recovered"],
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn s061_s101_who_stood_in_and_who_was_faster_is_on_record() {
    let company = company_of(|steps| {
        let either = json!([{ "user": "fin1" }, { "user": "smgr1" }]);
        let look = review(json!({ "assignee": either, "vote": "any", "withdraw": { "minutes": 60 } }));
        steps.insert(2, step("look", json!({}), look));
        let own = review(json!({ "assignee": { "user": "fin1" }, "backup": { "user": "ops1" } }));
        steps.insert(3, step("own", json!({}), own));
    })
    .await;
    let (finance, manager) = (company.sign_in("fin1").await, company.sign_in("smgr1").await);
    let away = json!({ "to": "smgr1", "ends_at": "2026-11-30" });
    let given = answer(company.as_person(&finance, Method::POST, "/delegations").json(&away)).await;
    assert_eq!(given.status, 201, "{}", given.text);
    let placed = company.place(&clean("H-3")).await;
    let tasks = placed["tasks"].as_array().unwrap();
    let seats: Vec<&Value> = tasks.iter().filter(|task| task["node_id"] == "look").collect();
    let decide = json!({ "decision": "approve" });
    let (status, done) = act(&company, &manager, seats[0], "decide", decide.clone()).await;
    assert_eq!(status, 200, "{done}");
    // Whoever comes later hears who was faster, with what and when.
    let (status, late) = act(&company, &manager, seats[0], "decide", decide.clone()).await;
    assert_eq!((status, &late["code"]), (409, &json!("task_decided")), "{late}");
    let told = |late: &Value| late["message"]["en"].as_str().unwrap().to_owned();
    assert!(told(&late).starts_with("SMGR1 decided it at 2026-11-23T10:00"), "{late}");
    let (status, late) = act(&company, &manager, seats[1], "decide", decide.clone()).await;
    assert_eq!((status, &late["code"]), (409, &json!("task_closed_by")), "{late}");
    assert!(told(&late).ends_with("others have decided the step"), "{late}");
    let now = order(&company, &placed).await;
    let closed = now["tasks"].as_array().unwrap().iter().find(|task| task["id"] == seats[1]["id"]).unwrap();
    assert_eq!(closed["closed"]["by"]["login"], "smgr1", "{closed}");
    // What lay with finance went to the stand-in, and stands under both names.
    let own = task(&now, "own");
    let (status, done) = act(&company, &manager, &own, "decide", decide).await;
    assert_eq!(status, 200, "{done}");
    let now = order(&company, &placed).await;
    let own = now["tasks"].as_array().unwrap().iter().find(|task| task["node_id"] == "own").unwrap();
    assert_eq!(own["decided_by"]["login"], "smgr1");
    assert!(own["decided_for"]["zh"].is_string(), "{own}");
    let timeline = company.get(&format!("/orders/{}/timeline", placed["id"].as_str().unwrap())).await.body;
    let items = timeline["items"].as_array().unwrap();
    assert!(items.iter().any(|item| item["actor"]["on_behalf"] == own["decided_for"]), "{timeline}");
}
