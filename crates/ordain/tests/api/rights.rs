//! Every operation of the document stands in the table of rights, and the table is what the server does.

use crate::company::{Company, PASSWORD, Person, STAFF, answer, clean, open_nodes, task};
use ordain::routes::table::{PREFIX, Right, TABLE};
use ordain_app::case::people::ROLES;
use ordain_app::session::create_token;
use ordain_domain::actor::Actor;
use reqwest::Method;
use serde_json::json;
use std::collections::BTreeSet;

#[test]
fn r26_every_operation_of_the_document_stands_in_the_table() {
    let document = ordain::server::openapi::document();
    let mut documented = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap().to_owned();
            documented.insert((method.to_uppercase(), path.strip_prefix(PREFIX).unwrap().to_owned(), id));
        }
    }
    let table: BTreeSet<(String, String, String)> =
        TABLE.iter().map(|(m, p, id, _)| ((*m).to_owned(), (*p).to_owned(), (*id).to_owned())).collect();
    assert_eq!(documented, table);
}

fn path(pattern: &str) -> String {
    let id = "019b0000-0000-7000-8000-000000000000";
    pattern
        .replace("{id}", id)
        .replace("{qid}", "1")
        .replace("{change}", id)
        .replace("{key}", "standard")
        .replace("{code}", "finance")
        .replace("{page}", "orders")
        .replace("{login}", "fin1")
}

