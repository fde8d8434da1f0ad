//! Files on orders and signatures under decisions: what is taken, who gets them back, and that a step can ask for them.

use crate::company::{Company, Person, answer, clean, task};
use crate::step_settings::{act, company_of, placed, review, step};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ordain_app::audit::verify;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n";
/// A picture of one dot.
const PNG: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=";

fn file(name: &str, content: &[u8]) -> Value {
    json!({ "name": name, "content": BASE64_STANDARD.encode(content) })
}

async fn attach(company: &Company, person: &Person, order: &Value, body: &Value) -> (u16, Value) {
    let path = format!("/orders/{}/attachments", order["id"].as_str().unwrap());
    let said = answer(company.as_person(person, Method::POST, &path).json(body)).await;
    (said.status, said.body)
}

fn sound(company: &Company) {
    let report = verify(&company.app.store, 1, false, None, &mut |_| {}).unwrap();
    assert_eq!(report.first_problem, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn s070_a_file_is_kept_with_its_hash_and_fetched_only_to_be_saved() {
    let company = Company::open().await;
    let order = company.place(&clean("PO-1")).await;
    let sales = company.sign_in("sales1").await;
    let path = format!("/orders/{}/attachments", order["id"].as_str().unwrap());
    let once = || {
        let request = company.as_person(&sales, Method::POST, &path);
        answer(request.header("idempotency-key", "file-1").json(&file("合同 1.pdf", PDF)))
    };
    let (kept, again) = (once().await, once().await);
    assert_eq!((kept.status, again.replayed, &again.text), (200, true, &kept.text), "{}", kept.text);
    let listed = kept.body["attachments"].as_array().unwrap();
    let [found] = listed.as_slice() else { panic!("{listed:?}") };
    let hash = hex::encode(Sha256::digest(PDF));
    assert_eq!((&found["name"], &found["sha256"]), (&json!("合同 1.pdf"), &json!(hash)));
    assert_eq!((&found["size"], &found["media_type"]), (&json!(PDF.len()), &json!("application/pdf")));
    assert_eq!(found["by"]["login"], "sales1");
    let fetch = format!("{path}/{}", found["id"].as_str().unwrap());
    let got = company.as_person(&sales, Method::GET, &fetch).send().await.unwrap();
    let header = |name: &str| got.headers()[name].to_str().unwrap().to_owned();
    assert!(header("content-disposition").starts_with("attachment; filename*=UTF-8''%E5%90%88"));
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("content-security-policy").contains("sandbox"));
    assert_eq!(got.bytes().await.unwrap(), PDF);
    let story = company.get(&format!("/orders/{}/timeline", order["id"].as_str().unwrap())).await.text;
    assert!(story.contains("添加附件：合同 1.pdf"), "{story}");
    // Of another order, and without a right to read orders, there is nothing to fetch.
    let other = company.place(&clean("PO-2")).await;
    let elsewhere = fetch.replace(order["id"].as_str().unwrap(), other["id"].as_str().unwrap());
    assert_eq!(company.get(&elsewhere).await.status, 404);
    assert_eq!(answer(company.request(Method::GET, &fetch)).await.status, 401);
    sound(&company);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_not_what_it_says_is_named_and_nothing_is_kept() {
    let company = Company::open().await;
    let order = company.place(&clean("PO-1")).await;
    let sales = company.sign_in("sales1").await;
    let long = format!("{}.pdf", "x".repeat(200));
    for (body, code) in [
        (file("page.html", b"<script>alert(1)</script>"), "file_kind"),
        (file("picture.png", PDF), "file_content"),
        (file("empty.txt", b""), "missing"),
        (file("big.txt", &vec![b'a'; 5 * 1024 * 1024 + 1]), "file_too_large"),
        (file("../up.txt", b"x"), "bad_file_name"),
        (file(&long, PDF), "bad_file_name"),
        (json!({ "name": "a.txt", "content": "***" }), "not_base64"),
        (json!({ "name": "a.txt" }), "missing"),
        (json!({ "name": "a.txt", "content": "eA==", "about": "me" }), "invalid_value"),
    ] {
        let (status, said) = attach(&company, &sales, &order, &body).await;
        assert!(status == 422 && said.to_string().contains(code), "{code}: {status} {said}");
    }
    let kept = company.get(&format!("/orders/{}", order["id"].as_str().unwrap())).await.body;
    assert_eq!((&kept["attachments"], &kept["version"]), (&json!([]), &order["version"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_is_left_only_with_the_file_that_it_asks_for() {
    let kind = review(json!({ "attachment": "required" }));
    let company = company_of(|steps| steps.insert(2, step("look", json!({}), kind))).await;
    let order = placed(&company, "PO-1").await;
    let sales = company.sign_in("sales1").await;
    let look = task(&order, "look");
    assert_eq!(look["lacks_attachment"], json!(true));
    let approve = json!({ "decision": "approve" });
    let (status, said) = act(&company, &sales, &look, "decide", approve.clone()).await;
    assert_eq!((status, &said["code"]), (422, &json!("attachment_missing")), "{said}");
    // One on the order as a whole is no proof of the step, and nobody proves the work of others.
    let (status, _) = attach(&company, &sales, &order, &file("note.txt", b"seen")).await;
    assert_eq!(status, 200);
    assert_eq!(act(&company, &sales, &look, "decide", approve.clone()).await.0, 422);
    let mut proof = file("proof.pdf", PDF);
    proof["task"] = look["id"].clone();
    let stranger = company.sign_in("wh1").await;
    assert_eq!(attach(&company, &stranger, &order, &proof).await.0, 403);
    let (status, kept) = attach(&company, &sales, &order, &proof).await;
    assert_eq!((status, &kept["attachments"][1]["node_id"]), (200, &json!("look")), "{kept}");
    assert_eq!(act(&company, &sales, &look, "decide", approve).await.0, 200);
    let sop = company.get("/flows/standard/versions/2/sop?lang=zh").await.text;
    assert!(sop.contains("必须有附件"), "{sop}");
    sound(&company);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_is_signed_where_the_step_asks_for_it_and_the_signature_says_for_what() {
    let kind = review(json!({ "signature": "drawn" }));
    let company = company_of(|steps| steps.insert(2, step("look", json!({}), kind))).await;
    let order = placed(&company, "PO-1").await;
    let sales = company.sign_in("sales1").await;
    let look = task(&order, "look");
    assert_eq!(look["signature"], "drawn");
    let path = format!("/tasks/{}", look["id"].as_str().unwrap());
    let shown = answer(company.as_person(&sales, Method::GET, &path)).await.body;
    let batch = shown["actions"].as_array().unwrap().iter().find(|act| act["name"] == "batch").unwrap();
    assert_eq!(batch["reason_code"], "not_in_batch");
    let (status, said) = act(&company, &sales, &look, "decide", json!({ "decision": "approve" })).await;
    assert_eq!((status, &said["code"]), (422, &json!("signature_missing")), "{said}");
    let bad = json!({ "decision": "approve", "signature": BASE64_STANDARD.encode(PDF) });
    let (status, said) = act(&company, &sales, &look, "decide", bad).await;
    assert!(status == 422 && said.to_string().contains("bad_signature"), "{said}");
    let signed = json!({ "decision": "approve", "signature": PNG });
    let (status, done) = act(&company, &sales, &look, "decide", signed).await;
    assert_eq!(status, 200, "{done}");
    let of = &done["attachments"][0];
    assert_eq!(of["sha256"], json!(hex::encode(Sha256::digest(BASE64_STANDARD.decode(PNG).unwrap()))));
    assert_eq!((&of["signs"]["decision"], &of["signs"]["task_id"]), (&json!("approve"), &look["id"]));
    assert_eq!((&of["signs"]["revision"], of["signs"]["sha256"].as_str().unwrap().len()), (&json!(1), 64));
    sound(&company);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_recorded_for_the_customer_is_proved_by_a_file_where_the_step_asks_for_it() {
    let kind = json!({ "type": "customer_confirmation", "template": "customer_confirmation", "attachment": "required" });
    let company = company_of(|steps| steps.insert(2, step("ask", json!({}), kind))).await;
    let order = placed(&company, "PO-1").await;
    let sales = company.sign_in("sales1").await;
    let path = format!("/orders/{}/answer", order["id"].as_str().unwrap());
    let accepted = json!({ "accepted": true, "evidence": "by phone" });
    let record = || answer(company.as_person(&sales, Method::POST, &path).json(&accepted));
    assert_eq!(record().await.body["code"], "attachment_missing");
    let mut proof = file("reply.png", &BASE64_STANDARD.decode(PNG).unwrap());
    proof["about"] = json!("answer");
    let stranger = company.sign_in("wh1").await;
    assert_eq!(attach(&company, &stranger, &order, &proof).await.0, 403);
    assert_eq!(attach(&company, &sales, &order, &proof).await.0, 200);
    assert_eq!(record().await.status, 200);
    sound(&company);
}
