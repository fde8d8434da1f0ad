//! Views that a person keeps of a page: kept, renamed, put in another order, taken away, and seen by nobody else.

use crate::company::{Answer, Company, Person, answer};
use reqwest::Method;
use serde_json::{Value, json};

async fn read(company: &Company, person: &Person, page: &str) -> Answer {
    answer(company.as_person(person, Method::GET, &format!("/views/{page}"))).await
}

/// Puts the views of a page over those that stand there now.
async fn put(company: &Company, person: &Person, page: &str, items: &Value) -> Answer {
    let tag = read(company, person, page).await.etag.unwrap();
    let request = company.as_person(person, Method::PUT, &format!("/views/{page}")).header("if-match", tag);
    answer(request.json(&json!({ "items": items }))).await
}

fn view(name: &str, filter: &Value) -> Value {
    json!({ "name": name, "filter": filter })
}

fn faults(said: &Answer) -> Vec<(String, String)> {
    let found = said.body["findings"].as_array().unwrap().iter();
    let mut found: Vec<(String, String)> = found
        .map(|fault| (fault["path"].as_str().unwrap().into(), fault["code"].as_str().unwrap().into()))
        .collect();
    found.sort();
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn views_are_kept_listed_renamed_and_taken_away_by_page() {
    let company = Company::open().await;
    let sales = company.sign_in("sales1").await;
    let empty = read(&company, &sales, "orders").await;
    assert_eq!((empty.status, &empty.body), (200, &json!({ "items": [] })));
    let stuck = json!({ "view": "stuck", "channel": "mail" });
    let kept =
        put(&company, &sales, "orders", &json!([view("邮件卡单", &stuck), view("全部", &json!({}))])).await;
    assert_eq!(kept.status, 200, "{}", kept.text);
    let now = read(&company, &sales, "orders").await;
    assert_eq!(now.body["items"], json!([view("邮件卡单", &stuck), view("全部", &json!({}))]));
    assert_eq!(kept.etag, now.etag, "the answer names the tag that the next reading has");
    assert_eq!(read(&company, &sales, "tasks").await.body["items"], json!([]), "a page has its own");

    // Renamed, with another filter, in another place; surrounding space is no part of a name.
    let late = json!({ "view": "stuck" });
    let put_again =
        put(&company, &sales, "orders", &json!([view("全部", &json!({})), view(" 卡单 ", &late)])).await;
    assert_eq!(put_again.status, 200, "{}", put_again.text);
    let now = read(&company, &sales, "orders").await;
    assert_eq!(now.body["items"], json!([view("全部", &json!({})), view("卡单", &late)]));
    assert_eq!(put(&company, &sales, "orders", &json!([])).await.status, 200);
    assert_eq!(read(&company, &sales, "orders").await.body["items"], json!([]));

    // Each of it is on record, with what stood there before.
    let log = company.get("/audit?action=put_views").await.body;
    assert_eq!(log["items"].as_array().unwrap().len(), 3, "{log}");
    assert_eq!(put(&company, &sales, "orders", &json!([])).await.status, 200);
    let log = company.get("/audit?action=put_views").await.body;
    assert_eq!(log["items"].as_array().unwrap().len(), 3, "what changes nothing is not recorded");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sees_or_changes_the_views_of_others() {
    let company = Company::open().await;
    let [sales, boss] = [company.sign_in("sales1").await, company.sign_in("boss").await];
    let own = json!([view("我的", &json!({ "days": "90" }))]);
    assert_eq!(put(&company, &sales, "reports", &own).await.status, 200);
    assert_eq!(read(&company, &boss, "reports").await.body["items"], json!([]));
    // The same name is free for everybody, and what one puts or takes away is nothing to the other.
    let other = json!([view("我的", &json!({ "days": "7" }))]);
    assert_eq!(put(&company, &boss, "reports", &other).await.status, 200);
    assert_eq!(read(&company, &sales, "reports").await.body["items"], own);
    assert_eq!(put(&company, &boss, "reports", &json!([])).await.status, 200);
    assert_eq!(read(&company, &sales, "reports").await.body["items"], own);

    // A program has none, and a page that keeps none is not found.
    let program = company.get("/views/reports").await;
    assert_eq!((program.status, &program.body["items"]), (200, &json!([])));
    let said = company.replace("/views/reports", &json!({ "items": [] })).await;
    assert_eq!((said.status, &said.body["code"]), (403, &json!("people_only")), "{}", said.text);
    assert_eq!(read(&company, &sales, "stock").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_views_is_named_at_once_and_nothing_is_written() {
    let company = Company::open().await;
    let sales = company.sign_in("sales1").await;
    let long = |n: usize| "长".repeat(n);
    let crowd: Value =
        (0..21).map(|n| (format!("p{n:02}"), json!("x"))).collect::<serde_json::Map<_, _>>().into();
    let mut items = vec![
        view("", &json!({})),
        view(&long(41), &json!({ "q": long(201), (long(41)): "x", "": "x" })),
        view("甲", &crowd),
        view("甲", &json!({ "q": "a\u{7}" })),
        view("a\nb", &json!({})),
    ];
    items.extend((5..31).map(|n| view(&format!("视图 {n}"), &json!({}))));
    let said = put(&company, &sales, "orders", &json!(items)).await;
    assert_eq!(said.status, 422, "{}", said.text);
    let expected = [
        ("items", "too_many_items"),
        ("items[0].name", "missing_field"),
        ("items[1].filter.", "missing_field"),
        (&format!("items[1].filter.{}", long(41)), "too_long"),
        ("items[1].filter.q", "too_long"),
        ("items[1].name", "too_long"),
        ("items[2].filter", "too_many_items"),
        ("items[3].filter.q", "bad_character"),
        ("items[3].name", "duplicate_view"),
        ("items[4].name", "bad_character"),
    ];
    let mut expected: Vec<_> =
        expected.into_iter().map(|(path, code)| (path.to_owned(), code.to_owned())).collect();
    expected.sort();
    assert_eq!(faults(&said), expected, "{}", said.text);
    for finding in said.body["findings"].as_array().unwrap() {
        assert!(!finding["message"]["zh"].as_str().unwrap().contains("fault."), "{finding}");
        assert_ne!(finding["message"]["zh"], finding["message"]["en"]);
    }
    assert_eq!(read(&company, &sales, "orders").await.body["items"], json!([]));

    let shape =
        put(&company, &sales, "orders", &json!([{ "name": 1, "filter": { "q": 2 }, "of": "fin1" }])).await;
    let found: Vec<String> = faults(&shape).into_iter().map(|(path, _)| path).collect();
    assert_eq!((shape.status, found.as_slice().len()), (422, 3), "{}", shape.text);

    // What is just within the limits is kept, whole.
    let twenty: Value =
        (0..20).map(|n| (format!("{n:040}"), json!(long(200)))).collect::<serde_json::Map<_, _>>().into();
    let full: Vec<Value> = (0..30).map(|n| view(&format!("{n:02}{}", long(38)), &twenty)).collect();
    let said = put(&company, &sales, "orders", &json!(full)).await;
    assert_eq!(said.status, 200, "{}", said.text);
    assert_eq!(read(&company, &sales, "orders").await.body["items"], json!(full));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_put_of_views_is_done_once_and_never_over_what_was_not_seen() {
    let company = Company::open().await;
    let sales = company.sign_in("sales1").await;
    let tag = read(&company, &sales, "tasks").await.etag.unwrap();
    let first = json!({ "items": [view("逾期", &json!({ "due": "overdue" }))] });
    let once = |body: Value| {
        let request = company.as_person(&sales, Method::PUT, "/views/tasks").header("if-match", tag.clone());
        answer(request.header("idempotency-key", "v-1").json(&body))
    };
    let (kept, again) = (once(first.clone()).await, once(first.clone()).await);
    assert_eq!((kept.status, kept.replayed), (200, false), "{}", kept.text);
    assert_eq!((again.status, again.replayed, &again.text, &again.etag), (200, true, &kept.text, &kept.etag));
    let other = once(json!({ "items": [] })).await;
    assert_eq!(other.status, 409, "the key belongs to another request: {}", other.text);

    let put = |tag: Option<&str>| {
        let request = company.as_person(&sales, Method::PUT, "/views/tasks");
        let request = tag.into_iter().fold(request, |request, tag| request.header("if-match", tag));
        answer(request.json(&json!({ "items": [] })))
    };
    assert_eq!(put(Some(&tag)).await.status, 412, "somebody who has seen an older state");
    assert_eq!(put(None).await.status, 428);
    assert_eq!(put(Some("*")).await.status, 400);
    assert_eq!(read(&company, &sales, "tasks").await.body, first);
}
