//! A server that may only read: everything is shown, nothing is changed, and what others commit is followed.

use crate::company::{Company, answer, clean};
use ordain::routes::table::{TABLE, writes};
use ordain_app::admin::{AdminCommand, UserItem};
use ordain_app::password;
use ordain_domain::actor::Actor;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// A path with something in the place of each name.
fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| match part {
        "{id}" | "{change}" | "{file}" => "00000000-0000-7000-8000-000000000000",
        part if part.starts_with('{') => "1",
        part => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

#[tokio::test(flavor = "multi_thread")]
async fn s067_in_read_only_mode_every_write_has_one_answer_and_reading_goes_on() {
    let mut company = Company::open().await;
    let order = company.place(&clean("PO-1")).await;
    let entries = company.get("/audit?limit=500").await.body["items"].as_array().unwrap().len();
    company.turn_read_only().await;

    let mut refused = 0;
    for (method, path, id, _) in TABLE.iter().filter(|(method, path, ..)| writes(method, path)) {
        let request = company.by_token(Method::from_bytes(method.as_bytes()).unwrap(), &filled(path));
        let said = answer(request.json(&json!({}))).await;
        assert_eq!((said.status, &said.body["code"]), (503, &json!("read_only")), "{id}: {}", said.text);
        refused += 1;
    }
    assert!(refused > 90, "{refused}");

    let id = order["id"].as_str().unwrap();
    for path in ["/orders", "/workbench", "/stock", "/flows", "/audit", &format!("/orders/{id}/timeline")] {
        let read = company.get(path).await;
        assert_eq!(read.status, 200, "{path}: {}", read.text);
    }
    let checked = company.post("/orders/check", &clean("PO-2")).await;
    assert_eq!((checked.status, &checked.body["submit_allowed"]), (200, &json!(true)), "{}", checked.text);
    let after = company.get("/audit?limit=500").await.body["items"].as_array().unwrap().len();
    assert_eq!(after, entries, "nothing was written");
}

#[tokio::test(flavor = "multi_thread")]
async fn in_read_only_mode_people_sign_in_and_are_locked_out_by_themselves() {
    let mut company = Company::open().await;
    company.turn_read_only().await;
    let person = company.sign_in("sales1").await;
    let me = answer(company.as_person(&person, Method::GET, "/me")).await;
    assert_eq!((&me.body["login"], &me.body["read_only"]), (&json!("sales1"), &json!(true)), "{}", me.text);
    let try_with = |password: &str| {
        let body = json!({ "login": "boss", "password": password });
        answer(company.request(Method::POST, "/session").json(&body))
    };
    for left in (1..10).rev() {
        let wrong = try_with("not-the-password").await;
        assert_eq!(wrong.body["code"], "wrong_password", "{left}: {}", wrong.text);
    }
    assert_eq!(try_with("not-the-password").await.body["code"], "locked");
    assert_eq!(try_with(crate::company::PASSWORD).await.body["code"], "locked");
    let out = answer(company.as_person(&person, Method::DELETE, "/session")).await;
    assert_eq!(out.status, 204, "{}", out.text);
    assert_eq!(answer(company.as_person(&person, Method::GET, "/me")).await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn in_read_only_mode_what_others_commit_is_followed() {
    let mut company = Company::open().await;
    let (base, app) = (company.base.clone(), company.app.clone());
    company.turn_read_only().await;
    let mut events = company.by_token(Method::GET, "/events").send().await.unwrap();
    let hash = password::hash(crate::company::PASSWORD.to_owned().into()).await.unwrap();
    let new = UserItem {
        login: "new1".to_owned(),
        name: Some("New".to_owned()),
        roles: Some(vec!["sales".to_owned()]),
        password_hash: Some(hash),
        ..UserItem::default()
    };
    app.admin(1, Actor::system("test"), AdminCommand::PutUsers(vec![new])).await.unwrap();
    let made = company.client.post(format!("{base}/api/v1/orders")).bearer_auth(&company.token);
    let order: Value =
        serde_json::from_str(&made.json(&clean("PO-1")).send().await.unwrap().text().await.unwrap()).unwrap();
    let number = order["number"].as_str().unwrap();
    let (mut heard, since) = (String::new(), Instant::now());
    while !heard.contains(number) {
        let left = Duration::from_secs(5).saturating_sub(since.elapsed());
        let chunk = tokio::time::timeout(left, events.chunk()).await.expect("it is told");
        heard.push_str(&String::from_utf8_lossy(&chunk.unwrap().unwrap()));
    }
    company.sign_in("new1").await;
}
