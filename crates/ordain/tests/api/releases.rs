//! Releases of flows that wait: for a second pair of eyes, for a time, and what becomes of them.

use crate::company::{Answer, Company, Person, answer};
use crate::flows::{Designer, codes};
use ordain_app::app::App;
use ordain_app::clock::Clock;
use ordain_app::reconcile::fire_due_timers;
use reqwest::Method;
use serde_json::{Value, json};

/// Monday, 2026-11-23, 10:00 in Shanghai.
const MONDAY_MS: i64 = 1_795_399_200_000;
const HOUR_MS: i64 = 3_600_000;

async fn designer() -> Designer {
    let company = Company::open_at(Clock::manual(MONDAY_MS)).await;
    let person = company.sign_in("ops1").await;
    Designer { company, person }
}

async fn by(designer: &Designer, person: &Person, path: &str, body: Value) -> Answer {
    answer(designer.company.as_person(person, Method::POST, path).json(&body)).await
}

/// Saves a draft that asks finance within other minutes, and makes the flow critical or not.
async fn draft(designer: &Designer, minutes: u32, critical: bool) {
    let (mut doc, _) = designer.draft("standard").await;
    doc["critical"] = json!(critical);
    *doc.pointer_mut("/steps/2/kind/lanes/1/steps/0/kind/deadline_minutes").unwrap() = json!(minutes);
    designer.save("standard", &doc).await;
}

async fn ask(designer: &Designer, more: Value) -> Answer {
    // The standard flow says nothing of orders without an amount.
    let mut body = json!({ "note": "shorter deadline", "acknowledged": ["F-016@large_or_special"] });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    designer.post("/flows/standard/publish", body).await
}

async fn in_force(designer: &Designer) -> (i64, Value) {
    let flows = designer.get("/flows").await.body;
    let active = flows.as_array().unwrap().iter().find(|row| row["state"] == "active").unwrap().clone();
    (active["version"].as_i64().unwrap(), active["rollback"].clone())
}

