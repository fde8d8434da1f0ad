//! Looking at what somebody else sees: to read only, and on record.

use crate::company::{Company, Person, answer, clean};
use ordain::routes::table::{TABLE, writes};
use reqwest::Method;
use serde_json::{Value, json};

async fn id_of(company: &Company, login: &str) -> String {
    let users = company.get("/users?limit=100").await.body;
    let found = users["items"].as_array().unwrap().iter().find(|user| user["login"] == login).unwrap();
    found["id"].as_str().unwrap().to_owned()
}

/// Sends a request that moves the browser to another session.
async fn moved(company: &Company, person: &Person, method: Method, path: &str) -> Person {
    let response = company.as_person(person, method, path).body("{}").send().await.unwrap();
    assert_eq!(response.status().as_u16(), 204);
    let cookie = response.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let me = answer(company.request(Method::GET, "/me").header("cookie", &cookie)).await.body;
    Person { cookie, csrf: me["csrf"].as_str().unwrap().to_owned() }
}

async fn me(company: &Company, person: &Person) -> Value {
    answer(company.as_person(person, Method::GET, "/me")).await.body
}

#[tokio::test(flavor = "multi_thread")]
async fn s059_s066_an_admin_sees_what_somebody_sees_changes_nothing_and_stands_in_the_log() {
    let company = Company::open().await;
    let order = company.place(&clean("PO-1")).await;
    let root = company.sign_in("root1").await;
    let own_menu = me(&company, &root).await["menu"].clone();
    let path = format!("/orders/{}", order["id"].as_str().unwrap());
    assert_eq!(
        answer(company.as_person(&root, Method::GET, &path)).await.status,
        403,
        "an admin reads no orders"
    );
    let sales = me(&company, &company.sign_in("sales1").await).await;
    let door = format!("/users/{}/view", id_of(&company, "sales1").await);
    let viewing = moved(&company, &root, Method::POST, &door).await;
    let seen = me(&company, &viewing).await;
    assert_eq!((&seen["login"], &seen["viewer"]), (&json!("sales1"), &json!("ROOT1")), "{seen}");
    assert_eq!((&seen["menu"], &seen["may"]), (&sales["menu"], &sales["may"]));
    let read = answer(company.as_person(&viewing, Method::GET, &path)).await;
    assert_eq!((read.status, &read.body["number"]), (200, &order["number"]), "{}", read.text);

    let mut refused = 0;
    for (method, pattern, id, _) in TABLE.iter().filter(|(method, pattern, ..)| writes(method, pattern)) {
        let path = pattern.replace("{id}", order["id"].as_str().unwrap()).replace("{change}", "x");
        let path = path.replace("{line}", "1").replace("{qid}", "1").replace("{key}", "standard");
        let path = path.replace("{code}", "C001").replace("{login}", "sales1").replace("{page}", "orders");
        let path = path.replace("{month}", "2026-11").replace("{version}", "1");
        let said = answer(company.as_person(&viewing, method.parse().unwrap(), &path).body("{}")).await;
        assert_eq!((said.status, &said.body["code"]), (403, &json!("viewing_only")), "{id}: {}", said.text);
        refused += 1;
    }
    assert!(refused > 80, "{refused} operations write");
    let checked =
        answer(company.as_person(&viewing, Method::POST, "/orders/check").json(&clean("PO-2"))).await;
    assert_eq!(checked.status, 200, "what writes nothing is shown: {}", checked.text);

    let back = moved(&company, &viewing, Method::DELETE, "/view").await;
    let again = me(&company, &back).await;
    assert_eq!(
        (&again["login"], &again["viewer"], &again["menu"]),
        (&json!("root1"), &Value::Null, &own_menu)
    );
    for gone in [&root, &viewing] {
        assert_eq!(answer(company.as_person(gone, Method::GET, "/me")).await.status, 401);
    }
    let ended = answer(company.as_person(&back, Method::DELETE, "/view")).await;
    assert_eq!((ended.status, &ended.body["code"]), (409, &json!("not_viewing")));
    let log = company.get("/audit?action=view_as").await;
    let entries = log.body["items"].as_array().unwrap();
    assert_eq!(entries.len(), 1, "{}", log.text);
    assert!(
        entries[0].to_string().contains("ROOT1") && entries[0].to_string().contains("sales1"),
        "{}",
        log.text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn s059_a_view_ends_with_the_right_to_it_and_with_either_of_both_people() {
    let company = Company::open().await;
    let users = async |item: Value| {
        let put = company.by_token(Method::PUT, "/users").json(&json!({ "items": [item] }));
        assert_eq!(answer(put).await.status, 200);
    };
    let [root1, sales1, boss] =
        [id_of(&company, "root1").await, id_of(&company, "sales1").await, id_of(&company, "boss").await];
    let root = company.sign_in("root1").await;
    users(json!({ "login": "boss", "disabled": true })).await;
    let fresh = json!({ "login": "new1", "name": "New", "roles": ["sales"], "password": "somebody-elses", "password_once": true });
    users(fresh).await;
    let door = format!("/users/{}/view", id_of(&company, "new1").await);
    let viewing = moved(&company, &root, Method::POST, &door).await;
    assert_eq!(me(&company, &viewing).await["password_once"], false, "whoever looks chooses none for them");
    assert_eq!(answer(company.as_person(&viewing, Method::GET, "/orders")).await.status, 200);
    let root = moved(&company, &viewing, Method::DELETE, "/view").await;
    for nobody in [root1.as_str(), boss.as_str(), "019b0000-0000-7000-8000-000000000000", "x"] {
        let said =
            answer(company.as_person(&root, Method::POST, &format!("/users/{nobody}/view")).body("{}")).await;
        assert_eq!(said.status, 404, "{nobody}: {}", said.text);
    }
    let viewing = moved(&company, &root, Method::POST, &format!("/users/{sales1}/view")).await;
    users(json!({ "login": "root1", "roles": ["auditor"] })).await;
    assert_eq!(
        answer(company.as_person(&viewing, Method::GET, "/me")).await.status,
        401,
        "no right any more"
    );
    users(json!({ "login": "root1", "roles": ["admin"] })).await;

    let root = company.sign_in("root1").await;
    let viewing = moved(&company, &root, Method::POST, &format!("/users/{sales1}/view")).await;
    users(json!({ "login": "root1", "disabled": true })).await;
    assert_eq!(answer(company.as_person(&viewing, Method::GET, "/me")).await.status, 401);
    users(json!({ "login": "root1", "disabled": false })).await;
    let root = company.sign_in("root1").await;
    let viewing = moved(&company, &root, Method::POST, &format!("/users/{sales1}/view")).await;
    users(json!({ "login": "sales1", "disabled": true })).await;
    assert_eq!(answer(company.as_person(&viewing, Method::GET, "/me")).await.status, 401);
}
