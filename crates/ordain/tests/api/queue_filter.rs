//! A queue is asked for what belongs together: a step, a customer, an amount, a deadline, a warehouse.

use crate::company::{Company, answer, clean};
use ordain_app::admin::AdminCommand;
use ordain_domain::actor::Actor;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Finance has to look at the price, and the warehouse at goods that are short.
fn doubtful(po: &str) -> Value {
    let mut body = clean(po);
    body["lines"] = json!([
        { "product": "SKU-2", "quantity": "2", "unit": "pcs", "unit_price": "11.00" },
        { "product": "SKU-3", "quantity": "50", "unit": "pcs", "unit_price": "12.50" }
    ]);
    body
}

/// Over its customer's credit.
fn risky(po: &str) -> Value {
    let mut body = clean(po);
    body["customer"] = json!("C002");
    body
}

async fn asked(company: &Company, query: &str) -> Value {
    let page = company.get(&format!("/tasks?{query}")).await;
    assert_eq!(page.status, 200, "{query} {}", page.text);
    page.body
}

type Place = (String, String);

fn places(page: &Value) -> BTreeSet<Place> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let items = page["items"].as_array().unwrap().iter();
    items.map(|item| (text(&item["order_id"]), text(&item["node_id"]))).collect()
}

async fn found(company: &Company, query: &str) -> BTreeSet<Place> {
    places(&asked(company, query).await)
}

/// Tasks are read page by page, one on each.
async fn paged(company: &Company, query: &str) -> Vec<Place> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = asked(company, &format!("{query}&limit=1&cursor={cursor}")).await;
        found.extend(places(&page));
        let Some(next) = page["next_cursor"].as_str() else { return found };
        next.clone_into(&mut cursor);
    }
}

