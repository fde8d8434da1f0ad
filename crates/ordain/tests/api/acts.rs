//! What people do with tasks and runs over HTTP: bad input is named, others' work is refused with the reason, a
//! repetition has one effect, and what is refused changes nothing.

use crate::company::{Answer, Company, Person, answer, clean, codes, task};
use crate::purchase::day;
use ordain_app::admin::AdminCommand;
use ordain_domain::actor::Actor;
use reqwest::Method;
use serde_json::{Value, json};

const UNKNOWN: &str = "019b0000-0000-7000-8000-000000000000";

/// A price that finance has to look at.
fn doubtful(po: &str) -> Value {
    let mut body = clean(po);
    body["lines"][0]["unit_price"] = json!("11.00");
    body
}

/// Publishes the shipped flow with other settings for the review of finance.
pub async fn finance_with(company: &Company, settings: Value) {
    let mut doc: Value = serde_json::from_str(include_str!("../../../../flows/standard.json")).unwrap();
    let kind = &mut doc["steps"][2]["kind"]["lanes"][1]["steps"][0]["kind"];
    for (name, value) in settings.as_object().unwrap() {
        kind[name] = value.clone();
    }
    let command = AdminCommand::PublishFlow { key: "standard".into(), doc: doc.to_string() };
    company.app.admin(1, Actor::system("test"), command).await.unwrap();
}

async fn send(company: &Company, person: &Person, method: &str, path: &str, body: &Value) -> Answer {
    answer(company.as_person(person, method.parse().unwrap(), path).json(body)).await
}

fn id_of(value: &Value) -> &str {
    value["id"].as_str().unwrap()
}

