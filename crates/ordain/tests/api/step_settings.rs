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

fn lane(id: &str, steps: Value) -> Value {
    json!({ "id": id, "name": { "zh": id, "en": id }, "steps": steps })
}

/// The shipped checks, with another consequence for one of them, and settings beside.
fn with_check(steps: &mut [Value], check: &str, rule: Value, beside: Value) {
    let kind = &mut steps[1]["kind"];
    let rules = kind["checks"].as_array_mut().unwrap();
    let at = rules.iter().position(|rule| rule["check"] == check).unwrap();
    rules[at] = with(json!({ "check": check, "on_fail": "continue" }), rule);
    *kind = with(kind.take(), beside);
}

fn priced(po: &str, price: &str) -> Value {
    let mut body = with(clean(po), json!({ "requested_date": "2026-12-10" }));
    body["lines"][0]["unit_price"] = json!(price);
    body
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_check_goes_its_own_way_first() {
    let company = company_of(|steps| {
        let odd = lane("odd", json!([step("odd_price", json!({}), review(json!({ "owns": ["price"] })))]));
        with_check(steps, "price", json!({ "on_fail": "branch" }), json!({ "on_branch": odd }));
    })
    .await;
    let sales = company.sign_in("sales1").await;
    let order = company.place(&priced("PO-1", "11.00")).await;
    assert_eq!(order["status"], "in_review");
    assert_eq!(super::company::open_nodes(&order), ["odd_price"]);
    let seen = company.decide(&sales, &order, "odd_price", "approve").await;
    assert_eq!((seen.status, &seen.body["status"]), (200, &json!("confirmed")), "{}", seen.text);
    let way = |order: &Value| {
        let route = order["route"].as_array().unwrap();
        route.iter().find(|step| step["node_id"] == "odd_price").unwrap()["state"].clone()
    };
    assert_eq!(way(&seen.body), "done");
    let clean = company.place(&priced("PO-2", "12.50")).await;
    assert_eq!((&clean["status"], way(&clean)), (&json!("confirmed"), json!("skipped")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_check_can_be_an_exception_that_its_cause_ends() {
    let company =
        company_of(|steps| with_check(steps, "price", json!({ "on_fail": "exception" }), json!({}))).await;
    let admin = company.sign_in("ops1").await;
    let order = company.place(&priced("PO-1", "11.00")).await;
    let raised = &company.get("/exceptions").await.body["items"][0];
    assert_eq!(
        (&raised["kind"], &raised["node_id"]),
        (&json!("checks_failed"), &json!("auto_check")),
        "{raised}"
    );
    assert_eq!(super::company::open_nodes(&order), ["auto_check"]);
    // Only what the check found has to be accepted; finance is not asked again for what is settled.
    let seen = company.decide(&admin, &order, "auto_check", "approve").await;
    assert_eq!((seen.status, &seen.body["status"]), (200, &json!("confirmed")), "{}", seen.text);
    assert_eq!(company.get("/exceptions").await.body["items"], json!([]));
    // Where the order comes right by itself, nobody has to say so.
    let order = company.place(&priced("PO-2", "11.00")).await;
    let price = json!([{ "product": "SKU-1", "price": "11.00", "customer": "C001" }]);
    let put = answer(company.by_token(Method::PUT, "/prices").json(&json!({ "items": price }))).await;
    assert_eq!(put.status, 200, "{}", put.text);
    let path = format!("/orders/{}", order["id"].as_str().unwrap());
    ordain_app::admin::recheck_open_tasks(&company.app, 1).await.unwrap();
    assert_eq!(company.get(&path).await.body["status"], "confirmed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flow_may_tolerate_other_prices_than_the_company() {
    let rule = json!({ "tolerance_permille": 100 });
    let company = company_of(|steps| with_check(steps, "price", rule, json!({}))).await;
    // One percent is the company's tolerance, ten the flow's.
    assert_eq!(company.place(&priced("PO-1", "11.25")).await["status"], "confirmed");
    let order = company.place(&priced("PO-2", "11.20")).await;
    assert_eq!(super::company::open_nodes(&order), ["finance_review"]);
    let sop = company.get("/flows/standard/versions/2/sop?lang=zh").await.text;
    assert!(sop.contains("价格容差 100‰"), "{sop}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_that_takes_too_long_goes_as_the_step_says() {
    use ordain_app::reconcile::fire_due_timers;
    let wait = |id: &str, beside: Value, more: Value| {
        let kind = json!({ "type": "delay", "for": { "field": { "field": "ready_on" } }, "max_minutes": 60 });
        step(id, beside, with(kind, more))
    };
    for (beside, more, stands) in [
        (json!({ "on_error": "ignore" }), json!({}), "confirmed"),
        (
            json!({}),
            json!({ "on_failure": lane("late", json!([step("chase", json!({}), review(json!({})))])) }),
            "chase",
        ),
        (json!({}), json!({}), "pause"),
    ] {
        let company = company_of(|steps| steps.insert(2, wait("pause", beside, more))).await;
        let order = placed(&company, "PO-1").await;
        company.app.clock.set_ms(monday() + 61 * 60_000);
        fire_due_timers(&company.app).await.unwrap();
        let order = company.get(&format!("/orders/{}", order["id"].as_str().unwrap())).await.body;
        let found = match super::company::open_nodes(&order).as_slice() {
            [] => order["status"].as_str().unwrap().to_owned(),
            nodes => nodes.join(" "),
        };
        assert_eq!(found, stands, "{}", order["tasks"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_setting_that_does_nothing_is_pointed_out() {
    let company = Company::open().await;
    let mut doc: Value = serde_json::from_str(include_str!("../../../../flows/standard.json")).unwrap();
    let steps = doc["steps"].as_array_mut().unwrap();
    with_check(steps, "price", json!({ "on_fail": "branch", "tolerance_permille": 501 }), json!({}));
    with_check(steps, "terms", json!({ "tolerance_permille": 5 }), json!({}));
    let idle = review(json!({ "without": ["transfer"], "order": ["transfer", "approve"],
        "labels": { "transfer": { "zh": "给别人", "en": "Give" } } }));
    steps.insert(2, step("look", json!({ "on_error": "ignore" }), idle));
    let draft = company.by_token(Method::PUT, "/flows/standard/draft").header("if-match", "\"0\"");
    let saved = answer(draft.json(&json!({ "doc": doc }))).await;
    assert_eq!(saved.status, 200, "{}", saved.text);
    let checked = company.post("/flows/standard/check", &json!({})).await;
    let problems = checked.body["problems"].as_array().unwrap().clone();
    let mut found: Vec<String> = problems
        .iter()
        .filter(|problem| problem["code"].as_str().unwrap() >= "F-110" || problem["code"] == "F-092")
        .map(|problem| format!("{} {}", problem["code"].as_str().unwrap(), problem["node"].as_str().unwrap()))
        .collect();
    found.sort();
    let twice = ["F-110 look", "F-110 look"];
    assert_eq!(
        found,
        [&["F-092 auto_check"][..], &twice, &["F-111 auto_check", "F-112 auto_check", "F-112 look"]].concat(),
        "{}",
        checked.text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_without_a_deadline_goes_by_the_companys_table() {
    let untimed = review(json!({ "deadline_minutes": null }));
    let step = step("look", json!({ "department": "sales" }), untimed);
    let company = company_of(|steps| steps.insert(2, step)).await;
    let order = placed(&company, "PO-1").await;
    assert!(task(&order, "look")["due_at"].is_null());
    let wrong = json!({ "items": [
        { "stage": "nowhere", "department": "ghosts", "minutes": 0 },
        { "minutes": 30, "remind_before_minutes": 31 }, { "minutes": 20 } ] });
    let refused = company.replace("/settings/sla", &wrong).await;
    let mut faults: Vec<String> = refused.body["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| format!("{} {}", fault["code"].as_str().unwrap(), fault["path"].as_str().unwrap()))
        .collect();
    faults.sort();
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert_eq!(
        faults,
        [
            "duplicate_code items[2]",
            "out_of_range items[0].minutes",
            "out_of_range items[1].remind_before_minutes",
            "unknown_department items[0].department",
            "unknown_stage items[0].stage",
        ]
    );
    let table = json!({ "items": [
        { "customer_level": "B", "minutes": 10 },
        { "stage": "review", "department": "sales", "customer_level": "A", "minutes": 120, "remind_before_minutes": 30 },
        { "minutes": 480 } ] });
    let put = company.replace("/settings/sla", &table).await;
    assert_eq!(put.status, 200, "{}", put.text);
    let shown = company.get("/settings/sla").await.body;
    assert_eq!((&shown["items"][1]["minutes"], &shown["items"][0]["stage"]), (&json!(120), &Value::Null));
    // Open tasks are due anew, and new ones at once; two hours from ten o'clock, lunch left out.
    ordain_app::admin::recheck_open_tasks(&company.app, 1).await.unwrap();
    let path = format!("/orders/{}", order["id"].as_str().unwrap());
    for order in [company.get(&path).await.body, placed(&company, "PO-2").await] {
        let look = task(&order, "look");
        let times = [&look["due_at"], &look["remind_at"]].map(|at| at.as_str().unwrap()[11..16].to_owned());
        assert_eq!(times, ["12:00", "11:30"], "{look}");
        assert!(task(&order, "look")["due_at"].as_str().unwrap().starts_with("2026-11-23"));
    }
    let checked = answer(company.by_token(Method::GET, "/flows/standard/draft")).await;
    assert_eq!(checked.status, 200, "{}", checked.text);
    let checked = company.post("/flows/standard/check", &json!({})).await.body;
    assert!(!checked.to_string().contains("F-040"), "{checked}");
}
