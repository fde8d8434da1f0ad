//! Stock is a ledger: what moved, who moved it, how old a figure is, and who hears when little is left.

use crate::company::{Company, answer, clean, codes, open_nodes};
use ordain_app::audit;
use reqwest::Method;
use serde_json::{Value, json};

async fn move_goods(company: &Company, items: Value) -> crate::company::Answer {
    company.post("/stock/movements", &json!({ "items": items })).await
}

async fn figure(company: &Company, product: &str, warehouse: &str) -> Value {
    let listed = company.get(&format!("/stock?q={product}")).await;
    let items = listed.body["items"].as_array().unwrap().clone();
    items.into_iter().find(|item| item["warehouse"] == warehouse).unwrap_or(Value::Null)
}

async fn feed(company: &Company, product: &str, warehouse: &str, on_hand: &str, as_of: Option<&str>) {
    let place = json!({ "items": [{ "code": warehouse }] });
    assert_eq!(answer(company.by_token(Method::PUT, "/warehouses").json(&place)).await.status, 200);
    let item = json!({ "product": product, "warehouse": warehouse, "on_hand": on_hand, "as_of": as_of });
    let put = answer(company.by_token(Method::PUT, "/stock/feed").json(&json!({ "items": [item] }))).await;
    assert_eq!(put.status, 200, "{}", put.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn s029_goods_come_go_and_change_place_and_the_balance_is_the_sum_of_its_movements() {
    let company = Company::open().await;
    feed(&company, "SKU-1", "NB", "0", None).await;
    let done = move_goods(
        &company,
        json!([
            { "kind": "in", "product": "SKU-3", "warehouse": "SH", "quantity": "20", "reference": "DN-1" },
            { "kind": "out", "product": "SKU-3", "warehouse": "SH", "quantity": "4", "reason": "samples" },
            { "kind": "adjust", "product": "SKU-3", "warehouse": "SH", "quantity": "-1.5", "reason": "counted" },
            { "kind": "transfer", "product": "SKU-3", "warehouse": "SH", "to_warehouse": "NB", "quantity": "7" }
        ]),
    )
    .await;
    assert_eq!((done.status, &done.body["created"]), (200, &json!(4)), "{}", done.text);
    assert_eq!(figure(&company, "SKU-3", "SH").await["on_hand"], "12.5");
    assert_eq!(figure(&company, "SKU-3", "NB").await["on_hand"], "7");
    let ledger = company.get("/stock/movements?product=SKU-3").await;
    let told: Vec<(Value, Value)> = ledger.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (item["kind"].clone(), item["quantity"].clone()))
        .collect();
    let expected = [("transfer", "7"), ("transfer", "-7"), ("adjust", "-1.5"), ("out", "-4"), ("in", "20")];
    let expected = expected.iter().chain(&[("count", "5")]);
    assert_eq!(told, expected.map(|(kind, qty)| (json!(kind), json!(qty))).collect::<Vec<_>>());
    assert_eq!(ledger.body["items"][3]["reason"], "samples");
    let page = company.get("/stock/movements?product=SKU-3&limit=4").await;
    let cursor = page.body["next_cursor"].as_str().unwrap();
    let rest = company.get(&format!("/stock/movements?product=SKU-3&limit=4&cursor={cursor}")).await;
    assert_eq!(rest.body["items"].as_array().unwrap().len(), 2);
    let report = audit::verify(&company.app.store, 1, false, None, &mut |_| {}).unwrap();
    assert_eq!(report.first_problem, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn s029_a_request_with_faults_moves_nothing_and_names_them_all() {
    let company = Company::open().await;
    let refused = move_goods(
        &company,
        json!([
            { "kind": "in", "product": "SKU-3", "warehouse": "SH", "quantity": "1" },
            { "kind": "in", "product": "SKU-9", "warehouse": "XX", "quantity": "0" },
            { "kind": "out", "product": "SKU-3", "warehouse": "SH", "quantity": "7" },
            { "kind": "in", "product": "SKU-3", "warehouse": "SH", "quantity": "-2" },
            { "kind": "adjust", "product": "SKU-3", "warehouse": "SH", "quantity": "1" },
            { "kind": "transfer", "product": "SKU-3", "warehouse": "SH", "to_warehouse": "SH", "quantity": "0.0001" }
        ]),
    )
    .await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    let mut found: Vec<String> = refused.body["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| {
            let text = |name: &str| fault[name].as_str().unwrap().to_owned();
            format!("{} {}", text("path"), text("code"))
        })
        .collect();
    found.sort();
    let expected = [
        "items[1].product unknown_product",
        "items[1].quantity not_positive",
        "items[1].warehouse unknown_warehouse",
        "items[2].quantity not_enough_stock",
        "items[3].quantity negative_number",
        "items[4].reason missing_field",
        "items[5].quantity too_precise",
        "items[5].to_warehouse same_warehouse",
    ];
    assert_eq!(found, expected);
    assert_eq!(figure(&company, "SKU-3", "SH").await["on_hand"], "5");
}

#[tokio::test(flavor = "multi_thread")]
async fn s044_sales_see_what_is_available_and_what_is_promised_cannot_be_taken_out() {
    let company = Company::open().await;
    let mut soft = clean("PO-soft");
    soft["lines"] = json!([{ "product": "SKU-3", "quantity": "2", "unit": "pcs", "unit_price": "12.50" }]);
    soft["special_requests"] = json!("Ring twice");
    company.place(&soft).await;
    let mut hard = clean("PO-hard");
    hard["lines"] = json!([{ "product": "SKU-3", "quantity": "1", "unit": "pcs", "unit_price": "12.50" }]);
    assert_eq!(company.place(&hard).await["status"], "confirmed");
    let sales = company.sign_in("sales1").await;
    let seen = answer(company.as_person(&sales, Method::GET, "/stock?q=SKU-3")).await;
    let item = &seen.body["items"][0];
    let told = ["on_hand", "reserved", "reserved_soft", "reserved_hard", "available"].map(|name| &item[name]);
    assert_eq!(told, ["5", "3", "2", "1", "2"]);
    let out =
        json!([{ "kind": "out", "product": "SKU-3", "warehouse": "SH", "quantity": "3", "reason": "gift" }]);
    let refused = move_goods(&company, out).await;
    assert_eq!(
        (refused.status, codes(&refused.body["findings"])),
        (422, vec!["not_enough_stock".to_owned()])
    );
    // Frozen goods are nobody's to promise.
    let level = json!({ "items": [{ "product": "SKU-3", "warehouse": "SH", "frozen": "1", "safety": "1" }] });
    let put = answer(company.by_token(Method::PUT, "/stock/levels").json(&level)).await;
    assert_eq!(put.status, 200, "{}", put.text);
    let checked = company.post("/orders/check", &hard).await;
    assert_eq!(codes(&checked.body["findings"]), ["duplicate_order", "stock_short"], "{}", checked.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn s045_a_stale_figure_backs_no_promise_unnoticed() {
    let company = Company::open().await;
    let mut rules = company.get("/settings/supply").await.body;
    rules["stock_stale_hours"] = json!(8);
    assert_eq!(company.replace("/settings/supply", &rules).await.status, 200);
    let hours_ago = |hours: i64| {
        let at = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(hours);
        at.to_string()
    };
    feed(&company, "SKU-1", "NB", "50", Some(&hours_ago(9))).await;
    let figure = figure(&company, "SKU-1", "NB").await;
    assert_eq!((&figure["age_hours"], &figure["stale"]), (&json!(9), &json!(true)));
    // Who asks what can be promised reads how old the oldest figure behind the answer is, in all places or in one.
    let asked = |place: &str| format!("/atp?product=SKU-1&quantity=1&warehouse={place}");
    for (place, available, stale) in [("NB", "50", true), ("SH", "100000", false), ("", "100050", true)] {
        let told = company.get(&asked(place)).await.body;
        assert_eq!(
            (&told["available"], &told["counted"]["stale"]),
            (&json!(available), &json!(stale)),
            "{told}"
        );
    }
    let told = company.get(&asked("NB")).await.body["counted"].clone();
    assert_eq!((&told["as_of"], &told["age_hours"]), (&figure["as_of"], &json!(9)));
    let unknown = company.get(&asked("XX")).await;
    assert_eq!((unknown.status, &unknown.body["code"]), (400, &json!("bad_query")), "{}", unknown.text);
    let mut body = clean("PO-1");
    body["lines"][0]["warehouse"] = json!("NB");
    let checked = company.post("/orders/check", &body).await;
    assert_eq!(codes(&checked.body["findings"]), ["stock_stale"], "{}", checked.text);
    assert_eq!(checked.body["lines"][0]["stock_as_of"], figure["as_of"], "{}", checked.text);
    let order = company.place(&body).await;
    assert_eq!(
        (&order["status"], open_nodes(&order)),
        (&json!("in_review"), vec!["warehouse_review".to_owned()])
    );
    // The warehouse may stand behind the figure with a reason...
    let mut second = body.clone();
    second["customer_po"] = json!("PO-2");
    let second = company.place(&second).await;
    let warehouse = company.sign_in("wh1").await;
    let decided = company.decide(&warehouse, &second, "warehouse_review", "approve").await;
    assert_eq!(decided.body["status"], "confirmed", "{}", decided.text);
    // ...and a new count, even of the same quantity, lets the order go by itself.
    feed(&company, "SKU-1", "NB", "50", None).await;
    let read = company.get(&format!("/orders/{}", order["id"].as_str().unwrap())).await;
    assert_eq!(read.body["status"], "confirmed", "{}", read.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn s050_s063_people_are_told_once_when_stock_becomes_low() {
    let company = Company::open().await;
    let level = json!({ "items": [{ "product": "SKU-2", "warehouse": "SH", "reorder": "90" }] });
    let put = answer(company.by_token(Method::PUT, "/stock/levels").json(&level)).await;
    assert_eq!(put.status, 200, "{}", put.text);
    let line = json!([{ "product": "SKU-2", "quantity": "8", "unit": "pcs", "unit_price": "10.00" }]);
    let told = |login: &'static str| {
        let company = &company;
        async move {
            let person = company.sign_in(login).await;
            let notices = answer(company.as_person(&person, Method::GET, "/notices")).await;
            let items = notices.body["items"].as_array().unwrap().clone();
            items.into_iter().filter(|notice| notice["kind"] == "low_stock").collect::<Vec<_>>()
        }
    };
    for (po, count) in [("PO-1", 0), ("PO-2", 1), ("PO-3", 1)] {
        let mut body = clean(po);
        body["lines"] = line.clone();
        assert_eq!(company.place(&body).await["status"], "confirmed");
        assert_eq!((told("wh1").await.len(), told("plan1").await.len()), (count, count), "{po}");
    }
    let notice = told("wh1").await.remove(0);
    assert_eq!(notice["text"]["en"], "SKU-2 at SH: 84 available, below 90");
    assert!(told("fin1").await.is_empty());
    // Once it has been filled up it is told anew.
    feed(&company, "SKU-2", "SH", "200", None).await;
    let out = json!([{ "kind": "out", "product": "SKU-2", "warehouse": "SH", "quantity": "100", "reason": "scrap" }]);
    assert_eq!(move_goods(&company, out).await.status, 200);
    assert_eq!(told("wh1").await.len(), 2);
    assert_eq!(figure(&company, "SKU-2", "SH").await["low"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn s007_s020_a_short_line_names_what_could_replace_it_and_a_person_takes_it_by_changing_the_line() {
    let company = Company::open().await;
    let products = |substitutes: Value| {
        let items = json!([{ "code": "SKU-3", "substitutes": substitutes }]);
        answer(company.by_token(Method::PUT, "/products").json(&json!({ "items": items })))
    };
    let bad = json!([{ "product": "SKU-3" }, { "product": "SKU-9", "ratio": "0" }, { "product": "SKU-9" }]);
    let refused = products(bad).await;
    let mut found = codes(&refused.body["findings"]);
    found.dedup();
    let expected = ["duplicate_code", "not_positive", "own_substitute", "unknown_product"];
    assert_eq!((refused.status, found), (422, expected.map(str::to_owned).to_vec()), "{}", refused.text);
    let kept = products(json!([{ "product": "SKU-2", "ratio": "2" }, { "product": "SKU-1" }])).await;
    assert_eq!(kept.status, 200, "{}", kept.text);
    let read = company.get("/products?q=SKU-3").await.body["items"][0].clone();
    let listed = json!([{ "product": "SKU-2", "ratio": "2" }, { "product": "SKU-1", "ratio": "1" }]);
    assert_eq!(read["substitutes"], listed);

    // 8 of 5: what could be sold instead stands in the answer, the preferred first, each with what is there.
    let short = company.get("/atp?product=SKU-3&quantity=8").await.body;
    let first = short["substitutes"][0].clone();
    let told = ["product", "ratio", "quantity", "available", "enough"].map(|name| first[name].clone());
    assert_eq!(told, [json!("SKU-2"), json!("2"), json!("16"), json!("100"), json!(true)], "{short}");
    assert_eq!(first["message"]["en"], "SKU-2 could replace SKU-3, 100 available");
    assert_eq!(short["substitutes"][1]["product"], "SKU-1");
    assert_eq!(company.get("/atp?product=SKU-3&quantity=5").await.body["substitutes"], json!([]));
    let unknown = company.get("/atp?product=SKU-3&quantity=5&unit=barrel").await;
    assert_eq!(unknown.status, 400, "{}", unknown.text);

    // The warehouse reads the same of a short order; nothing is swapped by itself.
    let mut body = clean("PO-1");
    body["lines"] = json!([{ "product": "SKU-3", "quantity": "8", "unit": "pcs", "unit_price": "12.50" }]);
    let order = company.place(&body).await;
    let path = format!("/orders/{}", order["id"].as_str().unwrap());
    let line = company.get(&format!("{path}/supply")).await.body["items"][0].clone();
    assert_eq!(line["substitutes"][0]["product"], "SKU-2", "{line}");
    assert_eq!(company.get(&path).await.body["lines"][0]["product"], "SKU-3");
    body["lines"] = json!([{ "product": first["product"], "quantity": first["quantity"], "unit": first["unit"], "unit_price": "10.00" }]);
    body["lines"][0]["id"] = json!("1");
    (body["reason"], body["origin"]) = (json!("customer takes the other one"), json!("customer"));
    let sales = company.sign_in("sales1").await;
    let swapped = company.post_as(&sales, &format!("{path}/changes"), &body).await;
    assert_eq!(swapped.status, 201, "{}", swapped.text);
    let line = swapped.body["lines"][0].clone();
    assert_eq!((&line["product"], &line["promise"]["state"]), (&json!("SKU-2"), &json!("backed")), "{line}");
}

#[tokio::test(flavor = "multi_thread")]
async fn s045_s050_a_slip_in_a_feed_makes_no_warehouse_that_could_back_a_promise() {
    let company = Company::open().await;
    let put =
        |items: Value| answer(company.by_token(Method::PUT, "/warehouses").json(&json!({ "items": items })));
    let slip = json!({ "items": [{ "product": "SKU-3", "warehouse": "SHH", "on_hand": "500" }] });
    let refused = answer(company.by_token(Method::PUT, "/stock/feed").json(&slip)).await;
    assert_eq!(
        (refused.status, codes(&refused.body["findings"])),
        (422, vec!["unknown_warehouse".to_owned()]),
        "{}",
        refused.text
    );
    assert_eq!(figure(&company, "SKU-3", "SHH").await, Value::Null);
    let bad = put(json!([{ "code": "X", "rank": 0 }])).await;
    assert_eq!(
        (bad.status, codes(&bad.body["findings"])),
        (422, vec!["out_of_range".to_owned()]),
        "{}",
        bad.text
    );
    // A new one comes last, and is tried first once somebody says so.
    assert_eq!(put(json!([{ "code": "SHH", "name": "Harbour" }])).await.body["created"], 1);
    let listed = company.get("/warehouses").await.body["items"].clone();
    let codes: Vec<&str> =
        listed.as_array().unwrap().iter().map(|row| row["code"].as_str().unwrap()).collect();
    assert_eq!((codes.last(), codes.len() > 1), (Some(&"SHH"), true), "{listed}");
    assert_eq!(answer(company.by_token(Method::PUT, "/stock/feed").json(&slip)).await.status, 200);
    assert_eq!(
        put(json!([{ "code": "SH", "rank": 9 }, { "code": "SHH", "rank": 1 }])).await.body["updated"],
        2
    );
    let mut body = clean("PO-1");
    body["lines"] = json!([{ "product": "SKU-3", "quantity": "2", "unit": "pcs", "unit_price": "12.50" }]);
    let order = company.place(&body).await;
    assert_eq!(order["lines"][0]["promise"]["from"][0]["warehouse"], "SHH", "{order}");
}
