//! Settings of steps, each by what it does.

use super::company::{Company, Person, answer, clean, task};
use ordain_app::admin::AdminCommand;
use ordain_app::clock::Clock;
use ordain_domain::actor::Actor;
use reqwest::Method;
use serde_json::{Value, json};

pub fn monday() -> i64 {
    "2026-11-23T10:00:00+08:00".parse::<jiff::Timestamp>().unwrap().as_millisecond()
}

fn with(mut value: Value, settings: Value) -> Value {
    for (name, setting) in settings.as_object().unwrap() {
        value[name] = setting.clone();
    }
    value
}

/// A step with settings beside its kind.
pub fn step(id: &str, beside: Value, kind: Value) -> Value {
    let plain = json!({ "id": id, "name": { "zh": id, "en": id }, "stage": "review", "kind": kind });
    with(plain, beside)
}

/// A review by sales.
pub fn review(settings: Value) -> Value {
    let plain = json!({ "type": "review", "assignee": { "department": "sales" }, "deadline_minutes": 60,
        "backup": { "role": "sales_manager" }, "sop": { "zh": "看", "en": "Look" } });
    with(plain, settings)
}

/// The shipped flow, changed.
pub async fn company_of(change: impl FnOnce(&mut Vec<Value>)) -> Company {
    let company = Company::open_at(Clock::manual(monday())).await;
    let mut doc: Value = serde_json::from_str(include_str!("../../../../flows/standard.json")).unwrap();
    change(doc["steps"].as_array_mut().unwrap());
    let command = AdminCommand::PublishFlow { key: "standard".into(), doc: doc.to_string() };
    company.app.admin(1, Actor::system("test"), command).await.unwrap();
    company
}

pub async fn placed(company: &Company, po: &str) -> Value {
    company.place(&with(clean(po), json!({ "requested_date": "2026-12-10" }))).await
}

pub async fn act(company: &Company, person: &Person, task: &Value, act: &str, body: Value) -> (u16, Value) {
    let path = format!("/tasks/{}/{act}", task["id"].as_str().unwrap());
    let said = answer(company.as_person(person, Method::POST, &path).json(&body)).await;
    (said.status, said.body)
}

#[tokio::test(flavor = "multi_thread")]
async fn buttons_stand_in_their_order_under_their_names_and_ask_first() {
    let kind = review(json!({ "order": ["reject", "return"], "without": ["transfer"],
        "labels": { "approve": { "zh": "放行", "en": "Release" } },
        "confirm": { "reject": { "zh": "确定？", "en": "Sure?" } },
        "phrases": [{ "zh": "已核对", "en": "Checked" }] }));
    let beside = json!({ "description": { "zh": "先看一眼", "en": "A first look" },
        "customer_name": { "zh": "审核中", "en": "Under review" }, "tags": ["first"] });
    let company = company_of(|steps| steps.insert(2, step("look", beside, kind))).await;
    let order = placed(&company, "PO-1").await;
    let sales = company.sign_in("sales1").await;
    let asked = |query: &'static str| company.as_person(&sales, Method::GET, query);
    let listed = answer(asked("/tasks?queue=mine&tag=first")).await.body;
    let look = &listed["items"][0];
    assert_eq!(answer(asked("/tasks?queue=mine&tag=other")).await.body["items"], json!([]));
    let named = |name: &str| {
        let acts = look["actions"].as_array().unwrap();
        acts.iter().position(|act| act["name"] == name).map(|at| (at, acts[at].clone()))
    };
    let (reject, back, approve) =
        (named("reject").unwrap(), named("return").unwrap(), named("approve").unwrap());
    assert_eq!((reject.0, back.0, named("transfer")), (0, 1, None), "{look}");
    assert!(approve.0 > 1 && approve.1["label"]["en"] == "Release" && back.1["label"].is_null());
    assert_eq!(reject.1["confirm"]["zh"], "确定？");
    assert_eq!((&look["description"]["en"], &look["tags"]), (&json!("A first look"), &json!(["first"])));
    assert_eq!(look["phrases"], json!([{ "zh": "已核对", "en": "Checked" }]));
    // What is not offered is refused, whatever a page shows.
    let body = json!({ "to": "smgr1", "reason": "away" });
    let (status, said) = act(&company, &sales, &task(&order, "look"), "transfer", body).await;
    assert_eq!((status, &said["code"]), (409, &json!("not_offered")), "{said}");
    let way = order["route"].as_array().unwrap().iter().find(|step| step["node_id"] == "look").unwrap();
    assert_eq!(way["customer_name"]["en"], "Under review");
    let sop = company.get("/flows/standard/versions/2/sop?lang=zh").await.text;
    for said in ["先看一眼", "对客户显示为", "审核中", "按钮确认语", "拒绝：确定？", "常用意见"]
    {
        assert!(sop.contains(said), "{said} in {sop}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_is_asked_for_as_the_step_says() {
    for (rule, refusing, approving) in
        [("optional", 200, 200), ("on_refusal", 422, 200), ("always", 422, 422)]
    {
        let kind = review(json!({ "comment": rule }));
        let company = company_of(|steps| steps.insert(2, step("look", json!({}), kind))).await;
        let sales = company.sign_in("sales1").await;
        for (po, decision, status) in [("PO-1", "reject", refusing), ("PO-2", "approve", approving)] {
            let order = placed(&company, po).await;
            let body = json!({ "decision": decision });
            let (said, body) = act(&company, &sales, &task(&order, "look"), "decide", body).await;
            assert_eq!(said, status, "{rule} {decision}: {body}");
        }
    }
}
