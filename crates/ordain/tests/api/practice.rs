//! Practice: everything works, nothing counts, nothing leaves.

use crate::company::{Company, PASSWORD, Person, answer, clean};
use ordain_app::admin::{AdminCommand, UserItem};
use ordain_app::audit::verify;
use ordain_app::mail::deliver_outbox;
use ordain_connect::channel::Channel;
use ordain_connect::mail::MailFolder;
use ordain_domain::actor::Actor;
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::Arc;

async fn over(company: &Company, person: &Person, body: &Value) -> Person {
    let asked = company.as_person(person, Method::POST, "/practice").json(body).send().await.unwrap();
    assert_eq!(asked.status().as_u16(), 200);
    Person::of(asked).await
}

async fn get(company: &Company, person: &Person, path: &str) -> Value {
    let read = answer(company.as_person(person, Method::GET, path)).await;
    assert_eq!(read.status, 200, "{path}: {}", read.text);
    read.body
}

/// What the company is, as far as practice could touch it.
fn real(company: &Company) -> Value {
    let store = &company.app.store;
    let (orders, stock) = (store.order_counts(1).unwrap(), store.list_stock(1, "", ("", ""), 500).unwrap());
    let customers = store.list_customers(1, "", "", 500).unwrap();
    let log = store.log_range(1, 0, 5_000).unwrap().len();
    json!([format!("{orders:?}"), format!("{stock:?}"), format!("{customers:?}"), log])
}

