//! Lists of shipments, invoices, payments and complaints over the whole company.

use crate::company::{Company, Person, answer, clean};
use reqwest::Method;
use serde_json::{Value, json};

struct Staff {
    sales: Person,
    finance: Person,
    warehouse: Person,
}

async fn staff(company: &Company) -> Staff {
    Staff {
        sales: company.sign_in("sales1").await,
        finance: company.sign_in("fin1").await,
        warehouse: company.sign_in("wh1").await,
    }
}

async fn add(company: &Company, person: &Person, order: &Value, kind: &str, body: &Value) {
    let path = format!("/orders/{}/{kind}", order["id"].as_str().unwrap());
    let done = company.post_as(person, &path, body).await;
    assert_eq!(done.status, 201, "{kind}: {}", done.text);
}

/// An order with a shipment, an invoice, a payment and a complaint of its own.
async fn with_records(company: &Company, staff: &Staff, n: u32) -> Value {
    let order = company.place(&clean(&format!("REC-{n}"))).await;
    let ship = json!({ "revision": 1, "carrier": "SF",
        "lines": [{ "line": order["lines"][0]["id"], "quantity": "4" }] });
    add(company, &staff.warehouse, &order, "shipments", &ship).await;
    let invoice = json!({ "number": format!("F-{n}23"), "amount": "25.00" });
    add(company, &staff.finance, &order, "invoices", &invoice).await;
    let paid =
        json!({ "reference": format!("BANK-{n}"), "amount": "20.00", "date": format!("2026-01-0{n}") });
    add(company, &staff.finance, &order, "payments", &paid).await;
    let complaint = json!({ "kind": "damage", "text": format!("box {n} is wet") });
    add(company, &staff.sales, &order, "complaints", &complaint).await;
    order
}

async fn of(company: &Company, path: &str, field: &str) -> Vec<String> {
    let page = company.get(path).await;
    assert_eq!(page.status, 200, "{path}: {}", page.text);
    let items = page.body["items"].as_array().unwrap().iter();
    items.map(|item| item[field].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn s029_what_was_shipped_billed_paid_and_complained_of_is_found_over_all_orders() {
    let company = Company::open().await;
    let staff = staff(&company).await;
    let orders = [with_records(&company, &staff, 1).await, with_records(&company, &staff, 2).await];
    let number = |n: usize| orders[n]["number"].as_str().unwrap();

    let invoices = company.get("/invoices?q=f-123").await.body;
    let [invoice] = invoices["items"].as_array().unwrap().as_slice() else { panic!("{invoices}") };
    assert_eq!((&invoice["reference"], &invoice["state"]), (&json!("F-123"), &json!("issued")));
    assert_eq!((&invoice["amount"], &invoice["currency"]), (&json!("25.00"), &json!("CNY")));
    assert_eq!((&invoice["number"], &invoice["order"]), (&json!(number(0)), &orders[0]["id"]));
    assert_eq!((&invoice["customer"], &invoice["by"]["login"]), (&json!("C001"), &json!("fin1")));

    let shipments = company.get(&format!("/shipments?q={}", number(1))).await.body;
    let shipment = &shipments["items"][0];
    assert_eq!(
        (&shipment["reference"], &shipment["value"]),
        (&json!(format!("{}/1", number(1))), &json!("50.00"))
    );
    let warehouse = shipment["warehouses"][0].as_str().unwrap();
    let from =
        format!("/shipments?warehouse={warehouse}&from={0}&to={0}", shipment["date"].as_str().unwrap());
    assert_eq!(of(&company, &from, "number").await, [number(1), number(0)]);
    assert_eq!(of(&company, "/shipments?to=2020-01-01", "number").await, [""; 0]);

    // By the day on which the money came in, not by when it was recorded.
    assert_eq!(of(&company, "/payments?customer=C001", "reference").await, ["BANK-2", "BANK-1"]);
    let slip = json!({ "reference": "BANK-1", "amount": "5.00", "kind": "entered_wrong", "reason": "typed 20 for 15" });
    add(&company, &staff.finance, &orders[0], "payment-reversals", &slip).await;
    let paid = company.get("/payments?from=2026-01-01&to=2026-01-01").await.body;
    let [paid] = paid["items"].as_array().unwrap().as_slice() else { panic!("{paid}") };
    let sums = ["amount", "reversed", "left"].map(|name| paid[name].as_str().unwrap());
    assert_eq!((sums, &paid["method"]), (["20.00", "5.00", "15.00"], &json!("bank_transfer")));

    let close = format!("/orders/{}/complaints/1/close", orders[0]["id"].as_str().unwrap());
    assert_eq!(company.post_as(&staff.sales, &close, &json!({ "outcome": "sent anew" })).await.status, 200);
    assert_eq!(of(&company, "/complaints?state=open", "text").await, ["box 2 is wet"]);
    assert_eq!(of(&company, "/complaints?state=closed", "number").await, [number(0)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn s029_lists_of_records_go_page_by_page_and_name_what_they_do_not_know() {
    let company = Company::open().await;
    let staff = staff(&company).await;
    for n in 1..=3 {
        with_records(&company, &staff, n).await;
    }
    for kind in ["shipments", "invoices", "payments", "complaints"] {
        let whole = of(&company, &format!("/{kind}"), "number").await;
        let (mut found, mut cursor) = (Vec::new(), String::new());
        for _ in 0..3 {
            let page = company.get(&format!("/{kind}?limit=1&cursor={cursor}")).await.body;
            found.push(page["items"][0]["number"].as_str().unwrap().to_owned());
            page["next_cursor"].as_str().unwrap().clone_into(&mut cursor);
        }
        assert_eq!((found, whole.len()), (whole, 3), "{kind}");
        let bad = company.get(&format!("/{kind}?from=yesterday&to=2026-13-01&limit=0&cursor=x")).await;
        let faults = bad.body["findings"].as_array().unwrap().iter();
        let paths: Vec<&str> = faults.map(|fault| fault["path"].as_str().unwrap()).collect();
        assert_eq!((bad.status, paths), (400, vec!["limit", "cursor", "from", "to"]), "{}", bad.text);
    }
    let bad = [
        "/shipments?warehouse=NOWHERE",
        "/invoices?state=paid",
        "/payments?state=open",
        "/complaints?state=new",
    ];
    for path in bad {
        let said = company.get(path).await;
        assert_eq!((said.status, &said.body["code"]), (400, &json!("bad_query")), "{path}: {}", said.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s029_who_reads_no_receivables_reads_no_payments_and_invoices() {
    let company = Company::open().await;
    let staff = staff(&company).await;
    for (path, sales, warehouse) in [
        ("/shipments", 200, 200),
        ("/complaints", 200, 200),
        ("/invoices", 200, 403),
        ("/payments", 200, 403),
    ] {
        for (person, status) in [(&staff.sales, sales), (&staff.warehouse, warehouse)] {
            let said = answer(company.as_person(person, Method::GET, path)).await;
            assert_eq!(said.status, status, "{path}: {}", said.text);
        }
    }
}
