//! Paper to work by while the system is away, and the orders that are entered when it is back.

use crate::company::{Company, answer, clean, codes};
use ordain_app::figures::follow;
use reqwest::Method;
use serde_json::{Value, json};

fn ago(hours: i64) -> String {
    let at = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(hours);
    jiff::Timestamp::from_second(at.as_second()).unwrap().to_string()
}

fn instant(text: &Value) -> jiff::Timestamp {
    text.as_str().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn s067_an_order_taken_on_paper_keeps_its_time_and_is_marked() {
    let company = Company::open().await;
    let came = ago(30);
    let mut body = clean("PO-PAPER");
    body["entered_later"] = json!({ "received_at": came, "reason": "power cut" });
    let checked = company.post("/orders/check", &body).await;
    assert_eq!(checked.status, 200, "{}", checked.text);
    let order = company.place(&body).await;
    assert_eq!(order["status"], "confirmed", "{order}");
    assert_eq!(instant(&order["entered_later"]["received_at"]), instant(&json!(came)));
    assert_eq!(order["entered_later"]["reason"], "power cut");
    assert!(instant(&order["created_at"]) > instant(&json!(came)));
    assert!(order["flags"].as_array().unwrap().contains(&json!("entered_later")), "{}", order["flags"]);

    let path = format!("/orders/{}", order["id"].as_str().unwrap());
    assert_eq!(company.get(&path).await.body["entered_later"], order["entered_later"]);
    let story = company.get(&format!("{path}/timeline")).await.body;
    let first = story["items"].as_array().unwrap().last().unwrap().clone();
    let told: Vec<&str> =
        first["details"].as_array().unwrap().iter().map(|detail| detail["en"].as_str().unwrap()).collect();
    assert!(told.iter().any(|told| told.contains("paper") && told.contains("power cut")), "{told:?}");
    let listed = company.get("/orders").await.body;
    assert!(listed["items"][0]["flags"].as_array().unwrap().contains(&json!("entered_later")), "{listed}");

    let plain = company.place(&clean("PO-NOW")).await;
    assert_eq!(plain["entered_later"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn s039_s067_figures_count_from_when_an_order_came_and_not_from_when_it_could_be_entered() {
    let company = Company::open().await;
    let mut body = clean("PO-PAPER");
    // Longer than any row of holidays.
    body["entered_later"] = json!({ "received_at": ago(15 * 24), "reason": "power cut" });
    let order = company.place(&body).await;
    follow(&company.app).await.unwrap();
    let fact = company.get("/reports/orders?set=confirmed").await.body["items"][0].clone();
    assert_eq!(fact["number"], order["number"]);
    assert_eq!(instant(&fact["received_at"]), instant(&order["entered_later"]["received_at"]));
    let cycle = fact["cycle_minutes"].as_i64().unwrap();
    assert!(cycle > 8 * 60, "{fact}");
    let speed = company.get("/reports/speed").await.body;
    assert_eq!(speed["parts"], json!([{ "part": "@sender", "orders": 1, "minutes": cycle }]));
}

#[tokio::test(flavor = "multi_thread")]
async fn s067_what_is_entered_later_came_before_and_for_a_reason() {
    let company = Company::open().await;
    let refused = async |later: Value| {
        let mut body = clean("PO-1");
        body["entered_later"] = later;
        let said = company.post("/orders", &body).await;
        assert_eq!(said.status, 422, "{}", said.text);
        let paths =
            said.body["findings"].as_array().unwrap().iter().map(|f| f["path"].as_str().unwrap().to_owned());
        (codes(&said.body["findings"]), paths.collect::<Vec<_>>())
    };
    let (found, paths) = refused(json!({ "received_at": ago(-1), "reason": "power cut" })).await;
    assert_eq!((found, paths), (vec!["in_future".to_owned()], vec!["entered_later.received_at".to_owned()]));
    let (found, paths) = refused(json!({ "received_at": ago(1), "reason": "  " })).await;
    assert_eq!((found, paths), (vec!["missing_field".to_owned()], vec!["entered_later.reason".to_owned()]));
    let (found, _) = refused(json!({})).await;
    assert_eq!(found, ["missing_field", "missing_field"]);
    let (found, _) = refused(json!({ "received_at": "yesterday", "reason": "x" })).await;
    assert_eq!(found, ["invalid_time"]);
    assert_eq!(company.get("/orders").await.body["items"], json!([]), "nothing was taken");

    let mut draft = clean("PO-2");
    draft["submit"] = json!(false);
    let order = company.place(&draft).await;
    draft["entered_later"] = json!({ "received_at": ago(1), "reason": "power cut" });
    let path = format!("/orders/{}", order["id"].as_str().unwrap());
    let read = company.get(&path).await;
    let edit = company.by_token(Method::PUT, &path).header("if-match", read.etag.unwrap());
    let said = answer(edit.json(&draft)).await;
    assert_eq!(
        (said.status, codes(&said.body["findings"])),
        (422, vec!["read_only_field".to_owned()]),
        "{}",
        said.text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn s067_open_orders_and_blank_orders_are_printed_also_in_read_only_mode() {
    let mut company = Company::open().await;
    let mut open = clean("PO-<b>open</b>");
    open["payment_terms"] = json!("NET90");
    let open = company.place(&open).await;
    let mut over = clean("PO-over");
    over["submit"] = json!(false);
    let draft = company.place(&over).await;
    company.turn_read_only().await;
    let read = format!("/orders/{}", open["id"].as_str().unwrap());
    for (lang, title) in [("en", "Open orders"), ("zh", "在办订单清单")] {
        // The sentence says how long it has been waiting: a minute may pass while the sheet is made.
        let mut said = vec![company.get(&read).await.body["sentence"][lang].clone()];
        let sheet = company.get(&format!("/sheets/open-orders?lang={lang}")).await;
        assert_eq!((sheet.status, sheet.content_type.as_str()), (200, "text/html; charset=utf-8"));
        for part in [title, open["number"].as_str().unwrap(), "PO-&lt;b&gt;open", "SKU-1", "Customer C001"] {
            assert!(sheet.text.contains(part), "{part}: {}", sheet.text);
        }
        said.push(company.get(&read).await.body["sentence"][lang].clone());
        assert!(
            said.iter().any(|said| sheet.text.contains(said.as_str().unwrap())),
            "{said:?}: {}",
            sheet.text
        );
        assert!(!sheet.text.contains(draft["number"].as_str().unwrap()), "a draft is nobody's work");
        assert!(!sheet.text.contains("<script"));
        let blank = company.get(&format!("/sheets/blank-order?lang={lang}")).await;
        assert_eq!(blank.status, 200);
        assert!(blank.text.contains(if lang == "en" { "Received at" } else { "收单时间" }), "{}", blank.text);
    }
}
