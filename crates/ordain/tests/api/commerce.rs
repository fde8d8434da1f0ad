//! What was agreed with customers: prices of several kinds, floors, invoice data.

use crate::company::{Company, answer, clean, codes, open_nodes, soon};
use reqwest::Method;
use serde_json::{Value, json};

async fn put(company: &Company, path: &str, items: Value) -> crate::company::Answer {
    answer(company.by_token(Method::PUT, path).json(&json!({ "items": items }))).await
}

fn of_two(po: &str, price: &str) -> Value {
    let mut body = clean(po);
    body["lines"] = json!([{ "product": "SKU-1", "quantity": "2", "unit": "pcs", "unit_price": price }]);
    body
}

#[tokio::test(flavor = "multi_thread")]
async fn s019_s043_a_price_is_compared_with_quotation_level_and_list() {
    let company = Company::open().await;
    assert_eq!(put(&company, "/customers", json!([{ "code": "C001", "level": "VIP" }])).await.status, 200);
    let level = json!([{ "product": "SKU-1", "level": "VIP", "price": "12.00" }]);
    assert_eq!(put(&company, "/prices", level).await.body["created"], 1);
    let order = company.place(&of_two("L-1", "12.50")).await;
    assert_eq!(codes(&order["findings"]), ["price_differs"]);
    assert_eq!(
        (&order["lines"][0]["price_source"], &order["lines"][0]["list_price"]),
        (&json!("tier"), &json!("12.00"))
    );
    let offered = json!([
        { "product": "SKU-1", "customer": "C001", "kind": "quotation", "price": "11.00" },
        { "product": "SKU-1", "customer": "C001", "kind": "quotation", "price": "9.00", "valid_to": "2020-12-31",
          "valid_from": "2020-01-01" },
    ]);
    assert_eq!(put(&company, "/prices", offered).await.body["created"], 2);
    let order = company.place(&of_two("L-2", "12.00")).await;
    assert_eq!(order["lines"][0]["price_source"], "quotation");
    let message = order["findings"][0]["message"]["en"].as_str().unwrap();
    assert_eq!(message, "Unit price 12.00 differs from the quotation 11.00 (tolerance 10‰)");
    assert_eq!(company.place(&of_two("L-3", "11.00")).await["status"], "confirmed");
    let listed = company.get("/prices?limit=2").await.body;
    let more = company.get(&format!("/prices?cursor={}", listed["next_cursor"].as_str().unwrap())).await.body;
    let all = [listed["items"].as_array().unwrap().as_slice(), more["items"].as_array().unwrap()].concat();
    let kinds: Vec<_> = all.iter().map(|price| (&price["kind"], &price["price"])).collect();
    assert_eq!(kinds.len(), 4, "{kinds:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn prices_that_could_never_be_asked_for_are_refused_together() {
    let company = Company::open().await;
    let wrong = json!([
        { "product": "SKU-1", "customer": "C001", "currency": "USD", "price": "1" },
        { "product": "SKU-1", "customer": "C001", "level": "A", "price": "1" },
        { "product": "SKU-1", "kind": "quotation", "price": "1" },
        { "product": "SKU-1", "kind": "rumour", "price": "-1" },
        { "product": "SKU-1", "valid_from": "2027-01-01", "valid_to": "2026-01-01", "price": "1" },
        { "product": "SKU-1", "currency": "ABC", "price": "1" },
    ]);
    let refused = put(&company, "/prices", wrong).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert_eq!(
        codes(&refused.body["findings"]),
        [
            "customer_or_level",
            "ends_before_start",
            "negative_number",
            "quotation_without_customer",
            "unknown_currency",
            "unknown_price_kind",
            "wrong_currency"
        ]
    );
    let rate = put(&company, "/products", json!([{ "code": "SKU-1", "tax_rate": "1.01" }])).await;
    assert_eq!((rate.status, codes(&rate.body["findings"])), (422, vec!["out_of_range".to_owned()]));
}

#[tokio::test(flavor = "multi_thread")]
async fn s014_a_line_has_a_tax_rate_of_its_own_which_finance_looks_at() {
    let company = Company::open().await;
    let mut body = clean("X-1");
    body["lines"][0]["tax_rate"] = json!("0");
    let order = company.place(&body).await;
    assert_eq!((&order["lines"][0]["tax"], &order["totals"]["net"]), (&json!("0.00"), &json!("125.00")));
    assert_eq!(order["lines"][0]["tax_rate"], "0");
    let facts = &order["findings"][0]["facts"];
    assert_eq!((&order["findings"][0]["code"], &facts["product"]), (&json!("tax_differs"), &json!("13")));
    assert_eq!(open_nodes(&order), ["finance_review"]);
    let fin1 = company.sign_in("fin1").await;
    let done = company.decide(&fin1, &order, "finance_review", "approve").await;
    assert_eq!(done.body["status"], "confirmed", "{}", done.text);
    body["lines"][0]["tax_rate"] = json!("13");
    body["customer_po"] = json!("X-2");
    let wrong = company.place(&body).await;
    assert_eq!(wrong["findings"][0]["code"], "tax_rate_out_of_range", "13 is no fraction: {wrong}");
}

#[tokio::test(flavor = "multi_thread")]
async fn s064_s072_what_is_below_the_floor_waits_for_leave_and_sales_does_not_see_the_floor() {
    let company = Company::open().await;
    let floor =
        json!([{ "code": "SKU-1", "floor_price": "12.45", "cost_price": "9.00", "min_margin": "0.10" }]);
    assert_eq!(put(&company, "/products", floor).await.status, 200);
    let order = company.place(&of_two("F-1", "12.40")).await;
    assert_eq!(
        (&order["status"], codes(&order["findings"])),
        (&json!("in_review"), vec!["below_floor".to_owned()])
    );
    assert_eq!(order["findings"][0]["facts"]["floor"], "12.45");
    assert_eq!(open_nodes(&order), ["finance_review"]);
    let path = format!("/orders/{}", order["id"].as_str().unwrap());
    for (login, sees) in [("sales1", false), ("fin1", true), ("smgr1", true)] {
        let person = company.sign_in(login).await;
        let seen = answer(company.as_person(&person, Method::GET, &path)).await;
        assert_eq!(seen.text.contains("12.45"), sees, "{login}");
        let products = answer(company.as_person(&person, Method::GET, "/products")).await;
        assert_eq!(products.text.contains("12.45"), sees, "{login}");
        assert_eq!(
            seen.body["findings"][0]["code"], "below_floor",
            "everybody sees that there is a reason to wait"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s008_finance_sees_discount_and_tax_line_by_line() {
    let company = Company::open().await;
    let mut body = clean("D-1");
    body["lines"] = json!([
        { "product": "SKU-1", "quantity": "3", "unit": "pcs", "unit_price": "13.00", "discount": "4" },
        { "product": "SKU-1", "quantity": "3", "unit": "pcs", "unit_price": "11.0619", "tax_included": false },
    ]);
    let order = company.place(&body).await;
    let lines: Vec<_> =
        order["lines"].as_array().unwrap().iter().map(|line| (&line["amount"], &line["tax"])).collect();
    // 39.00 less 4 % is 37.44, of which 4.31 tax; 33.1857 is 33.19, and 4.31 on top.
    assert_eq!(lines, [(&json!("37.44"), &json!("4.31")), (&json!("37.50"), &json!("4.31"))]);
    assert_eq!(
        order["totals"],
        json!({ "net": "66.32", "tax": "8.62", "gross": "74.94", "currency": "CNY" })
    );
    assert_eq!(order["status"], "confirmed", "{}", order["findings"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn s014_s021_wrong_invoice_data_keeps_an_order_back_and_names_the_field() {
    let company = Company::open().await;
    let mut body = clean("I-1");
    body["invoice"]["tax_no"] = json!("91330000DEM000001A");
    body["invoice"]["bank_name"] = json!("ICBC");
    let order = company.place(&body).await;
    assert_eq!(order["status"], "incomplete");
    let found: Vec<_> =
        order["findings"].as_array().unwrap().iter().map(|found| (&found["code"], &found["path"])).collect();
    let expected = [("missing_field", "invoice.bank_account"), ("tax_no_check_digit", "invoice.tax_no")];
    assert_eq!(
        found,
        expected.map(|(code, path)| (json!(code), json!(path))).each_ref().map(|(c, p)| (c, p))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn s029_a_slip_of_finance_is_taken_back_beside_the_payment() {
    let company = Company::open().await;
    let (sales1, fin1) = (company.sign_in("sales1").await, company.sign_in("fin1").await);
    let post =
        |person, path: &str, body: Value| answer(company.as_person(person, Method::POST, path).json(&body));
    let order = company.place(&clean("W-9")).await;
    let path = format!("/orders/{}", order["id"].as_str().unwrap());
    let (payments, reversals) = (format!("{path}/payments"), format!("{path}/payment-reversals"));
    let paid = json!({ "reference": "BANK-1", "amount": "25.00" });
    assert_eq!(post(&fin1, &payments, paid).await.status, 201);
    let slip = json!({ "reference": "BANK-1", "amount": "5.00", "kind": "entered_wrong", "reason": "typed 25 for 20" });
    assert_eq!(post(&sales1, &reversals, slip.clone()).await.status, 403);
    let back = post(&fin1, &reversals, slip).await;
    let money = &back.body["fulfilment"];
    let (payment, reversal) = (&money["payments"][0], &money["reversals"][0]);
    assert_eq!((back.status, &money["unpaid"], &payment["left"]), (201, &json!("105.00"), &json!("20.00")));
    assert_eq!((&reversal["kind"], &payment["amount"]), (&json!("entered_wrong"), &json!("25.00")));
    let more = json!({ "reference": "BANK-1", "amount": "21", "kind": "refunded", "reason": "x" });
    let more = post(&fin1, &reversals, more).await;
    assert_eq!(
        (more.status, &more.body["findings"][0]["code"]),
        (422, &json!("more_than_paid")),
        "{}",
        more.text
    );
    let told = company.get(&format!("{path}/timeline")).await.text;
    assert!(told.contains("Payment reversed") && told.contains("typed 25 for 20"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn s029_s047_s082_goods_money_and_complaints_stand_on_the_order() {
    let company = Company::open().await;
    let order = company.place(&clean("W-1")).await;
    assert_eq!(order["status"], "confirmed");
    let path = format!("/orders/{}", order["id"].as_str().unwrap());
    let line = order["lines"][0]["id"].clone();
    let (wh1, fin1, sales1) =
        (company.sign_in("wh1").await, company.sign_in("fin1").await, company.sign_in("sales1").await);
    let ship = |revision: u32, quantity: &str| json!({ "revision": revision, "carrier": "SF", "lines": [{ "line": line, "quantity": quantity }] });
    let shipments = format!("{path}/shipments");
    let post =
        |person, path: &str, body: Value| answer(company.as_person(person, Method::POST, path).json(&body));
    assert_eq!(post(&sales1, &shipments, ship(1, "4")).await.status, 403);
    let old = post(&wh1, &shipments, ship(2, "4")).await;
    assert_eq!((old.status, &old.body["code"]), (409, &json!("revision_superseded")));
    let detail = old.body["detail"].as_str().unwrap();
    assert!(detail.contains('1') && detail.contains('2'), "{detail}");
    let more = post(&wh1, &shipments, ship(1, "10.001")).await;
    assert_eq!((more.status, codes(&more.body["findings"])), (422, vec!["more_than_promised".to_owned()]));
    let part = post(&wh1, &shipments, ship(1, "4")).await;
    assert_eq!((part.status, &part.body["status"]), (201, &json!("in_fulfilment")), "{}", part.text);
    assert_eq!(
        (&part.body["shipper"]["login"], &part.body["lines"][0]["shipped"]),
        (&json!("wh1"), &json!("4"))
    );
    let whole = post(&wh1, &shipments, ship(1, "6")).await;
    assert_eq!((whole.status, &whole.body["status"]), (201, &json!("completed")), "{}", whole.text);

    let paid = json!({ "reference": "BANK-1", "amount": "25.00", "method": "cheque" });
    let payments = format!("{path}/payments");
    assert_eq!(post(&sales1, &payments, paid.clone()).await.status, 403);
    let done = post(&fin1, &payments, paid.clone()).await;
    assert_eq!((done.status, &done.body["fulfilment"]["unpaid"]), (201, &json!("100.00")), "{}", done.text);
    let twice = post(&fin1, &payments, paid).await;
    assert_eq!((twice.status, &twice.body["code"]), (409, &json!("payment_known")));
    assert!(twice.body["detail"].as_str().unwrap().contains(order["number"].as_str().unwrap()));
    let owed = company.get("/receivables?customer=C001").await.body;
    assert_eq!(owed["items"][0]["amount"], "100.00", "{owed}");
    assert_eq!(company.get("/receivables?overdue=true").await.body["items"], json!([]));
    let credit = company.get("/customers/C001/credit?payment=12000").await.body;
    assert_eq!((&credit["shipped"], &credit["ordered"]), (&json!("100.00"), &json!("0.00")), "{credit}");

    // What is billed before it leaves is billed all the same.
    let ahead = company.place(&clean("W-2")).await;
    let bill = format!("/orders/{}/invoices", ahead["id"].as_str().unwrap());
    assert_eq!(post(&fin1, &bill, json!({ "number": "F-0", "amount": "25.00" })).await.status, 201);
    let credit = company.get("/customers/C001/credit").await.body;
    let stages = ["ordered", "shipped", "billed"].map(|stage| credit[stage].clone());
    assert_eq!(stages, [json!("100.00"), json!("100.00"), json!("25.00")], "{credit}");

    let invoice = post(&fin1, &format!("{path}/invoices"), json!({ "number": "F-1" })).await;
    assert_eq!(invoice.body["fulfilment"]["billed"], "125.00", "{}", invoice.text);
    let complaint = json!({ "kind": "damage", "text": "two boxes are wet", "from": "Zhang" });
    assert_eq!(post(&sales1, &format!("{path}/complaints"), complaint).await.status, 201);
    assert_eq!(
        post(&sales1, &format!("{path}/complaints/9/answer"), json!({ "answer": "x" })).await.status,
        404
    );
    let closed =
        post(&sales1, &format!("{path}/complaints/1/close"), json!({ "outcome": "sent anew" })).await;
    assert_eq!(closed.body["fulfilment"]["complaints"][0]["state"], "closed");
    let told = company.get(&format!("{path}/timeline")).await.body;
    let words: Vec<String> = told["items"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|item| item["details"].as_array().unwrap().iter().chain([&item["title"]]))
        .map(|text| text["en"].as_str().unwrap().to_owned())
        .collect();
    for expected in ["Goods shipped", "Payment recorded", "Invoice F-1 issued", "Complaint closed"] {
        assert!(words.iter().any(|word| word == expected), "{expected}: {words:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s021_an_invoice_number_is_one_orders_only() {
    let company = Company::open().await;
    let (first, second) = (company.place(&clean("W-1")).await, company.place(&clean("W-2")).await);
    let fin1 = company.sign_in("fin1").await;
    let path = |order: &Value| format!("/orders/{}/invoices", order["id"].as_str().unwrap());
    let issued = company.post_as(&fin1, &path(&first), &json!({ "number": "F-1", "amount": "25.00" })).await;
    assert_eq!(issued.status, 201, "{}", issued.text);
    for order in [&first, &second] {
        let again = json!({ "number": " F-1 ", "amount": "25.00" });
        let again = company.post_as(&fin1, &path(order), &again).await;
        assert_eq!((again.status, codes(&again.body["findings"])), (422, vec!["number_known".to_owned()]));
        let said = again.body["findings"][0]["message"]["en"].as_str().unwrap();
        assert!(said.contains(first["number"].as_str().unwrap()), "{said}");
    }
    let other = company.post_as(&fin1, &path(&second), &json!({ "number": "F-2" })).await;
    assert_eq!(other.status, 201, "{}", other.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn s029_an_invoice_is_taken_back_by_those_who_keep_the_accounts() {
    let company = Company::open().await;
    let order = company.place(&clean("W-1")).await;
    let (fin1, sales1) = (company.sign_in("fin1").await, company.sign_in("sales1").await);
    let path = format!("/orders/{}/invoices", order["id"].as_str().unwrap());
    assert_eq!(company.post_as(&fin1, &path, &json!({ "number": "F-1" })).await.status, 201);
    let red = json!({ "kind": "red_letter", "number": "R-1", "amount": "25.00", "reason": "wrong title" });
    let corrections = format!("{path}/1/corrections");
    assert_eq!(company.post_as(&sales1, &corrections, &red).await.status, 403);
    let absent = company.post_as(&fin1, &format!("{path}/7/corrections"), &red).await;
    assert_eq!((absent.status, &absent.body["code"]), (404, &json!("invoice_not_found")));
    let wrong = json!({ "kind": "void", "amount": "25.00", "reason": " " });
    let wrong = company.post_as(&fin1, &corrections, &wrong).await;
    let mut found = codes(&wrong.body["findings"]);
    found.sort_unstable();
    assert_eq!((wrong.status, found), (422, vec!["missing_field".to_owned(), "not_of_invoice".to_owned()]));
    let done = company.post_as(&fin1, &corrections, &red).await;
    assert_eq!(done.status, 201, "{}", done.text);
    let (fulfilment, invoice) = (&done.body["fulfilment"], &done.body["fulfilment"]["invoices"][0]);
    assert_eq!([&fulfilment["billed"], &invoice["left"]], ["100.00"; 2], "{fulfilment}");
    assert_eq!((&invoice["state"], &invoice["corrections"][0]["number"]), (&json!("issued"), &json!("R-1")));
    let void = json!({ "kind": "void", "reason": "all of it" });
    let void = company.post_as(&fin1, &corrections, &void).await;
    assert_eq!(
        codes(&void.body["findings"]),
        ["not_of_invoice"],
        "a part of it stands on a red-letter invoice"
    );
    let rest = json!({ "kind": "red_letter", "number": "R-2", "reason": "all of it" });
    let rest = company.post_as(&fin1, &corrections, &rest).await;
    assert_eq!(rest.body["fulfilment"]["invoices"][0]["state"], "corrected", "{}", rest.text);
    let told = company.get(&format!("/orders/{}/timeline", order["id"].as_str().unwrap())).await.text;
    assert!(told.contains("red-letter invoice R-1") && told.contains("wrong title"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn s014_s064_finance_lets_a_customer_owe_more_for_a_time_and_says_why() {
    let company = Company::open().await;
    let limit = json!([{ "code": "C001", "credit_limit": "100.00" }]);
    assert_eq!(put(&company, "/customers", limit).await.status, 200);
    let order = company.place(&clean("G-1")).await;
    assert_eq!(order["findings"][0]["code"], "credit_exceeded", "{order}");
    let (fin1, sales1) = (company.sign_in("fin1").await, company.sign_in("sales1").await);
    let grant = |person, body: Value| {
        answer(company.as_person(person, Method::PUT, "/customers/C001/temporary-limit").json(&body))
    };
    let body = json!({ "limit": "1000.00", "until": "2099-12-31", "reason": "年底备货" });
    assert_eq!(grant(&sales1, body.clone()).await.status, 403);
    let wrong = grant(&fin1, json!({ "limit": "-1", "reason": " " })).await;
    let found: Vec<_> =
        wrong.body["findings"].as_array().unwrap().iter().map(|fault| fault["path"].clone()).collect();
    assert_eq!((wrong.status, found), (422, vec![json!("limit"), json!("reason")]), "{}", wrong.text);
    let unknown = company.as_person(&fin1, Method::PUT, "/customers/C404/temporary-limit").json(&body);
    assert_eq!(answer(unknown).await.status, 404);
    let granted = grant(&fin1, body).await;
    assert_eq!((granted.status, &granted.body["updated"]), (200, &json!(1)), "{}", granted.text);
    let order = company.get(&format!("/orders/{}", order["id"].as_str().unwrap())).await.body;
    assert_eq!(order["status"], "confirmed", "it goes by itself: {}", order["findings"]);
    let log = company.get("/audit?limit=5").await.text;
    assert!(log.contains("grant_limit") && log.contains("年底备货"), "{log}");
    let ended = grant(&fin1, json!({ "reason": "提前还清" })).await;
    assert_eq!(ended.status, 200, "{}", ended.text);
    assert_eq!(company.get("/customers/C001/credit").await.body["temporary_limit"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn s007_s029_goods_are_sold_in_boxes_and_kept_in_pieces() {
    let company = Company::open().await;
    let units = |units: Value| json!([{ "code": "SKU-2", "units": units, "indivisible": true }]);
    let wrong = units(json!([{ "unit": "pcs", "contains": "1" }, { "unit": "box", "contains": "0" }]));
    let wrong = put(&company, "/products", wrong).await;
    assert_eq!(codes(&wrong.body["findings"]), ["not_positive", "unit_twice"], "{}", wrong.text);
    let boxes = units(json!([{ "unit": "box", "contains": "12" }]));
    assert_eq!(put(&company, "/products", boxes).await.status, 200);
    let known = company.get("/products?q=SKU-2").await.body["items"][0].clone();
    assert_eq!(
        (&known["units"], &known["indivisible"]),
        (&json!([{ "unit": "box", "contains": "12" }]), &json!(true))
    );
    // What was counted in one unit is not suddenly as much of another.
    let renamed = put(&company, "/products", json!([{ "code": "SKU-2", "unit": "kg" }])).await;
    assert_eq!((renamed.status, codes(&renamed.body["findings"])), (422, vec!["unit_in_use".to_owned()]));
    let of = |po: &str, quantity: &str, unit: &str, price: &str| {
        let mut body = clean(po);
        body["lines"] =
            json!([{ "product": "SKU-2", "quantity": quantity, "unit": unit, "unit_price": price }]);
        body
    };
    // 10.00 for a piece are 120.00 for a box.
    let order = company.place(&of("B-1", "2.5", "box", "120.00")).await;
    let line = &order["lines"][0];
    assert_eq!((&order["status"], &line["amount"]), (&json!("confirmed"), &json!("300.00")), "{order}");
    let base = [&line["base_quantity"], &line["base_unit"], &line["list_price"]];
    assert_eq!(base, [&json!("30"), &json!("pcs"), &json!("120.00")]);
    assert_eq!(line["promise"]["from"][0]["quantity"], "30", "{line}");
    // What a box contains now is what was promised; and half a piece neither comes nor goes nor is counted.
    let repacked = put(&company, "/products", units(json!([{ "unit": "box", "contains": "10" }]))).await;
    assert_eq!(codes(&repacked.body["findings"]), ["conversion_in_use"], "{}", repacked.text);
    let moved =
        json!({ "items": [{ "kind": "in", "product": "SKU-2", "warehouse": "SH", "quantity": "0.5" }] });
    let moved = company.post("/stock/movements", &moved).await;
    let fed = json!([{ "product": "SKU-2", "warehouse": "SH", "on_hand": "99.5" }]);
    let fed = put(&company, "/stock/feed", fed).await;
    let bought = json!([{ "number": "PO-1", "product": "SKU-2", "quantity": "1.5", "due_date": soon() }]);
    let bought = put(&company, "/purchase-orders", bought).await;
    for refused in [moved, fed, bought] {
        assert_eq!((refused.status, codes(&refused.body["findings"])), (422, vec!["not_whole".to_owned()]));
    }
    let dear = company.place(&of("B-2", "1", "box", "12.50")).await;
    assert_eq!(codes(&dear["findings"]), ["price_differs"], "a box for the price of a piece");
    let part = company.place(&of("B-3", "0.1", "box", "120.00")).await;
    assert_eq!(codes(&part["findings"]), ["quantity_not_whole"], "1.2 pieces");
    let other = company.place(&of("B-4", "1", "pallet", "120.00")).await;
    assert_eq!(other["findings"][0]["facts"]["known"], "pcs, box", "{other}");
    // The warehouse counts pieces; of the rest the order takes whole parts of boxes.
    let (wh1, sales1) = (company.sign_in("wh1").await, company.sign_in("sales1").await);
    let path = format!("/orders/{}", order["id"].as_str().unwrap());
    let ship = async |quantity: &str| {
        let body = json!({ "revision": 1, "lines": [{ "line": line["id"], "quantity": quantity }] });
        answer(company.as_person(&wh1, Method::POST, &format!("{path}/shipments")).json(&body)).await
    };
    assert_eq!(codes(&ship("31").await.body["findings"]), ["more_than_promised"]);
    assert_eq!(codes(&ship("0.5").await.body["findings"]), ["not_whole"]);
    assert_eq!(ship("5").await.status, 201);
    let rest = || async {
        let body = json!({ "reason_code": "price_or_terms" });
        answer(company.as_person(&sales1, Method::POST, &format!("{path}/cancel")).json(&body)).await
    };
    assert_eq!(
        codes(&rest().await.body["findings"]),
        ["part_of_a_unit"],
        "5 pieces are no even part of a box"
    );
    assert_eq!(ship("1").await.status, 201);
    let done = rest().await;
    assert_eq!(
        (done.status, &done.body["status"], &done.body["lines"][0]["quantity"]),
        (200, &json!("completed"), &json!("0.5")),
        "{}",
        done.text
    );
}