/// Streams have no end: only the head of the answer is looked at.
async fn status(request: reqwest::RequestBuilder) -> u16 {
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn r26_s059_rights_are_as_the_table_says_for_every_role_and_operation() {
    let company = Company::open().await;
    for (method, pattern, id, right) in TABLE {
        let method: Method = method.parse().unwrap();
        let bare = status(company.request(method, &path(pattern)).body("{}")).await;
        assert_eq!(bare == 401, *right != Right::Public, "{id} by nobody: {bare}");
    }
    for (login, _, role) in STAFF {
        let person = company.sign_in(login).await;
        // Both end the session that is asked with.
        let lasting = TABLE.iter().filter(|row| !matches!(row.2, "end_session" | "start_practice"));
        for (method, pattern, id, right) in lasting {
            let request = company.as_person(&person, method.parse().unwrap(), &path(pattern)).body("{}");
            let got = status(request).await;
            let may = match right {
                Right::Public | Right::SignedIn => true,
                Right::Needs(permission) => permission.roles().contains(&role),
            };
            assert_eq!(got != 403, may, "{id} by {role}: {got}");
            assert!(got < 500, "{id} by {role}: {got}");
        }
    }
    for role in ROLES {
        let (_, token) = create_token(&company.app, 1, Actor::system("test"), role, role).await.unwrap();
        for (method, pattern, id, right) in TABLE {
            let method: Method = method.parse().unwrap();
            let got = status(company.request(method, &path(pattern)).bearer_auth(&token).body("{}")).await;
            let may = match right {
                Right::Public | Right::SignedIn => true,
                Right::Needs(permission) if role == "admin" => permission.admin_token(),
                Right::Needs(permission) => !permission.is_for_people() && permission.roles().contains(&role),
            };
            // What belongs to a person alone is refused to a program by itself.
            let personal = matches!(
                *id,
                "set_language"
                    | "read_notices"
                    | "start_practice"
                    | "start_view"
                    | "end_practice"
                    | "give_feedback"
                    | "put_views"
            );
            assert!(personal || (got != 403) == may, "{id} by token {role}: {got}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r28_writes_by_cookie_need_the_csrf_token_and_their_own_origin() {
    let company = Company::open().await;
    let person = company.sign_in("sales1").await;
    let bare = company.request(Method::POST, "/orders").header("cookie", &person.cookie).json(&json!({}));
    assert_eq!(status(bare).await, 403);
    for (name, value) in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
        let foreign =
            company.as_person(&person, Method::POST, "/orders").header(name, value).json(&json!({}));
        let said = answer(foreign).await;
        assert_eq!((said.status, &said.body["code"]), (403, &json!("csrf")));
    }
    let own =
        company.as_person(&person, Method::POST, "/orders").header("origin", &company.base).json(&json!({}));
    assert_eq!(status(own).await, 201);
    let out = company.as_person(&person, Method::DELETE, "/session");
    assert_eq!(status(out).await, 204);
    assert_eq!(status(company.as_person(&person, Method::GET, "/me")).await, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn r28_wrong_passwords_are_counted_and_lock() {
    let company = Company::open().await;
    let attempt = |login: &str| {
        answer(
            company
                .request(Method::POST, "/session")
                .json(&json!({ "login": login, "password": "wrong-one" })),
        )
    };
    let first = attempt("fin1").await;
    assert_eq!((first.status, &first.body["code"]), (401, &json!("wrong_password")));
    assert_eq!(attempt("nobody").await.body["code"], "wrong_password");
    let mut last = first;
    for _ in 0..10 {
        last = attempt("fin1").await;
    }
    assert_eq!((last.status, &last.body["code"]), (401, &json!("locked")), "{}", last.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn r28_a_password_that_somebody_else_made_opens_nothing_until_its_owner_has_chosen_another() {
    let company = Company::open().await;
    let admin = company.sign_in("root1").await;
    let item = json!({ "login": "new1", "name": "New", "roles": ["sales"], "password": PASSWORD, "password_once": true });
    let put = company.as_person(&admin, Method::PUT, "/users").json(&json!({ "items": [item] }));
    assert_eq!(status(put).await, 200);
    let (person, elsewhere) = (company.sign_in("new1").await, company.sign_in("new1").await);
    let me = answer(company.as_person(&person, Method::GET, "/me")).await;
    assert_eq!(me.body["password_once"], true);
    let said = answer(company.as_person(&person, Method::GET, "/orders")).await;
    assert_eq!((said.status, &said.body["code"]), (403, &json!("password_must_change")));

    let change = |current: &str, chosen: &str| {
        let body = json!({ "current": current, "password": chosen });
        company.as_person(&person, Method::PUT, "/me/password").json(&body)
    };
    for (current, chosen, refused, code) in [
        (PASSWORD, "short", 422, "password_too_short"),
        (PASSWORD, PASSWORD, 422, "password_unchanged"),
        (PASSWORD, "", 422, "missing"),
        ("wrong-one", "my own words", 401, "wrong_password"),
    ] {
        let said = answer(change(current, chosen)).await;
        assert!(
            said.status == refused && said.text.contains(code),
            "{chosen}: {} {}",
            said.status,
            said.text
        );
    }
    let changed = change(PASSWORD, "my own words").send().await.unwrap();
    assert_eq!(changed.status().as_u16(), 200);
    let was = person;
    let person = Person::of(changed).await;
    assert_eq!(status(company.as_person(&person, Method::GET, "/orders")).await, 200);
    assert_eq!(
        status(company.as_person(&was, Method::GET, "/me")).await,
        200,
        "what is on its way is answered"
    );
    assert_eq!(status(company.as_person(&elsewhere, Method::GET, "/me")).await, 401, "signed out elsewhere");
    let old =
        company.request(Method::POST, "/session").json(&json!({ "login": "new1", "password": PASSWORD }));
    assert_eq!(status(old).await, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn s059_a_refusal_names_the_right_and_who_has_it() {
    let company = Company::open().await;
    let name = json!({ "zh": "业务员", "en": "Agents" });
    let own =
        json!({ "items": [{ "role": "agent", "name": name, "rights": ["read_orders", "write_orders"] }] });
    assert_eq!(company.replace("/roles", &own).await.status, 200);
    let person = company.sign_in("wh1").await;
    let request =
        company.as_person(&person, Method::POST, "/orders").header("accept-language", "en").json(&json!({}));
    let said = answer(request).await;
    assert_eq!(said.status, 403);
    let detail = said.body["detail"].as_str().unwrap();
    for said in ["Enter and change orders", "Sales", "Agents", "ROOT1"] {
        assert!(detail.contains(said), "{said}: {detail}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s059_a_task_tells_nothing_of_an_order_to_whoever_may_not_read_it() {
    let company = Company::open().await;
    let mut body = clean("PO-1");
    body["lines"][0]["quantity"] = json!("100000");
    let order = company.place(&body).await;
    let node = open_nodes(&order).remove(0);
    let id = task(&order, &node)["id"].as_str().unwrap().to_owned();
    let root = company.sign_in("root1").await;
    let read = |path: String| answer(company.as_person(&root, Method::GET, &path));
    let one = read(format!("/tasks/{id}")).await;
    assert_eq!((one.status, &one.body["code"]), (403, &json!("forbidden")), "{}", one.text);
    let all = read("/tasks".to_owned()).await;
    assert_eq!((all.status, &all.body["items"]), (200, &json!([])), "{}", all.text);
}
