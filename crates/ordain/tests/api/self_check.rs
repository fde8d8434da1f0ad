//! The self-check: what it finds, what it says to do, that it raises an alarm once, and how often it runs.

use crate::company::{Answer, Company, Person, answer, clean};
use ordain_app::clock::Clock;
use ordain_app::self_check::{CHECKS, run_due};
use ordain_domain::actor::Actor;
use reqwest::Method;
use serde_json::{Value, json};

const HOUR_MS: i64 = 3_600_000;
/// A Monday morning.
const START_MS: i64 = 1_773_021_600_000;

async fn get(company: &Company, person: &Person, path: &str) -> Answer {
    answer(company.as_person(person, Method::GET, path)).await
}

fn count(run: &Value, check: &str) -> i64 {
    let found = run["checks"].as_array().unwrap().iter().find(|result| result["check"] == check);
    found.unwrap_or_else(|| panic!("no {check}: {run}"))["count"].as_i64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn s102_a_company_in_order_passes_every_check_and_each_has_a_name_and_advice() {
    let company = Company::open().await;
    let admin = company.sign_in("ops1").await;
    company.place(&clean("PO-1")).await;
    ordain_app::reconcile::seal_all(&company.app).await.unwrap();
    let run = company.post_as(&admin, "/self-checks", &json!({})).await;
    assert_eq!((run.status, &run.body["failed"]), (200, &json!(0)), "{}", run.text);
    let checks = run.body["checks"].as_array().unwrap();
    assert_eq!(checks.iter().map(|result| result["check"].as_str().unwrap()).collect::<Vec<_>>(), CHECKS);
    for result in checks {
        for words in ["name", "advice"] {
            let text = result[words]["zh"].as_str().unwrap();
            assert!(!text.is_empty() && !text.contains("self_check."), "{result}");
        }
    }
    let shown = get(&company, &admin, "/self-checks").await.body;
    assert_eq!((&shown["every_minutes"], shown["items"].as_array().unwrap().len()), (&json!(60), 1));
    let sales = company.sign_in("sales1").await;
    assert_eq!(get(&company, &sales, "/self-checks").await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn s102_what_is_late_is_found_with_an_example_and_told_once() {
    let clock = Clock::manual(START_MS);
    let company = Company::open_at(clock.clone()).await;
    let mut dear = clean("PO-1");
    dear["requested_date"] = json!("2026-03-30");
    let confirmed = company.place(&dear).await;
    assert_eq!(confirmed["status"], "confirmed", "{confirmed}");
    dear["customer_po"] = json!("PO-2");
    dear["lines"][0]["unit_price"] = json!("99");
    let waiting = company.place(&dear).await;
    assert_eq!(waiting["status"], "in_review");
    clock.set_ms(clock.now_ms() + 72 * HOUR_MS);
    let admin = company.sign_in("ops1").await;
    let told = async || {
        let read = get(&company, &admin, "/notices?kind=self_check_failed").await;
        read.body["items"].as_array().unwrap().len()
    };
    let run = company.post_as(&admin, "/self-checks", &json!({})).await.body;
    // Nothing carries mail here, and nobody has decided.
    assert_eq!(count(&run, "outbox_late"), 1, "{run}");
    assert_eq!(count(&run, "tasks_stalled"), 1, "{run}");
    assert_eq!(count(&run, "runs_stuck"), 0, "{run}");
    let stalled = run["checks"].as_array().unwrap().iter().find(|result| result["check"] == "tasks_stalled");
    assert_eq!(stalled.unwrap()["example"], waiting["number"]);
    assert_eq!(told().await, 1);
    let metrics = company.client.get(format!("{}/metrics", company.base)).send().await.unwrap();
    let failed = run["failed"].as_i64().unwrap();
    assert!(metrics.text().await.unwrap().contains(&format!("ordain_self_check_failed {failed}")));
    company.post_as(&admin, "/self-checks", &json!({})).await;
    assert_eq!(told().await, 1, "the same is told once");
}

#[tokio::test(flavor = "multi_thread")]
async fn s102_it_runs_by_itself_as_often_as_it_is_told_to() {
    let clock = Clock::manual(START_MS);
    let company = Company::open_at(clock.clone()).await;
    let admin = company.sign_in("ops1").await;
    let runs = || company.app.store.self_checks(1, 500).unwrap().len();
    assert_eq!((run_due(&company.app).await.unwrap(), runs()), (1, 1), "never before");
    assert_eq!(run_due(&company.app).await.unwrap(), 0);
    clock.set_ms(clock.now_ms() + HOUR_MS);
    assert_eq!((run_due(&company.app).await.unwrap(), runs()), (1, 2));
    let set = async |minutes: i64| {
        let tag = get(&company, &admin, "/settings/self-check").await.etag.unwrap();
        let request = company.as_person(&admin, Method::PUT, "/settings/self-check").header("if-match", tag);
        answer(request.json(&json!({ "every_minutes": minutes }))).await
    };
    let said = set(1).await;
    assert_eq!(
        (said.status, &said.body["findings"][0]["code"]),
        (422, &json!("out_of_range")),
        "{}",
        said.text
    );
    assert_eq!(set(240).await.status, 200);
    clock.set_ms(clock.now_ms() + 2 * HOUR_MS);
    assert_eq!(run_due(&company.app).await.unwrap(), 0, "every four hours now");
    clock.set_ms(clock.now_ms() + 2 * HOUR_MS);
    assert_eq!(run_due(&company.app).await.unwrap(), 1);
    assert_eq!(set(0).await.status, 200);
    clock.set_ms(clock.now_ms() + 100 * HOUR_MS);
    assert_eq!(run_due(&company.app).await.unwrap(), 0, "never");
}

#[tokio::test(flavor = "multi_thread")]
async fn s102_a_log_that_says_something_else_than_at_the_last_check_is_found() {
    let company = Company::open().await;
    company.place(&clean("PO-1")).await;
    ordain_app::reconcile::seal_all(&company.app).await.unwrap();
    let check = async || {
        let row = ordain_app::self_check::run(&company.app, 1, Actor::system("test")).await.unwrap();
        serde_json::from_str::<Value>(&row.results).unwrap()
    };
    assert_eq!(count(&check().await, "log_head"), 0);
    let head = ordain_app::audit::export_head(&company.app.store, 1).unwrap().unwrap();
    let (store, forged) = (&company.app.store, "0".repeat(64));
    let said = |head: &ordain_app::audit::SignedHead| {
        ordain_app::audit::verify_head(store, 1, head).unwrap().map(|problem| problem.detail)
    };
    assert_eq!(said(&head), None);
    let other = ordain_app::audit::SignedHead { hash: forged.clone(), ..head.clone() };
    assert_eq!(said(&other), Some("hash_differs_from_head"));
    let mut unsigned = head;
    unsigned.seal.root = forged;
    assert_eq!(said(&unsigned), Some("head_is_not_signed"));
}
