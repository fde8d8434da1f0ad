//! Splitting, merging, giving up and postponing orders, from outside.

use crate::company::{Answer, Company, Person, answer, clean};
use crate::purchase;
use reqwest::Method;
use serde_json::{Value, json};

async fn post(company: &Company, who: &Person, path: &str, body: &Value) -> Answer {
    company.post_as(who, path, body).await
}

fn path(order: &Value, below: &str) -> String {
    format!("/orders/{}{below}", order["id"].as_str().unwrap())
}

async fn reserved(company: &Company) -> String {
    company.get("/stock?q=SKU-1").await.body["items"][0]["reserved"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn s023_s064_an_order_is_split_through_the_api_once_per_key() {
    let company = Company::open().await;
    let order = company.place(&clean("S-1")).await;
    // A number or its text: clients send either.
    let line = json!(order["lines"][0]["id"].as_str().unwrap().parse::<u32>().unwrap());
    let (sales1, wh1) = (company.sign_in("sales1").await, company.sign_in("wh1").await);
    let body = json!({ "reason": "two places", "lines": [{ "line": line, "quantity": "4" }] });
    assert_eq!(post(&company, &wh1, &path(&order, "/split"), &body).await.status, 403);
    let wrong = json!({ "reason": "x", "lines": [{ "line": line, "quantity": "11" }, { "line": "9" }] });
    let refused = post(&company, &sales1, &path(&order, "/split"), &wrong).await;
    let codes: Vec<_> =
        refused.body["findings"].as_array().unwrap().iter().map(|f| f["code"].clone()).collect();
    assert_eq!((refused.status, codes), (422, vec![json!("more_than_line"), json!("unknown_line")]));
    let request = || {
        let request = company.as_person(&sales1, Method::POST, &path(&order, "/split"));
        request.header("idempotency-key", "split-1").json(&body)
    };
    let split = answer(request()).await;
    assert_eq!((split.status, &split.body["revision"]), (200, &json!(2)), "{}", split.text);
    let again = answer(request()).await;
    assert!(again.replayed && again.text == split.text, "the same key splits once");
    let number = split.body["family"]["parts"][0].as_str().unwrap().to_owned();
    let part = company.get(&format!("/orders/{number}")).await.body;
    assert_eq!((&part["status"], &part["family"]["root"]), (&json!("confirmed"), &order["number"]), "{part}");
    let cents =
        |order: &Value| order["totals"]["gross"].as_str().unwrap().replace('.', "").parse::<i64>().unwrap();
    assert_eq!(cents(&split.body) + cents(&part), cents(&order));
    assert_eq!(reserved(&company).await, "10", "both hold what the one held");
    let told = company.get(&path(&order, "/timeline")).await.body.to_string();
    assert!(told.contains(&format!("Split off as {number}")), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn s023_two_orders_are_merged_through_the_api_or_every_difference_is_named() {
    let company = Company::open().await;
    let sales1 = company.sign_in("sales1").await;
    let draft = |po: &str| {
        let mut body = clean(po);
        body["submit"] = json!(false);
        body
    };
    let into = company.place(&draft("M-1")).await;
    let mut other = draft("M-2");
    other["ship_to"]["address"] = json!("Ningbo");
    other["special_requests"] = json!("by hand");
    let other = company.place(&other).await;
    let body = |order: &Value| json!({ "from": order["id"], "reason": "one delivery" });
    let refused = post(&company, &sales1, &path(&into, "/merge"), &body(&other)).await;
    assert_eq!((refused.status, &refused.body["code"]), (422, &json!("not_alike")), "{}", refused.text);
    assert_eq!(refused.body["findings"][0]["path"], "ship_to");
    let from = company.place(&draft("M-3")).await;
    let merged = post(&company, &sales1, &path(&into, "/merge"), &body(&from)).await;
    assert_eq!((merged.status, merged.body["lines"].as_array().unwrap().len()), (200, 2), "{}", merged.text);
    let gone = company.get(&path(&from, "")).await.body;
    assert_eq!((&gone["status"], &gone["cancel_reason"]["code"]), (&json!("cancelled"), &json!("merged")));
    let absent = json!({ "from": "00000000-0000-7000-8000-000000000000", "reason": "x" });
    assert_eq!(post(&company, &sales1, &path(&into, "/merge"), &absent).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn s010_s084_an_order_is_cancelled_for_a_reason_that_the_company_has_listed() {
    let company = Company::open().await;
    let listed = company.get("/cancel-reasons").await.body;
    let codes: Vec<&str> =
        listed["items"].as_array().unwrap().iter().map(|r| r["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"incomplete_data") && codes.contains(&"review_timeout"), "{codes:?}");
    let mut items = listed["items"].as_array().unwrap().clone();
    items.push(json!({ "code": "moved_away", "name": { "zh": "客户搬迁", "en": "Customer moved away" } }));
    let put = company.replace("/cancel-reasons", &json!({ "items": items })).await;
    assert_eq!(put.status, 200, "{}", put.text);
    let nameless = json!({ "items": [{ "code": "x", "name": { "zh": "" } }, { "code": "x" }] });
    assert_eq!(company.replace("/cancel-reasons", &nameless).await.status, 422);
    let order = company.place(&clean("C-1")).await;
    let sales1 = company.sign_in("sales1").await;
    let cancel = |body: Value| {
        let (company, sales1, order) = (&company, &sales1, &order);
        async move { post(company, sales1, &path(order, "/cancel"), &body).await }
    };
    assert_eq!(cancel(json!({ "reason_code": "mood" })).await.body["code"], "unknown_cancel_reason");
    assert_eq!(cancel(json!({ "reason_code": "other" })).await.body["code"], "reason_required");
    let done = cancel(json!({ "reason_code": "moved_away" })).await;
    assert_eq!((done.status, &done.body["status"]), (200, &json!("cancelled")), "{}", done.text);
    assert_eq!(done.body["cancel_reason"]["name"]["zh"], "客户搬迁");
    assert_eq!(reserved(&company).await, "0");
    let told = company.get(&path(&order, "/timeline")).await.body.to_string();
    assert!(told.contains("Customer moved away"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn s061_s020_a_late_product_moves_every_order_that_waits_for_it_each_with_its_answer() {
    let company = Company::open().await;
    let (plan1, sales1, wh1) =
        (company.sign_in("plan1").await, company.sign_in("sales1").await, company.sign_in("wh1").await);
    let bought = json!([{ "number": "PO-9", "supplier": "Baosteel", "product": "SKU-3", "quantity": "100",
        "due_date": purchase::day(2), "state": "ordered" }]);
    assert_eq!(purchase::put(&company, bought).await.status, 200);
    // Three of five pieces on the shelf are the first one's; what the others ask for is to come.
    let mut orders = Vec::new();
    for (n, quantity) in ["3", "2", "8", "9"].into_iter().enumerate() {
        let mut body = clean(&format!("L-{n}"));
        body["lines"] =
            json!([{ "product": "SKU-3", "quantity": quantity, "unit": "pcs", "unit_price": "12.50" }]);
        let order = company.place(&body).await;
        assert_eq!(order["status"], "confirmed", "{order}");
        orders.push(order);
    }
    let day = orders[0]["requested_date"].as_str().unwrap();
    let day: jiff::civil::Date = day.parse().unwrap();
    let later = day.checked_add(jiff::Span::new().days(7)).unwrap().to_string();
    // One has left.
    let ship = json!({ "revision": 1, "lines": [{ "line": orders[1]["lines"][0]["id"], "quantity": "2" }] });
    assert_eq!(post(&company, &wh1, &path(&orders[1], "/shipments"), &ship).await.status, 201);
    let body = json!({ "product": "SKU-3", "date": later, "reason": "the mill stands still" });
    assert_eq!(post(&company, &plan1, "/changes/late-product", &body).await.status, 403);
    let missing = post(&company, &sales1, "/changes/late-product", &json!({ "reason": "x" })).await;
    assert_eq!(missing.body["findings"].as_array().unwrap().len(), 2, "{}", missing.text);
    let unknown = json!({ "product": "SKU-X", "date": later, "orders": ["nobody"], "reason": "x" });
    let unknown = post(&company, &sales1, "/changes/late-product", &unknown).await;
    let found = unknown.body["findings"].as_array().unwrap().iter();
    let found: Vec<_> = found.map(|fault| (fault["code"].clone(), fault["path"].clone())).collect();
    let named = [("unknown_product", "product"), ("unknown_order", "orders[0]")];
    assert_eq!(found, named.map(|(code, path)| (json!(code), json!(path))), "{}", unknown.text);
    let shown = post(&company, &sales1, "/changes/late-product/preview", &body).await;
    assert_eq!(
        (shown.status, &shown.body["applied"], &shown.body["refused"]),
        (200, &json!(2), &json!(0)),
        "{}",
        shown.text
    );
    assert_eq!(company.get(&path(&orders[0], "")).await.body["revision"], 1, "a preview writes nothing");
    let done = post(&company, &sales1, "/changes/late-product", &body).await;
    assert_eq!((done.status, &done.body["applied"]), (200, &json!(2)), "{}", done.text);
    let numbers: Vec<_> =
        done.body["items"].as_array().unwrap().iter().map(|i| i["number"].clone()).collect();
    assert_eq!(
        numbers,
        [2, 3].map(|n: usize| orders[n]["number"].clone()),
        "the oldest first, none that has left, and none whose goods lie there"
    );
    let moved = company.get(&path(&orders[2], "")).await.body;
    assert_eq!((&moved["revision"], &moved["lines"][0]["requested_date"]), (&json!(2), &json!(later)));
    // Whoever names orders hears of each of them.
    let mut some = body.clone();
    some["orders"] = json!([orders[1]["id"], orders[2]["id"]]);
    let some = post(&company, &sales1, "/changes/late-product", &some).await;
    let items = some.body["items"].as_array().unwrap().iter();
    let items: Vec<_> = items.map(|item| (item["number"].clone(), item["problem"]["code"].clone())).collect();
    let expected = [(1, "wrong_status"), (2, "nothing_changed")];
    assert_eq!(
        items,
        expected.map(|(n, code): (usize, _)| (orders[n]["number"].clone(), json!(code))),
        "{}",
        some.text
    );
    let again = post(&company, &sales1, "/changes/late-product", &body).await;
    assert_eq!(again.body["items"], json!([]), "who waits till then already is left alone");
    let mut one = body.clone();
    one["orders"] = json!([orders[0]["id"]]);
    let one = post(&company, &sales1, "/changes/late-product", &one).await;
    assert_eq!(one.body["applied"], 1, "named, also with goods on the shelf: {}", one.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn s046_a_change_is_taken_up_in_part_through_the_api() {
    let company = Company::open().await;
    let order = company.place(&clean("T-1")).await;
    let (sales1, wh1) = (company.sign_in("sales1").await, company.sign_in("wh1").await);
    let mut wish = clean("T-1");
    wish["lines"][0]["id"] = order["lines"][0]["id"].clone();
    wish["lines"][0]["quantity"] = json!("12");
    wish["ship_to"]["phone"] = json!("13911111111");
    wish["reason"] = json!("phoned");
    wish["origin"] = json!("warehouse");
    let _ = wish.as_object_mut().unwrap().remove("submit");
    let asked = post(&company, &wh1, &path(&order, "/changes"), &wish).await;
    assert_eq!(asked.status, 201, "{}", asked.text);
    let changes = company.get(&path(&order, "/changes")).await.body;
    let take = path(&order, &format!("/changes/{}/take", changes["items"][0]["id"].as_str().unwrap()));
    let part = json!({ "lines": [], "head": true, "reason": "no more goods" });
    let taken = post(&company, &sales1, &take, &part).await;
    assert_eq!((taken.status, &taken.body["revision"]), (200, &json!(2)), "{}", taken.text);
    assert_eq!(taken.body["lines"][0]["quantity"], "10");
    assert_eq!(taken.body["ship_to"]["phone"], "13911111111");
    let change = &company.get(&path(&order, "/changes")).await.body["items"][0];
    assert_eq!(
        (&change["left_out"][0]["path"], &change["left_out_reason"]),
        (&json!("lines[0].quantity"), &json!("no more goods"))
    );
}
