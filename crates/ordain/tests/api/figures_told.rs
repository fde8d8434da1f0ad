//! Figures that come by themselves: mails at the end of each period, and the review of each month.

use crate::company::{Company, answer, clean};
use crate::step_settings::monday;
use axum::http::Method;
use ordain_app::clock::Clock;
use ordain_app::figures::{follow, keep_reviews, send_digests};
use ordain_app::mail::deliver_outbox;
use ordain_connect::channel::Channel;
use ordain_connect::mail::MailFolder;
use serde_json::{Value, json};
use std::sync::Arc;

const DAY_MS: i64 = 24 * 3_600_000;

async fn finding(company: &Company, po: &str) -> Value {
    let mut body = clean(po);
    body["lines"][0]["unit_price"] = json!("11.00");
    company.place(&body).await
}

/// One confirmed, one refused.
async fn a_day(company: &Company) {
    assert_eq!(company.place(&clean("T-1")).await["status"], "confirmed");
    let refused = finding(company, "T-2").await;
    let finance = company.sign_in("fin1").await;
    let said = company.decide(&finance, &refused, "finance_review", "reject").await;
    assert_eq!(said.body["status"], "rejected", "{}", said.text);
    follow(&company.app).await.unwrap();
}

fn mails(folder: &std::path::Path) -> Vec<String> {
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| String::from_utf8(std::fs::read(path).unwrap()).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn s060_figures_are_mailed_once_for_each_period_whoever_restarts() {
    let clock = Clock::manual(monday());
    let company = Company::open_at(clock.clone()).await;
    a_day(&company).await;
    let bad =
        json!({ "items": [{ "code": "", "every": "day", "board": "all", "to": ["nobody"], "lang": "en" }] });
    let said = company.replace("/settings/digests", &bad).await;
    let codes: Vec<_> =
        said.body["findings"].as_array().unwrap().iter().map(|each| each["code"].clone()).collect();
    assert_eq!((said.status, codes.len()), (422, 2), "{}", said.text);
    let digests = json!({ "items": [
        { "code": "daily", "every": "day", "board": "all", "to": ["boss@example.com", "head@example.com"], "lang": "zh-CN" },
        { "code": "monthly", "every": "month", "board": "lost", "to": ["owner@example.com"], "lang": "en" },
    ]});
    assert_eq!(company.replace("/settings/digests", &digests).await.status, 200);
    assert_eq!(company.get("/settings/digests").await.body, digests);

    // The next morning, before and after eight.
    clock.set_ms(monday() + DAY_MS - 3 * 3_600_000);
    assert_eq!(send_digests(&company.app).await.unwrap(), 0, "it is seven");
    clock.set_ms(monday() + DAY_MS);
    assert_eq!(send_digests(&company.app).await.unwrap(), 2);
    assert_eq!(send_digests(&company.app).await.unwrap(), 0, "once is enough");
    let folder = tempfile::tempdir().unwrap();
    let channel: Arc<dyn Channel> =
        Arc::new(MailFolder::new(folder.path().to_owned(), "ordain@example.com").unwrap());
    let sent = deliver_outbox(&company.app, &channel).await.unwrap();
    assert_eq!((sent.sent, sent.given_up), (4, 0), "and the confirmation of the order");
    assert_eq!(deliver_outbox(&company.app, &channel).await.unwrap().sent, 0);
    let all = mails(folder.path());
    assert_eq!(all.len(), 4);
    let to_boss = all.iter().find(|mail| mail.contains("boss@example.com")).unwrap();
    assert!(to_boss.contains("2026-11-23"), "{to_boss}");

    // The day after that brings the next one, and the log says who was told.
    clock.set_ms(monday() + 2 * DAY_MS);
    assert_eq!(send_digests(&company.app).await.unwrap(), 1);
    let log = company.get("/audit?action=send_digest").await.body;
    assert_eq!(log["items"].as_array().unwrap().len(), 3, "{log}");
    let sales = company.sign_in("sales1").await;
    assert_eq!(answer(company.as_person(&sales, Method::GET, "/settings/digests")).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn s083_s090_each_month_has_a_review_whose_open_actions_go_on_into_the_next() {
    let clock = Clock::manual(monday());
    let company = Company::open_at(clock.clone()).await;
    a_day(&company).await;
    assert_eq!(keep_reviews(&company.app).await.unwrap(), 0, "the month is not over");
    clock.set_ms(monday() + 10 * DAY_MS);
    assert_eq!(keep_reviews(&company.app).await.unwrap(), 1);
    assert_eq!(keep_reviews(&company.app).await.unwrap(), 0, "once is enough");
    assert_eq!(company.get("/reviews").await.body["months"], json!(["2026-11"]));
    let read = company.get("/reviews/2026-11").await;
    let review = &read.body;
    assert_eq!(
        (&review["figures"]["received"], &review["figures"]["lost"]),
        (&json!(2), &json!(1)),
        "{review}"
    );
    assert_eq!(review["previous"]["received"], 0);
    assert_eq!(review["steps"][0]["node_id"], "finance_review");
    let codes: Vec<&str> =
        review["findings"].as_array().unwrap().iter().map(|each| each["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"bottleneck") && codes.contains(&"lost_by"), "{codes:?}");
    assert!(review["findings"][0]["said"]["zh"].as_str().unwrap().contains('“'), "{review}");

    // People write what they found and do about it.
    let boss = company.sign_in("boss").await;
    let put = |tag: String, body: Value| {
        let request = company.as_person(&boss, Method::PUT, "/reviews/2026-11");
        answer(request.header("if-match", tag).json(&body))
    };
    let tag = read.etag.clone().unwrap();
    let wrong = json!({ "findings": [{ "code": "made_up", "text": "" }, { "text": "" }],
        "actions": [{ "text": "", "owner": "nobody", "due": "soon" }] });
    let said = put(tag.clone(), wrong).await;
    assert_eq!((said.status, said.body["findings"].as_array().unwrap().len()), (422, 6), "{}", said.text);
    let body = json!({
        "findings": [{ "code": "bottleneck", "text": "one person alone" }, { "text": "prices are told too late" }],
        "actions": [
            { "text": "a second reviewer", "owner": "fin1", "due": "2026-12-15" },
            { "text": "send the price list", "owner": "smgr1", "due": "2026-12-10", "done_on": "2026-12-04" },
        ],
    });
    assert_eq!(put(tag.clone(), body.clone()).await.status, 200);
    assert_eq!(put(tag, body).await.status, 412, "somebody has written meanwhile");
    let page = answer(company.as_person(&boss, Method::GET, "/reviews/2026-11/print")).await;
    assert!(page.content_type.starts_with("text/html"), "{}", page.content_type);
    for words in ["月度流程复盘", "a second reviewer", "one person alone"] {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }

    // What is not done comes up again a month later.
    clock.set_ms(monday() + 40 * DAY_MS);
    assert_eq!(keep_reviews(&company.app).await.unwrap(), 1);
    let next = company.get("/reviews/2026-12").await.body;
    let actions = next["actions"].as_array().unwrap();
    assert_eq!(actions.len(), 1, "{next}");
    assert_eq!((&actions[0]["text"], &actions[0]["since"]), (&json!("a second reviewer"), &json!("2026-11")));
    assert_eq!(next["previous"]["received"], 2);
    assert_eq!(company.get("/reviews/2026-10").await.status, 404);
    assert_eq!(company.get("/reviews/soon").await.status, 404);
}
