//! What a flow asks before it takes an order in, and how its people are told.

use super::company::{clean, codes, open_nodes};
use super::step_settings::{company_of, placed, review, step};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn an_order_stays_with_its_sender_until_it_passes_the_checks_that_its_flow_asks_before() {
    let company = company_of(|steps| steps[0]["kind"]["must_pass"] = json!(["price", "duplicate"])).await;
    let mut dear = clean("PO-1");
    dear["requested_date"] = json!("2026-12-10");
    dear["lines"][0]["unit_price"] = json!("99.00");
    let kept = company.place(&dear).await;
    assert_eq!((kept["status"].as_str(), open_nodes(&kept).len()), (Some("draft"), 0), "{kept}");
    let path = format!("/orders/{}/submit", kept["id"].as_str().unwrap());
    let refused = company.post(&path, &json!({})).await;
    assert_eq!((refused.status, &refused.body["code"]), (422, &json!("checks_open")), "{}", refused.text);
    assert!(codes(&refused.body["findings"]).contains(&"price_differs".to_owned()), "{}", refused.text);
    // What the flow does not ask before is left to those who review.
    let mut special = clean("PO-2");
    special["requested_date"] = json!("2026-12-10");
    special["special_requests"] = json!("by crane");
    assert_eq!(company.place(&special).await["status"], "in_review");
    // Mended, it is handed in.
    let own = format!("/orders/{}", kept["id"].as_str().unwrap());
    let mut mended = dear.clone();
    mended["lines"][0] = clean("PO-1")["lines"][0].clone();
    mended.as_object_mut().unwrap().remove("submit");
    let edited = company.replace(&own, &mended).await;
    assert_eq!(edited.status, 200, "{}", edited.text);
    let sent = company.post(&path, &json!({})).await;
    assert_eq!((sent.status, &sent.body["status"]), (200, &json!("confirmed")), "{}", sent.text);
    let sop = company.get("/flows/standard/versions/2/sop?lang=zh").await.text;
    assert!(sop.contains("提交前须通过"), "{sop}");
}

#[tokio::test(flavor = "multi_thread")]
async fn several_notices_to_one_person_within_a_few_minutes_are_one() {
    let told = review(json!({ "assignee": { "user": "sales1" }, "notices": { "arrive": {} } }));
    let company = company_of(|steps| steps.insert(2, step("look", json!({}), told))).await;
    let sales = company.sign_in("sales1").await;
    let list = || async {
        let request = company.as_person(&sales, reqwest::Method::GET, "/notices");
        super::company::answer(request).await.body
    };
    let put = |minutes: i64| {
        let body = json!({ "merge_minutes": minutes });
        let company = &company;
        async move { company.replace("/settings/notices", &body).await.status }
    };
    for po in ["PO-1", "PO-2", "PO-3"] {
        placed(&company, po).await;
        company.app.clock.set_ms(company.app.clock.now_ms() + 4 * 60_000);
    }
    assert_eq!(list().await["items"].as_array().unwrap().len(), 3);
    assert_eq!((put(-1).await, put(1_441).await, put(5).await), (422, 422, 200));
    let few = list().await;
    assert_eq!((few["items"].as_array().unwrap().len(), &few["unread"]), (2, &json!(2)), "{few}");
    assert_eq!(put(8).await, 200);
    let one = list().await;
    let first = &one["items"][0];
    assert_eq!((one["items"].as_array().unwrap().len(), &one["unread"]), (1, &json!(1)), "{one}");
    assert_eq!(first["others"].as_array().unwrap().len(), 2);
    assert!(first["text"]["zh"].as_str().unwrap().ends_with("另有同类通知 2 条"), "{first}");
    // They are read together, and each stays on its order.
    let others = first["others"].as_array().unwrap().iter().map(|other| other["id"].clone());
    let ids: Vec<_> = std::iter::once(first["id"].clone()).chain(others).collect();
    let read = company.post_as(&sales, "/notices/read", &json!({ "ids": ids })).await;
    assert_eq!(read.status, 200, "{}", read.text);
    let read = list().await;
    assert_eq!((read["items"].as_array().unwrap().len(), &read["unread"]), (3, &json!(0)), "{read}");
}