async fn noticed(designer: &Designer, login: &str, kind: &str) -> usize {
    let person = designer.company.sign_in(login).await;
    let list = answer(designer.company.as_person(&person, Method::GET, "/notices")).await;
    list.body["items"].as_array().unwrap().iter().filter(|notice| notice["kind"] == kind).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn s069_a_critical_flow_comes_into_force_when_somebody_else_agrees() {
    let designer = designer().await;
    let boss = designer.company.sign_in("boss").await;
    draft(&designer, 61, true).await;
    let asked = ask(&designer, json!({})).await;
    assert_eq!((asked.status, &asked.body["waits_for"]), (200, &json!(["approval"])), "{}", asked.text);
    assert_eq!(in_force(&designer).await.0, 1);
    let waiting = designer.get("/flows/standard/release").await;
    assert_eq!((&waiting.body["needs_approval"], &waiting.body["approved_by"]), (&json!(true), &Value::Null));
    assert_eq!(noticed(&designer, "boss", "release_asked").await, 1);

    // Neither whoever asked and wrote it, nor a machine, nor somebody without the right.
    let own = designer.post("/flows/standard/release/approve", json!({})).await;
    assert_eq!((own.status, &own.body["code"]), (403, &json!("four_eyes")));
    assert_eq!(designer.company.post("/flows/standard/release/approve", &json!({})).await.status, 403);
    let seller = designer.company.sign_in("sales1").await;
    assert_eq!(by(&designer, &seller, "/flows/standard/release/approve", json!({})).await.status, 403);
    // What waits is what was checked; the draft goes on.
    draft(&designer, 62, true).await;
    assert_eq!((ask(&designer, json!({})).await.status, in_force(&designer).await.0), (409, 1));

    let agreed = by(&designer, &boss, "/flows/standard/release/approve", json!({})).await;
    assert_eq!((agreed.status, &agreed.body["version"]), (200, &json!(2)), "{}", agreed.text);
    let doc = designer.get("/flows/standard").await.body;
    assert_eq!(doc.pointer("/steps/2/kind/lanes/1/steps/0/kind/deadline_minutes"), Some(&json!(61)));
    assert_eq!(designer.get("/flows/standard/release").await.status, 404);
    let again = by(&designer, &boss, "/flows/standard/release/approve", json!({})).await;
    assert_eq!(again.status, 404);
    let log = designer.company.get("/audit").await.text;
    assert!(log.contains("ask_release"), "{log}");

    // Ceasing to be critical is a change of a critical flow; going back to the version before must not wait.
    draft(&designer, 63, false).await;
    assert_eq!(ask(&designer, json!({})).await.body["waits_for"], json!(["approval"]));
    assert_eq!(in_force(&designer).await.1["version"], 1);
    let back = ask(&designer, json!({ "restore": 1 })).await;
    assert_eq!((back.status, &back.body["version"]), (200, &json!(3)), "{}", back.text);
    let withdrawn = designer.post("/flows/standard/release/withdraw", json!({ "reason": "回滚" })).await;
    assert_eq!((withdrawn.status, designer.get("/flows/standard/release").await.status), (200, 404));
}

#[tokio::test(flavor = "multi_thread")]
async fn s069_going_back_after_seven_days_is_a_release_like_any_other() {
    let designer = designer().await;
    let boss = designer.company.sign_in("boss").await;
    draft(&designer, 61, true).await;
    ask(&designer, json!({})).await;
    by(&designer, &boss, "/flows/standard/release/approve", json!({})).await;
    assert_eq!(in_force(&designer).await.0, 2);
    designer.company.app.clock.set_ms(MONDAY_MS + 7 * 24 * HOUR_MS);
    let designer = Designer { person: designer.company.sign_in("ops1").await, company: designer.company };
    assert_eq!(in_force(&designer).await.1, Value::Null, "the offer is over");
    let back = ask(&designer, json!({ "restore": 1 })).await;
    assert_eq!(back.body["waits_for"], json!(["approval"]), "{}", back.text);
}

/// Moves the clock and fires what is due; the server does so too, and whoever comes second changes nothing.
async fn fire(app: &App, at_ms: i64) {
    app.clock.set_ms(at_ms);
    fire_due_timers(app).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn s069_a_release_comes_into_force_at_its_time_and_can_be_withdrawn_before() {
    let designer = designer().await;
    let app = designer.company.app.clone();
    draft(&designer, 61, false).await;
    for wrong in ["2026-11-23T09:00:00+08:00", "soon"] {
        let refused = ask(&designer, json!({ "effective_at": wrong })).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
    }
    let what_waits = || designer.get("/flows/standard/diff?from=1&release=true");
    assert_eq!(what_waits().await.status, 404);
    let asked = ask(&designer, json!({ "effective_at": "2026-11-23T12:00:00+08:00" })).await;
    assert_eq!(asked.body["waits_for"], json!(["time"]), "{}", asked.text);
    let told = what_waits().await.body["sentences"].clone();
    assert_eq!(told.as_array().map(Vec::len), Some(1), "{told}");
    assert_eq!(told, designer.get("/flows/standard/diff?from=1").await.body["sentences"]);
    let withdraw =
        |reason: &'static str| designer.post("/flows/standard/release/withdraw", json!({ "reason": reason }));
    assert_eq!(withdraw(" ").await.status, 422);
    assert_eq!(withdraw("再议").await.status, 200);
    fire(&app, MONDAY_MS + 2 * HOUR_MS).await;
    assert_eq!(in_force(&designer).await.0, 1);

    let asked = ask(&designer, json!({ "effective_at": "2026-11-23T14:00:00+08:00" })).await;
    assert_eq!(asked.status, 200, "{}", asked.text);
    fire(&app, MONDAY_MS + 4 * HOUR_MS - 1).await;
    assert_eq!(in_force(&designer).await.0, 1);
    // The timer stands in the database: whichever process is there when the time comes fires it.
    fire(&app, MONDAY_MS + 4 * HOUR_MS).await;
    assert_eq!(in_force(&designer).await.0, 2);
    assert_eq!(
        designer.get("/flows/standard/draft").await.etag.as_deref(),
        Some("\"0\""),
        "the draft is used up"
    );
    fire(&app, MONDAY_MS + 5 * HOUR_MS).await;
    assert_eq!(in_force(&designer).await.0, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn s069_what_has_become_wrong_is_told_and_not_published() {
    let designer = designer().await;
    let app = designer.company.app.clone();
    let (mut doc, _) = designer.draft("standard").await;
    let node = json!({ "id": "call_erp", "name": { "zh": "调用", "en": "Call" }, "stage": "review",
        "kind": { "type": "connector_call", "connector": "erp", "operation": "push" } });
    doc["steps"].as_array_mut().unwrap().insert(2, node);
    designer.save("standard", &doc).await;
    assert_eq!(codes(&ask(&designer, json!({})).await), ["F-050"]);
    let mut erp = crate::connectors::erp();
    assert_eq!(designer.company.replace("/connectors/erp", &erp).await.status, 200);
    let asked = ask(&designer, json!({ "effective_at": "2026-11-23T14:00:00+08:00" })).await;
    assert_eq!(asked.status, 200, "{}", asked.text);
    erp["disabled"] = json!(true);
    assert_eq!(designer.company.replace("/connectors/erp", &erp).await.status, 200);
    fire(&app, MONDAY_MS + 4 * HOUR_MS).await;
    let waiting = designer.get("/flows/standard/release").await.body;
    assert_eq!(
        (&waiting["waits_for"], &waiting["failed"]),
        (&json!(["mending"]), &json!(["F-050@call_erp"]))
    );
    assert_eq!((in_force(&designer).await.0, noticed(&designer, "ops1", "release_failed").await), (1, 1));
    fire(&app, MONDAY_MS + 5 * HOUR_MS).await;
    assert_eq!(noticed(&designer, "ops1", "release_failed").await, 1, "told once");
}

#[tokio::test(flavor = "multi_thread")]
async fn s069_a_time_that_comes_before_the_second_pair_of_eyes_publishes_nothing() {
    let designer = designer().await;
    let (app, boss) = (designer.company.app.clone(), designer.company.sign_in("boss").await);
    draft(&designer, 61, true).await;
    let asked = ask(&designer, json!({ "effective_at": "2026-11-23T14:00:00+08:00" })).await;
    assert_eq!(asked.body["waits_for"], json!(["approval", "time"]), "{}", asked.text);
    fire(&app, MONDAY_MS + 4 * HOUR_MS).await;
    assert_eq!((in_force(&designer).await.0, noticed(&designer, "ops1", "release_unapproved").await), (1, 1));
    let agreed = by(&designer, &boss, "/flows/standard/release/approve", json!({})).await;
    assert_eq!(agreed.body["version"], 2, "{}", agreed.text);
}
