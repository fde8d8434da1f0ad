//! Speaking to people in the conversation on an order.

use crate::company::{Company, Person, answer, clean};
use reqwest::Method;
use serde_json::{Value, json};

async fn mentions(company: &Company, person: &Person) -> Vec<Value> {
    let read = answer(company.as_person(person, Method::GET, "/notices?kind=mentioned")).await;
    assert_eq!(read.status, 200, "{}", read.text);
    read.body["items"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn s070_whoever_is_named_in_a_comment_is_told_and_finds_it_among_what_mentions_them() {
    let company = Company::open().await;
    let order = company.place(&clean("PO-1")).await;
    let [sales, finance, warehouse] =
        [company.sign_in("sales1").await, company.sign_in("fin1").await, company.sign_in("wh1").await];
    let path = format!("/orders/{}/comments", order["id"].as_str().unwrap());
    let say = async |person: &Person, text: &str| {
        let request = company.as_person(person, Method::POST, &path).header("idempotency-key", text.len());
        let said = answer(request.json(&json!({ "text": text }))).await;
        assert_eq!(said.status, 200, "{}", said.text);
        said.replayed
    };
    // By name, by login, oneself, nobody, and the same person twice.
    let text = "@FIN1 and @wh1: is NET60 agreed? @fin1 @sales1 @nobody";
    assert!(!say(&sales, text).await);
    assert!(say(&sales, text).await, "once, however often it is sent");
    for (person, told) in [(&finance, 1), (&warehouse, 1), (&sales, 0)] {
        assert_eq!(mentions(&company, person).await.len(), told);
    }
    let notice = &mentions(&company, &finance).await[0];
    assert_eq!((&notice["kind"], &notice["order_id"]), (&json!("mentioned"), &order["id"]));
    let words = notice["text"]["en"].as_str().unwrap();
    assert!(words.contains("SALES1") && words.contains(order["number"].as_str().unwrap()), "{words}");
    // An answer goes the same way back; an address is no mention.
    say(&finance, "@SALES1 yes, see mail to x@wh1.example").await;
    assert_eq!((mentions(&company, &sales).await.len(), mentions(&company, &warehouse).await.len()), (1, 1));
    let story = company.get(&format!("/orders/{}/timeline", order["id"].as_str().unwrap())).await.text;
    assert!(story.contains("@FIN1"), "{story}");
}