/// Method, path with its order and task still to be named, body, and the answer that is expected.
type BadAct = (&'static str, &'static str, Value, u16, &'static str);

/// Sends bad acts and sees that each is named, in both languages, and that none of them did anything.
async fn all_refused(company: &Company, login: &str, rows: Vec<BadAct>) {
    let order = company.place(&doubtful("PO-1")).await;
    let person = company.sign_in(login).await;
    let on = format!("/orders/{}", id_of(&order));
    let at = format!("/tasks/{}", id_of(&task(&order, "finance_review")));
    for (method, pattern, body, status, code) in rows {
        let path = pattern.replace("{on}", &on).replace("{at}", &at).replace("{unknown}", UNKNOWN);
        let said = send(company, &person, method, &path, &body).await;
        let mut named = vec![said.body["code"].as_str().unwrap_or_default().to_owned()];
        named.extend(codes(&said.body["findings"]));
        assert!(
            said.status == status && named.iter().any(|name| name == code),
            "{path} {body}: {}",
            said.text
        );
        for lang in ["zh-CN", "en"] {
            let request = company.as_person(&person, method.parse().unwrap(), &path);
            let said = answer(request.header("accept-language", lang).json(&body)).await;
            let title = said.body["title"].as_str().unwrap();
            assert!(!title.is_empty() && title.is_ascii() == (lang == "en"), "{path} {lang}: {title}");
        }
    }
    assert_eq!(company.get(&on).await.body["version"], order["version"], "nothing was done");
}

#[tokio::test(flavor = "multi_thread")]
async fn s041_bad_input_about_hand_overs_and_returns_is_named_and_changes_nothing() {
    let company = Company::open().await;
    let rows = vec![
        ("POST", "{at}/transfer", json!({ "to": 5, "reason": [] }), 422, "wrong_type"),
        ("POST", "{at}/transfer", json!({ "reason": "x" }), 422, "missing"),
        ("POST", "{at}/transfer", json!({ "to": "smgr1", "whom": "x" }), 422, "unknown_field"),
        ("POST", "{at}/transfer", json!({ "to": "ghost", "reason": "x" }), 422, "unknown_person"),
        ("POST", "{at}/add-signer", json!({ "login": "boss", "at": "later" }), 422, "invalid_value"),
        (
            "POST",
            "{at}/add-signer",
            json!({ "login": "boss", "at": "after", "counts": "yes" }),
            422,
            "wrong_type",
        ),
        ("POST", "{at}/remove-signer", json!({}), 403, "not_your_signer"),
        ("POST", "{at}/urge", json!({ "loud": true }), 422, "unknown_field"),
        (
            "POST",
            "{at}/return",
            json!({ "to": "sales_review", "direct": 1, "reason": "x" }),
            422,
            "wrong_type",
        ),
        ("POST", "{at}/return", json!({ "to": "sales_review" }), 422, "reason_required"),
        ("POST", "{at}/return", json!({ "to": "nowhere", "reason": "x" }), 422, "unknown_step"),
        ("POST", "{at}/return", json!({ "reason": "x".repeat(2_001) }), 422, "too_long"),
        ("POST", "{at}/withdraw", json!({}), 403, "not_your_task"),
    ];
    all_refused(&company, "fin1", rows).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s041_bad_input_about_fields_points_and_batches_is_named_and_changes_nothing() {
    let company = Company::open().await;
    let rows = vec![
        ("PUT", "{at}/fields", json!({ "values": "x" }), 422, "wrong_type"),
        ("PUT", "{at}/fields", json!({}), 422, "missing"),
        ("PUT", "{at}/fields", json!({ "values": { "ship_to.address": "x" } }), 403, "fields_not_writable"),
        ("POST", "{at}/tick", json!({ "point": "one" }), 422, "wrong_type"),
        ("POST", "{at}/tick", json!({ "point": -1 }), 422, "missing"),
        ("POST", "{at}/tick", json!({ "point": 0 }), 409, "nothing_due"),
        ("POST", "/tasks/batch", json!({ "ids": [7], "decision": "approve" }), 422, "wrong_type"),
        ("POST", "/tasks/batch", json!({ "ids": [], "decision": "approve" }), 422, "missing"),
        ("POST", "/tasks/batch", json!({ "ids": [UNKNOWN], "decision": "maybe" }), 422, "invalid_value"),
        (
            "POST",
            "/tasks/batch",
            json!({ "ids": vec![UNKNOWN; 201], "decision": "approve" }),
            413,
            "too_many_tasks",
        ),
        ("POST", "/tasks/{unknown}/transfer", json!({ "to": "boss", "reason": "x" }), 404, "task_not_found"),
        ("POST", "/tasks/not-an-id/urge", json!({}), 404, "task_not_found"),
    ];
    all_refused(&company, "fin1", rows).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s041_bad_input_about_interventions_is_named_and_changes_nothing() {
    let company = Company::open().await;
    let rows = vec![
        (
            "POST",
            "{at}/reassign",
            json!({ "user": "boss", "role": "management", "reason": "x" }),
            422,
            "missing",
        ),
        ("POST", "{at}/reassign", json!({ "user": "ghost", "reason": "x" }), 422, "unknown_person"),
        ("POST", "{at}/reassign", json!({ "user": "wh1", "reason": "x" }), 422, "unfit_person"),
        ("POST", "{on}/intervene", json!({ "act": "vanish", "reason": "x" }), 422, "invalid_value"),
        ("POST", "{on}/intervene", json!({ "act": "jump", "reason": "x" }), 422, "missing"),
        (
            "POST",
            "{on}/intervene",
            json!({ "act": "jump", "to": "nowhere", "reason": "x" }),
            422,
            "unknown_step",
        ),
        (
            "POST",
            "{on}/intervene",
            json!({ "act": "end", "outcome": "confirmed", "reason": "x" }),
            422,
            "invalid_value",
        ),
        ("POST", "{on}/intervene", json!({ "act": "take_over" }), 422, "reason_required"),
        ("POST", "{on}/intervene", json!({ "act": "put_back", "reason": "x" }), 409, "not_taken_over"),
        ("POST", "/exceptions/{unknown}/take", json!({}), 404, "exception_not_found"),
        ("POST", "/exceptions/{unknown}/close", json!({ "reason": "x" }), 404, "exception_not_found"),
    ];
    all_refused(&company, "ops1", rows).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s041_bad_input_about_runs_is_named_and_changes_nothing() {
    let company = Company::open().await;
    let rows = vec![
        ("POST", "{on}/people", json!({ "people": { "finance_review": "fin1" } }), 422, "wrong_type"),
        ("POST", "{on}/people", json!({ "people": { "nowhere": ["fin1"] } }), 422, "unknown_step"),
        ("POST", "{on}/answer", json!({ "accepted": "yes" }), 422, "wrong_type"),
        ("POST", "{on}/answer", json!({ "accepted": true, "evidence": "x" }), 409, "customer_not_asked"),
        ("POST", "{on}/signals", json!({}), 422, "missing"),
        ("POST", "{on}/signals", json!({ "event": "rain" }), 409, "nobody_waits"),
    ];
    all_refused(&company, "sales1", rows).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s035_s056_other_peoples_tasks_are_refused_with_the_reason() {
    let company = Company::open().await;
    let order = company.place(&doubtful("PO-1")).await;
    let warehouse = company.sign_in("wh1").await;
    let at = format!("/tasks/{}", id_of(&task(&order, "finance_review")));
    let acts = [
        ("POST", "decide", json!({ "decision": "approve" })),
        ("POST", "claim", json!({})),
        ("POST", "transfer", json!({ "to": "wh1", "reason": "x" })),
        ("POST", "add-signer", json!({ "login": "wh1", "at": "before" })),
        ("POST", "return", json!({ "to": "sales_review", "reason": "x" })),
        ("POST", "return", json!({ "reason": "x" })),
        ("POST", "withdraw", json!({})),
        ("PUT", "fields", json!({ "values": { "special_requests": "x" } })),
        ("POST", "tick", json!({ "point": 0 })),
    ];
    for (method, act, body) in acts {
        let said = send(&company, &warehouse, method, &format!("{at}/{act}"), &body).await;
        assert_eq!((said.status, &said.body["code"]), (403, &json!("not_your_task")), "{act}: {}", said.text);
    }
    let batch = json!({ "ids": [id_of(&task(&order, "finance_review"))], "decision": "approve" });
    let said = send(&company, &warehouse, "POST", "/tasks/batch", &batch).await;
    assert_eq!(
        (&said.body["decided"], &said.body["items"][0]["problem"]["code"]),
        (&json!(0), &json!("not_your_task"))
    );
    // Who has it now is told, and once it was moved, by whom and when in the company's zone.
    let decide = json!({ "decision": "approve" });
    let finance = company.sign_in("fin1").await;
    let told = async |person: &Person| {
        let said = send(&company, person, "POST", &format!("{at}/decide"), &decide).await;
        said.body["message"]["zh"].as_str().unwrap().to_owned()
    };
    assert!(told(&warehouse).await.contains("现由「财务」处理"), "{}", told(&warehouse).await);
    let move_on = json!({ "user": "boss", "reason": "away" });
    let ops = company.sign_in("ops1").await;
    assert_eq!(send(&company, &ops, "POST", &format!("{at}/reassign"), &move_on).await.status, 200);
    let said = told(&finance).await;
    assert!(["BOSS", "OPS1", "重新指派", "+08:00"].iter().all(|word| said.contains(word)), "{said}");
    // Urging is everybody's.
    assert_eq!(send(&company, &warehouse, "POST", &format!("{at}/urge"), &json!({})).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn s051_a_decided_task_says_who_decided_what_and_when_in_both_languages() {
    let company = Company::open().await;
    let order = company.place(&doubtful("PO-1")).await;
    let finance = company.sign_in("fin1").await;
    assert_eq!(company.decide(&finance, &order, "finance_review", "approve").await.status, 200);
    let at = format!("/tasks/{}", id_of(&task(&order, "finance_review")));
    let acts = [
        ("POST", "decide", json!({ "decision": "reject", "reason": "x" })),
        ("POST", "transfer", json!({ "to": "boss", "reason": "x" })),
        ("POST", "return", json!({ "to": "sales_review", "reason": "x" })),
        ("PUT", "fields", json!({ "values": { "special_requests": "x" } })),
        ("POST", "urge", json!({})),
    ];
    for (method, act, body) in acts {
        for (lang, word) in [("en", "pprove"), ("zh-CN", "通过")] {
            let path = format!("{at}/{act}");
            let request = company.as_person(&finance, method.parse().unwrap(), &path);
            let said = answer(request.header("accept-language", lang).json(&body)).await;
            let detail = said.body["detail"].as_str().unwrap();
            assert_eq!(
                (said.status, &said.body["code"]),
                (409, &json!("task_decided")),
                "{act}: {}",
                said.text
            );
            assert!(
                detail.contains("FIN1") && detail.contains(word) && detail.contains("+08:00"),
                "{act}: {detail}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r10_acts_are_refused_on_a_stale_tag_and_have_one_effect_under_a_key() {
    let company = Company::open().await;
    let order = company.place(&doubtful("PO-1")).await;
    let (finance, sales) = (company.sign_in("fin1").await, company.sign_in("sales1").await);
    let at = format!("/tasks/{}", id_of(&task(&order, "finance_review")));
    let stale = |path: String, body: Value, method: Method, person: &Person| {
        company.as_person(person, method, &path).header("if-match", "\"99\"").json(&body)
    };
    let rows = [
        (format!("{at}/transfer"), json!({ "to": "boss", "reason": "x" }), Method::POST, &finance),
        (format!("{at}/return"), json!({ "to": "sales_review", "reason": "x" }), Method::POST, &finance),
        (format!("{at}/fields"), json!({ "values": { "special_requests": "x" } }), Method::PUT, &finance),
        (
            format!("/orders/{}/people", id_of(&order)),
            json!({ "people": { "finance_review": ["fin1"] } }),
            Method::POST,
            &sales,
        ),
    ];
    for (path, body, method, person) in rows {
        let said = answer(stale(path.clone(), body, method, person)).await;
        assert_eq!((said.status, &said.body["code"]), (412, &json!("stale")), "{path}: {}", said.text);
    }
    let urge = || {
        company
            .as_person(&sales, Method::POST, &format!("{at}/urge"))
            .header("idempotency-key", "u-1")
            .json(&json!({}))
    };
    let (first, again) = (answer(urge()).await, answer(urge()).await);
    assert_eq!((first.status, again.status), (200, 200), "{}", again.text);
    assert_eq!((&first.text, &first.etag), (&again.text, &again.etag));
    assert!(!first.replayed && again.replayed);
    let other = company.as_person(&sales, Method::POST, &format!("{at}/urge")).json(&json!({}));
    assert_eq!(answer(other).await.body["code"], "urged_lately", "it was urged once");
}

#[tokio::test(flavor = "multi_thread")]
async fn s017_a_batch_decides_exactly_the_ticked_rows_and_a_repetition_nothing_more() {
    let company = Company::open().await;
    finance_with(&company, json!({ "auto_when_clear": false, "batch": { "max_amount": "5000" } })).await;
    let mut orders = Vec::new();
    for n in 0..5 {
        let mut body = if n == 3 { doubtful("PO-3") } else { clean(&format!("PO-{n}")) };
        if n == 4 {
            body["lines"][0]["quantity"] = json!("1000");
        }
        orders.push(company.place(&body).await);
    }
    let finance = company.sign_in("fin1").await;
    // The third is not ticked, the fourth has an open finding, the fifth is above the cap of the step.
    let ticked: Vec<String> =
        [0, 1, 3, 4].iter().map(|n| id_of(&task(&orders[*n], "finance_review")).to_owned()).collect();
    let body = json!({ "ids": ticked, "decision": "approve" });
    let request = || {
        company.as_person(&finance, Method::POST, "/tasks/batch").header("idempotency-key", "b-1").json(&body)
    };
    let said = answer(request()).await;
    assert_eq!((&said.body["decided"], &said.body["refused"]), (&json!(2), &json!(2)), "{}", said.text);
    let problem = |at: usize| said.body["items"][at]["problem"]["code"].clone();
    assert_eq!((problem(2), problem(3)), (json!("finding_needs_reason"), json!("not_in_batch")));
    let mut statuses = Vec::new();
    for order in &orders {
        statuses.push(
            company.get(&format!("/orders/{}", id_of(order))).await.body["status"]
                .as_str()
                .unwrap()
                .to_owned(),
        );
    }
    assert_eq!(statuses, ["confirmed", "confirmed", "in_review", "in_review", "in_review"]);
    let again = answer(request()).await;
    assert_eq!(again.text, said.text, "a repeated request is answered as the first was");
}

#[tokio::test(flavor = "multi_thread")]
async fn s092_null_empties_a_field_and_both_values_stand_in_the_timeline() {
    let company = Company::open().await;
    finance_with(
        &company,
        json!({ "auto_when_clear": false, "fields": { "invoice.tax_no": "edit", "extra.color": "edit" } }),
    )
    .await;
    let order = company.place(&clean("PO-1")).await;
    let finance = company.sign_in("fin1").await;
    let at = format!("/tasks/{}/fields", id_of(&task(&order, "finance_review")));
    let body = json!({ "values": { "invoice.tax_no": "91330000DEM000002W", "extra.color": null } });
    let said = send(&company, &finance, "PUT", &at, &body).await;
    assert_eq!(said.status, 200, "{}", said.text);
    assert_eq!(
        (&said.body["invoice"]["tax_no"], &said.body["extra"]),
        (&json!("91330000DEM000002W"), &json!({}))
    );
    let read = company.get(&format!("/orders/{}/timeline", id_of(&order))).await;
    let changes = &read.body["items"][0]["changes"];
    let change =
        changes.as_array().unwrap().iter().find(|change| change["path"] == "invoice.tax_no").unwrap();
    assert_eq!(
        (&change["before"], &change["after"]),
        (&json!("91330000DEM000001R"), &json!("91330000DEM000002W")),
        "{}",
        read.text
    );
    let wrong = json!({ "values": { "invoice.tax_no": { "a": 1 } } });
    let said = send(&company, &finance, "PUT", &at, &wrong).await;
    assert_eq!((said.status, &said.body["code"]), (422, &json!("fields_unreadable")), "{}", said.text);
    assert_eq!(said.body["findings"][0]["path"], "invoice.tax_no");
}

#[tokio::test(flavor = "multi_thread")]
async fn s010_a_decision_is_taken_back_until_the_next_person_has_acted() {
    let company = Company::open().await;
    finance_with(&company, json!({ "auto_when_clear": false })).await;
    let mut body = clean("PO-1");
    body["lines"][0]["quantity"] = json!("5000");
    let order = company.place(&body).await;
    let (finance, manager) = (company.sign_in("fin1").await, company.sign_in("smgr1").await);
    let at = format!("/tasks/{}/withdraw", id_of(&task(&order, "finance_review")));
    let decided = company.decide(&finance, &order, "finance_review", "approve").await.body;
    assert_eq!(crate::company::open_nodes(&decided), ["manager_approval"]);
    let back = send(&company, &finance, "POST", &at, &json!({})).await;
    assert_eq!(crate::company::open_nodes(&back.body), ["finance_review"], "{}", back.text);
    let decided = company.decide(&finance, &back.body, "finance_review", "approve").await.body;
    assert_eq!(
        company.decide(&manager, &decided, "manager_approval", "approve").await.body["status"],
        "confirmed"
    );
    let late = send(&company, &finance, "POST", &at, &json!({})).await;
    assert_eq!((late.status, &late.body["code"]), (409, &json!("flow_refused")), "{}", late.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn s062_the_management_decides_what_it_is_the_backup_of() {
    let company = Company::open().await;
    let order = company.place(&doubtful("PO-1")).await;
    let boss = company.sign_in("boss").await;
    let done = company.decide(&boss, &order, "finance_review", "approve").await;
    assert_eq!(done.body["status"], "confirmed", "{}", done.text);
}

#[tokio::test]
async fn what_a_flow_refuses_and_what_an_address_lacks_is_said_in_both_languages() {
    let company = Company::open().await;
    let order = company.place(&doubtful("PO-1")).await;
    let ops = company.sign_in("ops1").await;
    let path = format!("/orders/{}/intervene", id_of(&order));
    for (to, zh) in [("start", "不能跳到开始节点"), ("confirmed", "不能直接跳到结束节点")] {
        let body = json!({ "act": "jump", "to": to, "reason": "x" });
        let said = send(&company, &ops, "POST", &path, &body).await;
        let told = said.body["message"]["zh"].as_str().unwrap().to_owned();
        assert_eq!((said.status, told.contains(zh)), (409, true), "{}", said.text);
    }
    let body = json!({ "act": "jump", "to": "ghost", "reason": "x" });
    let said = send(&company, &ops, "POST", &path, &body).await;
    assert_eq!((said.status, &said.body["findings"][0]["path"]), (422, &json!("to")), "{}", said.text);
    let lacking = company.get("/flows/standard/diff").await;
    assert_eq!((lacking.status, &lacking.body["code"]), (400, &json!("missing_query")), "{}", lacking.text);
    let wrong = company.get("/flows/standard/diff?from=x&to=1").await;
    assert_eq!((wrong.status, &wrong.body["code"]), (400, &json!("bad_query_value")), "{}", wrong.text);
}

/// Whoever decides what a colleague has claimed is told who has it and since when, and nothing changes.
#[tokio::test(flavor = "multi_thread")]
async fn s034_a_task_that_a_colleague_has_claimed_says_who_has_it_since_when() {
    let company = Company::open().await;
    let (sales, manager) = (company.sign_in("sales1").await, company.sign_in("smgr1").await);
    let mut order = clean("PO-C");
    order["special_requests"] = json!("wooden crates");
    let placed = company.place(&order).await;
    let id = task(&placed, "sales_review")["id"].as_str().unwrap().to_owned();
    let claimed = answer(company.as_person(&manager, Method::POST, &format!("/tasks/{id}/claim"))).await;
    assert_eq!(claimed.status, 200, "{}", claimed.text);
    let refused = company.decide(&sales, &placed, "sales_review", "approve").await;
    assert_eq!(
        (refused.status, &refused.body["code"]),
        (409, &json!("claimed_by_other")),
        "{}",
        refused.text
    );
    let today = day(0);
    let year = &today[..4];
    for lang in ["zh", "en"] {
        let told = refused.body["message"][lang].as_str().unwrap();
        assert!(told.contains("SMGR1") && told.contains(year), "{}", refused.text);
    }
}