#[tokio::test(flavor = "multi_thread")]
async fn s098_whoever_practises_touches_nothing_real_and_comes_back_as_who_they_are() {
    let company = Company::open().await;
    company.place(&clean("PO-1")).await;
    let finance = company.sign_in("fin1").await;
    let before = real(&company);

    let practising = over(&company, &finance, &json!({ "role": "sales" })).await;
    let me = get(&company, &practising, "/me").await;
    assert_eq!(
        (&me["practice"], &me["roles"], &me["department"]),
        (&json!(true), &json!(["sales"]), &json!("sales"))
    );
    let orders = get(&company, &practising, "/orders?limit=50").await;
    let numbers: Vec<&str> =
        orders["items"].as_array().unwrap().iter().map(|row| row["number"].as_str().unwrap()).collect();
    assert!(numbers.len() >= 6 && numbers.iter().all(|number| number.starts_with("PX-")), "{numbers:?}");
    let made = company
        .post_as(
            &practising,
            "/orders",
            &json!({
                "customer": "PX-C1", "customer_po": "MINE", "channel": "phone", "currency": "CNY",
                "requested_date": crate::company::soon(), "payment_terms": "NET30", "submit": true,
                "ship_to": { "name": "Li", "phone": "139", "address": "Road 1" },
                "invoice": { "title": "X", "tax_no": "91330000DEM000001R", "kind": "vat_special" },
                "lines": [{ "product": "PX-102", "quantity": "10", "unit": "pcs", "unit_price": "35" }]
            }),
        )
        .await;
    assert_eq!((made.status, &made.body["status"]), (201, &json!("confirmed")), "{}", made.text);
    let cancel = format!("/orders/{}/cancel", made.body["id"].as_str().unwrap());
    let said = company.post_as(&practising, &cancel, &json!({ "reason": "only practice" })).await;
    assert_eq!(said.status, 200, "{}", said.text);

    // What would go to customers goes nowhere, and counts as gone.
    let folder = tempfile::tempdir().unwrap();
    let channel: Arc<dyn Channel> =
        Arc::new(MailFolder::new(folder.path().join("m"), "a@example.com").unwrap());
    assert!(deliver_outbox(&company.app, &channel).await.unwrap().sent > 0);
    let mails = std::fs::read_dir(folder.path().join("m")).unwrap().count();
    let real_mails = company.app.store.outbox_count(1, "sent").unwrap();
    assert_eq!(i64::try_from(mails).unwrap(), real_mails, "a mail of the practice has left");
    assert_eq!(company.app.store.outbox_count(-1, "queued").unwrap(), 0);

    let back = company.as_person(&practising, Method::DELETE, "/practice").send().await.unwrap();
    let back = Person::of(back).await;
    let me = get(&company, &back, "/me").await;
    assert_eq!(
        (&me["practice"], &me["login"], &me["roles"]),
        (&json!(false), &json!("fin1"), &json!(["finance"]))
    );
    let after = real(&company);
    let but_mail = |value: &Value| value.as_array().unwrap()[..3].to_vec();
    assert_eq!(but_mail(&before), but_mail(&after));
    for org in [1, -1] {
        assert_eq!(verify(&company.app.store, org, false, None, &mut |_| {}).unwrap().first_problem, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s098_a_page_drawn_before_can_change_nothing_on_the_other_side() {
    let company = Company::open().await;
    let sales = company.sign_in("sales1").await;
    let practising = over(&company, &sales, &json!({})).await;
    // The same browser has the new cookie now; the old page still has its old token.
    let stale = Person { cookie: practising.cookie.clone(), csrf: sales.csrf.clone() };
    let said = company.post_as(&stale, "/orders", &clean("PO-9")).await;
    assert_eq!((said.status, &said.body["code"]), (403, &json!("csrf")));
    assert_eq!(
        answer(company.as_person(&sales, Method::GET, "/me")).await.status,
        401,
        "the session before has ended"
    );
    let read = company.as_person(&practising, Method::GET, "/orders").send().await.unwrap();
    assert_eq!(read.headers()["x-ordain-practice"], "1");

    let twice = company.as_person(&practising, Method::POST, "/practice").json(&json!({}));
    let twice = answer(twice).await;
    assert_eq!((twice.status, &twice.body["code"]), (409, &json!("in_practice")));
    let passwords = json!({ "current": PASSWORD, "password": "another-good-one" });
    let said = answer(company.as_person(&practising, Method::PUT, "/me/password").json(&passwords)).await;
    assert_eq!((said.status, &said.body["code"]), (409, &json!("in_practice")));
    let wrong = company.sign_in("wh1").await;
    let said =
        answer(company.as_person(&wrong, Method::POST, "/practice").json(&json!({ "role": "king" }))).await;
    assert_eq!(
        (said.status, &said.body["findings"][0]["code"]),
        (422, &json!("unknown_role")),
        "{}",
        said.text
    );
    let said = answer(company.as_person(&wrong, Method::DELETE, "/practice")).await;
    assert_eq!((said.status, &said.body["code"]), (409, &json!("not_in_practice")));
}

#[tokio::test(flavor = "multi_thread")]
async fn s098_there_is_no_way_into_the_company_from_practice_but_ones_own() {
    let company = Company::open().await;
    let sales = company.sign_in("sales1").await;
    let practising = over(&company, &sales, &json!({ "role": "admin" })).await;
    // An admin of the practice company makes somebody with a password, who can sign in nowhere.
    let people =
        json!({ "items": [{ "login": "intruder", "name": "X", "roles": ["admin"], "password": PASSWORD }] });
    let put = answer(company.as_person(&practising, Method::PUT, "/users").json(&people)).await;
    assert_eq!(put.status, 200, "{}", put.text);
    let body = json!({ "login": "intruder", "password": PASSWORD });
    assert_eq!(answer(company.request(Method::POST, "/session").json(&body)).await.status, 401);
    // Whoever leaves the company practises no longer, and does not come back.
    let gone = UserItem { login: "sales1".to_owned(), disabled: Some(true), ..UserItem::default() };
    company.app.admin(1, Actor::system("test"), AdminCommand::PutUsers(vec![gone])).await.unwrap();
    for (method, path) in [(Method::GET, "/me"), (Method::DELETE, "/practice")] {
        assert_eq!(answer(company.as_person(&practising, method, path)).await.status, 401);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s098_each_role_finds_work_to_practise_on_and_samples_come_back_fresh() {
    let company = Company::open().await;
    for (login, role, node) in [
        ("wh1", "finance", "finance_review"),
        ("fin1", "warehouse", "warehouse_review"),
        ("cs1", "sales", "sales_review"),
        ("plan1", "sales_manager", "manager_approval"),
    ] {
        let person = company.sign_in(login).await;
        let practising = over(&company, &person, &json!({ "role": role })).await;
        let pool = get(&company, &practising, "/tasks?queue=pool").await;
        let mine = get(&company, &practising, "/tasks?queue=mine").await;
        let found = pool["items"].as_array().unwrap().iter().chain(mine["items"].as_array().unwrap());
        let found: Vec<&Value> = found.filter(|task| task["node_id"] == node).collect();
        assert!(!found.is_empty(), "{role}: {pool} {mine}");
    }
    // Sample orders do not pile up: beyond a number that is enough nobody gets more.
    let person = company.sign_in("boss").await;
    let practising = over(&company, &person, &json!({ "role": "process_admin" })).await;
    let stock = get(&company, &practising, "/stock?q=PX-105&limit=5").await;
    assert_eq!(stock["items"][0]["on_hand"], "3", "{stock}");
}