fn of(all: &BTreeSet<Place>, fits: impl Fn(&str, &str) -> bool) -> BTreeSet<Place> {
    all.iter().filter(|(order, node)| fits(order, node)).cloned().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn s004_s017_a_queue_holds_what_is_asked_for() {
    let company = Company::open().await;
    let places = json!({ "items": [{ "code": "NB", "name": "Ningbo" }] });
    let put = answer(company.by_token(Method::PUT, "/warehouses").json(&places)).await;
    assert_eq!(put.status, 200, "{}", put.text);
    let (dear, cheap) = (company.place(&doubtful("PO-1")).await, company.place(&risky("PO-2")).await);
    let (dear_id, cheap_id) = (dear["id"].as_str().unwrap(), cheap["id"].as_str().unwrap());
    let (high, low) = (dear["totals"]["gross"].as_str().unwrap(), cheap["totals"]["gross"].as_str().unwrap());
    let all = found(&company, "").await;
    let (of_dear, of_cheap) = (of(&all, |order, _| order == dear_id), of(&all, |order, _| order == cheap_id));
    assert!(of_dear.len() > 1 && !of_cheap.is_empty(), "{all:?}");

    let finance = of(&all, |_, node| node == "finance_review");
    for step in ["finance_review", "standard:finance_review", "财务审核", "Finance review"] {
        assert_eq!(found(&company, &format!("step={step}")).await, finance, "{step}");
    }
    assert_eq!(found(&company, "step=sequential:finance_review").await, BTreeSet::new());
    assert_eq!(found(&company, "step=nothing").await, BTreeSet::new());
    let two = of(&all, |_, node| node == "finance_review" || node == "warehouse_review");
    assert_eq!(found(&company, "step=finance_review,仓库审核").await, two);

    assert_eq!(found(&company, "customer=C002").await, of_cheap);
    assert_eq!(found(&company, &format!("amount_from={high}")).await, of_dear);
    assert_eq!(found(&company, &format!("amount_to={low}&currency=CNY")).await, of_cheap);
    assert_eq!(found(&company, "currency=USD").await, BTreeSet::new());
    assert_eq!(found(&company, "due=overdue").await, BTreeSet::new());
    assert_eq!(found(&company, "due=2199-01-01").await, all);
    assert_eq!(found(&company, "due=2020-01-01").await, BTreeSet::new());
    assert_eq!(found(&company, "warehouse=SH").await, all, "both hold something there");
    assert_eq!(found(&company, "warehouse=NB").await, BTreeSet::new());
    let query = format!("step=finance_review&customer=C001&due=2199-01-01&warehouse=SH&amount_from={low}");
    assert_eq!(found(&company, &query).await, of(&finance, |order, _| order == dear_id));
    let pages = paged(&company, "step=finance_review,warehouse_review").await;
    assert_eq!((pages.len(), pages.into_iter().collect::<BTreeSet<_>>()), (two.len(), two));
}

#[tokio::test(flavor = "multi_thread")]
async fn s004_s017_queues_of_people_are_narrowed_and_keep_their_whole_counts() {
    let company = Company::open().await;
    let (sales, finance) = (company.sign_in("sales1").await, company.sign_in("fin1").await);
    for body in [doubtful("PO-1"), doubtful("PO-2"), risky("PO-3")] {
        let placed = answer(company.as_person(&sales, Method::POST, "/orders").json(&body)).await;
        assert_eq!(placed.status, 201, "{}", placed.text);
    }
    let queue = async |person, query: &str| {
        let page = answer(company.as_person(person, Method::GET, &format!("/tasks?{query}"))).await;
        assert_eq!(page.status, 200, "{query} {}", page.text);
        page.body
    };
    let whole = queue(&finance, "queue=mine").await;
    let narrow = queue(&finance, "queue=mine&customer=C001&step=finance_review").await;
    assert!(whole["items"].as_array().unwrap().len() >= 2, "{whole}");
    assert_eq!(narrow["items"].as_array().unwrap().len(), 2, "{narrow}");
    assert_eq!((&narrow["counts"], whole["counts"]["mine"].as_i64() >= Some(2)), (&whole["counts"], true));
    assert_eq!(queue(&finance, "queue=pool&department=sales").await["items"], json!([]));
    // What somebody sent in is a queue of orders.
    assert_eq!(places(&queue(&sales, "queue=started").await).len(), 3);
    assert_eq!(places(&queue(&sales, "queue=started&customer=C002").await).len(), 1);
    assert_eq!(places(&queue(&sales, "queue=started&step=warehouse_review").await).len(), 2);
    assert_eq!(places(&queue(&sales, "queue=started&step=warehouse_review&customer=C002").await).len(), 0);
    assert_eq!(queue(&sales, "queue=returned&warehouse=SH").await["items"], json!([]));
    // Lists of orders are asked for the same.
    let orders = answer(company.as_person(&sales, Method::GET, "/orders?amount_from=500&warehouse=SH")).await;
    assert_eq!(orders.body["items"].as_array().unwrap().len(), 2, "{}", orders.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn s017_steps_of_one_id_in_two_flows_are_told_apart() {
    let company = Company::open().await;
    let mut doc: Value = serde_json::from_str(include_str!("../../../../flows/standard.json")).unwrap();
    doc["key"] = json!("dear");
    doc["scope"] = json!({ "amount_from": "5000", "priority": 10 });
    let lanes = doc["steps"][2]["kind"]["lanes"].as_array_mut().unwrap();
    let lane = lanes.iter_mut().find(|lane| lane["steps"][0]["id"] == "finance_review").unwrap();
    lane["steps"][0]["name"] = json!({ "zh": "大额复核", "en": "Second look" });
    let publish = AdminCommand::PublishFlow { key: "dear".into(), doc: doc.to_string() };
    company.app.admin(1, Actor::system("test"), publish).await.unwrap();
    let mut body = doubtful("PO-2");
    body["lines"][0]["quantity"] = json!("90");
    body["lines"][1]["quantity"] = json!("500");
    let (small, dear) = (company.place(&doubtful("PO-1")).await, company.place(&body).await);
    let at = |order: &Value| {
        BTreeSet::from([(order["id"].as_str().unwrap().to_owned(), "finance_review".to_owned())])
    };
    let both: BTreeSet<Place> = at(&small).union(&at(&dear)).cloned().collect();
    assert_eq!(found(&company, "step=finance_review").await, both);
    for (step, order) in [
        ("dear:finance_review", &dear),
        ("大额复核", &dear),
        ("财务审核", &small),
        ("standard:finance_review", &small),
    ] {
        assert_eq!(found(&company, &format!("step={step}")).await, at(order), "{step}");
    }

    let choices = company.get("/tasks/choices").await.body;
    let value_of = |name: &str| {
        let steps = choices["steps"].as_array().unwrap();
        let step = steps.iter().find(|step| step["name"]["zh"] == name).unwrap();
        step["value"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        (value_of("大额复核").as_str(), value_of("财务审核").as_str()),
        ("dear:finance_review", "standard:finance_review")
    );
    let warehouse = value_of("仓库审核");
    assert_eq!(warehouse, "dear:warehouse_review,standard:warehouse_review", "one choice for both");
    assert_eq!(found(&company, &format!("step={warehouse}")).await.len(), 2);
    assert_eq!(choices["fields"], json!(["step", "customer", "amount", "due", "warehouse"]));
    assert_eq!((&choices["warehouses"][0]["code"], &choices["currencies"][0]), (&json!("SH"), &json!("CNY")));
}

#[tokio::test(flavor = "multi_thread")]
async fn s017_every_value_that_means_nothing_is_named_at_once() {
    let company = Company::open().await;
    let query = "queue=lost&due=soon&amount_from=much&amount_to=1.234&currency=XYZ&warehouse=MOON&limit=none&cursor=x";
    let refused = company.get(&format!("/tasks?{query}")).await;
    assert_eq!((refused.status, &refused.body["code"]), (400, &json!("bad_query")), "{}", refused.text);
    let named = |body: &Value| {
        let faults = body["findings"].as_array().unwrap().iter();
        faults.map(|fault| fault["path"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>()
    };
    let all = ["queue", "due", "amount_from", "amount_to", "currency", "warehouse", "limit", "cursor"];
    assert_eq!(named(&refused.body), all.map(str::to_owned).into());
    assert!(refused.body["message"]["zh"].as_str().unwrap().starts_with("8 个"), "{}", refused.text);

    let refused = company.get("/orders?status=lost&view=odd&amount_to=much&limit=0").await;
    assert_eq!(named(&refused.body), ["status", "view", "amount_to", "limit"].map(str::to_owned).into());
    let refused = company.get("/orders?status=in_review,lost").await;
    assert_eq!(refused.body["detail"], "查询参数「status」的值「in_review,lost」无效", "{}", refused.text);
    assert_eq!(company.get("/tasks?queue=&due=&amount_from=&limit=").await.status, 200, "nothing is asked");
}
