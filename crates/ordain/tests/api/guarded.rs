//! No door of the API leads past the approval of a large order.

use crate::company::{Company, answer, clean, open_nodes, task};
use reqwest::Method;
use serde_json::{Value, json};

fn large(po: &str) -> Value {
    let mut body = clean(po);
    body["lines"][0]["quantity"] = json!("5000");
    body
}

#[tokio::test(flavor = "multi_thread")]
async fn s064_s072_neither_an_edit_nor_a_copy_nor_a_program_nor_a_batch_evades_the_approval() {
    let company = Company::open().await;
    let order = company.place(&large("PO-1")).await;
    assert_eq!(open_nodes(&order), ["manager_approval"]);
    let path = format!("/orders/{}", order["id"].as_str().unwrap());
    let at = format!("/tasks/{}", task(&order, "manager_approval")["id"].as_str().unwrap());
    let tag = format!("\"{}\"", order["version"]);
    let small = clean("PO-1");
    let edit = company.by_token(Method::PUT, &path).header("if-match", &tag).json(&small);
    assert_eq!(answer(edit).await.status, 409, "it is being looked at");
    assert_eq!(company.post(&format!("{path}/submit"), &json!({})).await.status, 409);
    let copy = company.place(&large("PO-2")).await;
    assert_eq!(open_nodes(&copy), ["manager_approval"], "a copy is as large");
    for (act, body) in [
        ("decide", json!({ "decision": "approve" })),
        ("claim", json!({})),
        ("return", json!({ "reason": "x" })),
    ] {
        let said = company.post(&format!("{at}/{act}"), &body).await;
        assert_eq!(said.status, 403, "a program decides nothing: {}", said.text);
    }
    let jump = json!({ "act": "jump", "to": "tell_customer", "reason": "x" });
    assert_eq!(company.post(&format!("{path}/intervene"), &jump).await.status, 403);
    let sales = company.sign_in("sales1").await;
    let batch = json!({ "ids": [task(&order, "manager_approval")["id"]], "decision": "approve" });
    let said = answer(company.as_person(&sales, Method::POST, "/tasks/batch").json(&batch)).await;
    assert_eq!((&said.body["decided"], &said.body["refused"]), (&json!(0), &json!(1)), "{}", said.text);
    let admin = company.sign_in("ops1").await;
    for act in [
        json!({ "act": "skip", "node": "manager_approval", "reason": "x" }),
        json!({ "act": "jump", "to": "confirmed", "reason": "x" }),
        json!({ "act": "jump", "to": "tell_customer", "reason": "x" }),
    ] {
        let intervene = company.as_person(&admin, Method::POST, &format!("{path}/intervene"));
        answer(intervene.json(&act)).await;
        let read = company.get(&path).await.body;
        assert_eq!(
            (&read["status"], open_nodes(&read)),
            (&json!("in_review"), vec!["manager_approval".to_owned()]),
            "{act}"
        );
    }
    let manager = company.sign_in("smgr1").await;
    let done = company.decide(&manager, &company.get(&path).await.body, "manager_approval", "approve").await;
    assert_eq!(done.body["status"], "confirmed", "{}", done.text);
}
